"""The callback: the one compiled function that PortAudio calls, and the block that it renders."""

import sys
from typing import Any

import numpy as np
from numba import carray, cfunc, njit, types
from numpy.typing import NDArray

from synth.controls import N_NOISE_BANDS, N_TRANSIENT_BANDS
from synth.engine import clock as clocks
from synth.engine import (
    faders,
    frames,
    limiter,
    meters,
    noise,
    overload,
    partials,
    room,
    transients,
    voices,
)
from synth.engine.intrinsics import (
    as_pointer,
    call_render,
    flush_denormals,
    load_acquire,
    monotonic_ns,
    restore_mode,
    store_release,
)
from synth.engine.layout import (
    BLOCK_FRAMES,
    CLOCK,
    EVENT,
    FADING,
    FREE,
    N_CHANNELS,
    N_PATCHES,
    N_SLOTS,
    PATCH,
    RING_EVENTS,
    ROOM,
    STATE,
    TELEMETRY,
    VOICE,
    Record,
    Records,
)

Array = NDArray[np.float32]

N_WEIGHTING = partials.WEIGHTING_NOTES * partials.WEIGHTING_STEPS_PER_NOTE
UNDERFLOW = 4
"""PortAudio's status flag for a gap in the output."""


@njit(cache=True, error_model="numpy")
def drain(state: Records, ring: Records, slots: Records, patches: Records, hall: Records) -> None:
    """Let every event that falls into this block act, in order.

    An event that comes late acts at the block's start, and so does one that is further ahead than
    any can be: it was placed while the device stood still.
    """
    begin_frame = state[0].frame
    last_frame = begin_frame + state[0].max_ahead_frames
    head = load_acquire(state[0].head, 0)
    tail = state[0].tail[0]
    while tail < head:
        event = ring[tail % RING_EVENTS]
        if event.frame < begin_frame or event.frame > last_frame:
            state[0].late_events += event.frame > 0  # 0 means at once
            event.frame = begin_frame
        if event.frame >= begin_frame + BLOCK_FRAMES:
            break
        voices.apply(state[0], slots, patches, hall[0], event)
        tail += 1
    store_release(state[0].tail, 0, tail)


@njit(cache=True, error_model="numpy")
def _segment(voice: Record, atoms: Array, out: Array) -> None:
    """Render a stretch of one voice that holds no control frame."""
    if len(out):
        partials.render(voice, out)
        transients.render(voice, atoms, out)
        noise.advance(voice, len(out))


@njit(cache=True, error_model="numpy")
def _fade_at(voice: Record) -> np.float32:
    if voice.status != FADING:
        return np.float32(1)
    return np.float32(voice.fade_left) / np.float32(voices.FADE_FRAMES)


@njit(cache=True, error_model="numpy")
def _mix(voice: Record, sound: Array, dry: Array, gains: Array) -> np.float32:
    """Add one block of a voice to the stereo mix, fading it if it must go; return its last gain.

    `gains` is its zone's volume at the block's start and end.
    """
    fade = _fade_at(voice)
    step = np.float32(0)
    if voice.status == FADING:
        step = np.float32(-1.0 / voices.FADE_FRAMES)
        voice.fade_left -= BLOCK_FRAMES
    left, right = voice.pan_left, voice.pan_right
    gain, gain_step = gains[0], (gains[1] - gains[0]) / np.float32(BLOCK_FRAMES)
    for frame in range(BLOCK_FRAMES):
        along = np.float32(frame + 1)
        y = sound[frame] * (fade + step * along) * (gain + gain_step * along)
        dry[0, frame] += left * y
        dry[1, frame] += right * y
    if voice.status == FADING and voice.fade_left <= 0:
        voice.status = FREE
        voice.touch = -1
    return (fade + step * np.float32(BLOCK_FRAMES)) * gains[1]


@njit(cache=True, error_model="numpy")
def _voice_block(
    state: Record, voice: Record, patch: Record, controls: Array, weighting: Array, atoms: Array
) -> None:
    """Render one voice's block around its control frame, if `controls` holds one."""
    sound = state.voice_out
    sound[:] = 0.0
    if len(controls):
        offset = voice.next_frame - state.frame
        if voice.next_frame > voice.start_frame:
            _segment(voice, atoms, sound[:offset])
        frames.set_ramps(state, voice, patch, controls, weighting)
        _segment(voice, atoms, sound[offset:])
    else:
        _segment(voice, atoms, sound)
    gain = _mix(voice, sound, state.dry, state.zone_gain[voice.zone])
    if voice.start_frame < state.frame:  # a struck block's gain ramp would sound before the strike
        noise.add_power(voice, gain, state.noise_power)


