"""The room: a feedback delay network (Jot & Chaigne 1991) of eight lines mixed by a Hadamard matrix."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from synth.engine.intrinsics import FAST
from synth.engine.layout import BLOCK_FRAMES, N_CHANNELS, ROOM_LINE_FRAMES, ROOM_LINES, Record

Array = NDArray[np.float32]

LENGTHS_S = np.array([0.0297, 0.0371, 0.0411, 0.0437, 0.0533, 0.0599, 0.0677, 0.0731])
"""Delays at size 1; no two share a common divisor worth hearing."""
SWITCH_BLOCKS = 6
"""Blocks over which the room fades out before its walls move."""
QUIET = np.float32(1e-9)
SILENT = np.float32(1e-20)
"""What the low-pass remembers below this is forgotten, before it becomes denormal."""
SEND_GAIN = np.float32(0.35)
MIX_SHARE = np.float32(0.05)
"""The mix covers this share of its way in each block, two thirds of it within 30 ms."""
HADAMARD_GAIN = np.float32(1.0 / np.sqrt(ROOM_LINES))


@njit(cache=True, error_model="numpy")
def build(room: Record, rate_hz: float) -> None:
    """Set delays and absorption from the room's size, decay and damping."""
    for line in range(ROOM_LINES):
        length = np.int32(LENGTHS_S[line] * room.size * rate_hz)
        room.lengths[line] = min(max(length, BLOCK_FRAMES + 1), ROOM_LINE_FRAMES - BLOCK_FRAMES)
        room.feedback[line] = 10.0 ** (-3.0 * room.lengths[line] / (rate_hz * room.decay_s))
    room.damping = np.float32(np.exp(-2.0 * np.pi * room.damping_hz / rate_hz))


@njit(cache=True, error_model="numpy")
def clear(room: Record) -> None:
    """Forget every sound in the room."""
    room.lines[:] = 0.0
    room.low_pass[:] = 0.0


@njit(cache=True, error_model="numpy")
def aim(room: Record, patch: Record) -> None:
    """Turn the room into the patch's: the mix glides, other changes fade the room out first."""
    room.mix_goal = patch.room_mix
    if (
        room.size != patch.room_size
        or room.decay_s != patch.room_decay_s
        or room.damping_hz != patch.room_damping_hz
    ):
        room.size, room.decay_s = patch.room_size, patch.room_decay_s
        room.damping_hz = patch.room_damping_hz
        room.switch_left = SWITCH_BLOCKS


@njit(cache=True, error_model="numpy", fastmath=FAST)
def _mix_lines(taps: Array) -> None:
    """Multiply the lines by an 8 x 8 Hadamard matrix in three butterfly passes."""
    span = 1
    while span < ROOM_LINES:
        for first in range(0, ROOM_LINES, 2 * span):
            for line in range(first, first + span):
                for frame in range(BLOCK_FRAMES):
                    a, b = taps[line, frame], taps[line + span, frame]
                    taps[line, frame], taps[line + span, frame] = a + b, a - b
        span *= 2


@njit(cache=True, error_model="numpy")
def _read(room: Record, line: int) -> np.float32:
    """Copy the line's next block into its tap, damped and decayed.

    Returns its loudest sample, or infinity when one is not finite: the low-pass remembers that.
    """
    at = (room.at - room.lengths[line]) % ROOM_LINE_FRAMES
    keep, memory = room.damping, room.low_pass[line]
    gain = room.feedback[line] * (np.float32(1) - keep)
    peak = np.float32(0)
    for frame in range(BLOCK_FRAMES):
        memory = keep * memory + gain * room.lines[line, (at + frame) % ROOM_LINE_FRAMES]
        room.taps[line, frame] = memory
        peak = max(peak, abs(memory))
    room.low_pass[line] = memory if abs(memory) > SILENT else np.float32(0)
    return peak if np.isfinite(memory) else np.float32(np.inf)


@njit(cache=True, error_model="numpy", fastmath=FAST)
def _write(room: Record, line: int, dry: Array) -> None:
    """Put what enters the line, mixed taps and fresh sound, into its delay."""
    channel = line % N_CHANNELS
    gain = SEND_GAIN if line % 4 < 2 else -SEND_GAIN
    first = room.at % ROOM_LINE_FRAMES
    store, tap = room.lines[line, first : first + BLOCK_FRAMES], room.taps[line]
    for frame in range(BLOCK_FRAMES):
        store[frame] = HADAMARD_GAIN * tap[frame] + gain * dry[channel, frame]


@njit(cache=True, error_model="numpy", fastmath=FAST)
def _add_wet(room: Record, out: Array, gain: np.float32, gain_step: np.float32) -> None:
    for line in range(ROOM_LINES):
        channel = line % N_CHANNELS
        sign = np.float32(1) if line % 4 < 2 else np.float32(-1)
        for frame in range(BLOCK_FRAMES):
            out[channel, frame] += (
                sign * (gain + gain_step * np.float32(frame)) * room.taps[line, frame]
            )


@njit(cache=True, error_model="numpy")
def _admit(dry: Array) -> np.float32:
    """Return the block's loudest sample; a block that is not finite becomes silence."""
    loudest = np.float32(0)
    for channel in range(N_CHANNELS):
        for frame in range(BLOCK_FRAMES):
            if not np.isfinite(dry[channel, frame]):
                dry[:] = 0.0
                return np.float32(0)
            loudest = max(loudest, abs(dry[channel, frame]))
    return loudest


@njit(cache=True, error_model="numpy")
def render(room: Record, dry: Array, out: Array, rate_hz: float) -> None:
    """Feed one block of `dry` to the room and add the room's answer to `out`.

    Both have shape (N_CHANNELS, BLOCK_FRAMES). A room that has died away costs next to nothing.
    Nothing that is not finite stays: such a block never enters, and should a sum grow too large
    inside, `out` gets it once, for the limiter to count, and the room is empty again.
    """
    loudest = _admit(dry)
    if loudest < QUIET and room.quiet_blocks > ROOM_LINE_FRAMES // BLOCK_FRAMES:
        room.gain = room.mix_goal
        if room.switch_left:
            clear(room)
            build(room, rate_hz)
            room.switch_left = 0
        return
    for line in range(ROOM_LINES):
        loudest = max(loudest, _read(room, line))
    room.quiet_blocks = room.quiet_blocks + 1 if loudest < QUIET else 0
    if room.switch_left:
        next_gain = room.gain * np.float32((room.switch_left - 1) / room.switch_left)
    else:
        next_gain = room.gain + (room.mix_goal - room.gain) * MIX_SHARE
    _add_wet(room, out, room.gain, (next_gain - room.gain) / np.float32(BLOCK_FRAMES))
    room.gain = next_gain
    if not np.isfinite(loudest):
        clear(room)
        return
    _mix_lines(room.taps)
    for line in range(ROOM_LINES):
        _write(room, line, dry)
    room.at = (room.at + BLOCK_FRAMES) % ROOM_LINE_FRAMES
    if room.switch_left:
        room.switch_left -= 1
        if room.switch_left == 0:
            clear(room)
            build(room, rate_hz)