@njit(cache=True, error_model="numpy")
def render_voices(
    state: Record, slots: Records, patches: Records, decoder: Array, weighting: Array, atoms: Array
) -> None:
    """Give the due voices their control frames and sound every voice into `state.dry`."""
    n_due = frames.find_due(state, slots, state.frame + BLOCK_FRAMES)
    frames.trajectories(state, slots, patches, n_due)
    frames.decode_due(state, slots, patches, decoder, n_due)
    state.dry[:] = 0.0
    state.noise_power[:] = 0.0
    i = 0
    for slot in range(N_SLOTS):
        due = i < n_due and state.due[i] == slot
        voice = slots[slot]
        if voice.status != FREE:
            controls = state.inputs[i] if due else state.inputs[i, :0]
            _voice_block(state, voice, patches[voice.patch], controls, weighting, atoms)
        i += due


@njit(cache=True, error_model="numpy")
def render_block(state_array: Records, out: Array) -> None:
    """Render the next block into `out`, shape (N_CHANNELS, BLOCK_FRAMES)."""
    state = state_array[0]
    ring = carray(as_pointer(state.ring), (RING_EVENTS,), EVENT)
    slots = carray(as_pointer(state.voices), (N_SLOTS,), VOICE)
    patches = carray(as_pointer(state.patches), (N_PATCHES,), PATCH)
    hall = carray(as_pointer(state.room), (1,), ROOM)
    decoder = carray(as_pointer(state.decoder), (state.n_decoder,), np.float32)
    weighting = carray(as_pointer(state.weighting), (N_WEIGHTING,), np.float32)
    loops = carray(as_pointer(state.noise_loops), (N_NOISE_BANDS, state.n_noise_loop), np.float32)
    atoms = carray(as_pointer(state.atoms), (N_TRANSIENT_BANDS, transients.ATOM_FRAMES), np.float32)
    drain(state_array, ring, slots, patches, hall)
    faders.advance(state)
    render_voices(state, slots, patches, decoder, weighting, atoms)
    noise.render(state, loops, state.dry)
    for channel in range(N_CHANNELS):
        for frame in range(BLOCK_FRAMES):
            out[channel, frame] = state.dry[channel, frame]
    room.render(hall[0], state.dry, out, state.rate_hz)
    peak = limiter.limit(state, out)
    state.previous_peak = max(peak, state.previous_peak)
    state.frame += BLOCK_FRAMES


@njit(cache=True, error_model="numpy")
def _interleave(block: Array, out: Array, left: int, right: int) -> None:
    for frame in range(BLOCK_FRAMES):
        out[frame, left] = block[0, frame]
        out[frame, right] = block[1, frame]


@cfunc(types.void(types.voidptr, types.voidptr, types.int64), cache=True, error_model="numpy")
def render_frames(root: Any, output: Any, n_frames: int) -> None:
    """Render interleaved frames into `output`, float32, laid out as the state at `root` says.

    Frames beyond the last whole block and all other channels are left silent. Live and offline call
    it by its address: one machine code makes both, so their samples cannot differ.
    """
    mode = flush_denormals()
    state = carray(root, (1,), STATE)
    out = carray(output, (n_frames, state[0].out_channels), np.float32)
    out[:] = 0.0
    block = carray(as_pointer(state[0].block), (N_CHANNELS, BLOCK_FRAMES), np.float32)
    left, right = state[0].out_left, state[0].out_right
    for first in range(0, n_frames - BLOCK_FRAMES + 1, BLOCK_FRAMES):
        render_block(state, block)
        _interleave(block, out[first : first + BLOCK_FRAMES], left, right)
    restore_mode(mode)


@njit(cache=True, error_model="numpy")
def publish(state: Records, time_ns: int) -> None:
    """Write the telemetry."""
    view = carray(as_pointer(state[0].telemetry), (1,), TELEMETRY)
    slots = carray(as_pointer(state[0].voices), (N_SLOTS,), VOICE)
    clock = carray(as_pointer(state[0].clock), (1,), CLOCK)
    meters.publish(view, state[0], slots, clock[0], time_ns)


_c_ulong: Any = types.uint32 if sys.platform == "win32" else types.uint64


@cfunc(
    types.int32(types.voidptr, types.voidptr, _c_ulong, types.voidptr, _c_ulong, types.voidptr),
    cache=True,
    error_model="numpy",
)
def callback(_input: Any, output: Any, n_frames: int, times: Any, flags: int, root: Any) -> int:
    """Fill one device buffer of n_frames; `root` is the state. Audio thread, real-time safe."""
    state = carray(root, (1,), STATE)
    began_ns = monotonic_ns(state[0].clock_address, state[0].clock_id)
    clock = carray(as_pointer(state[0].clock), (1,), CLOCK)
    host_time = carray(times, (3,), np.float64)[1]
    clocks.update(clock, began_ns, host_time, state[0].frame)
    state[0].max_ahead_frames = 4 * clock[0].lead_frames
    if flags & UNDERFLOW:
        meters.count_gap(state[0], host_time)
    call_render(state[0].render_address, root, output, n_frames)
    ended_ns = monotonic_ns(state[0].clock_address, state[0].clock_id)
    load = meters.measure(state[0], ended_ns - began_ns, n_frames)
    slots = carray(as_pointer(state[0].voices), (N_SLOTS,), VOICE)
    overload.watch(state[0], slots, load, n_frames)
    publish(state, ended_ns)
    return 0
