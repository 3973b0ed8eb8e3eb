"""Swinging: a touch's own vibrato, followed as it happens and turned into the one asked for."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mapper.cycles import (
    CENTRE,
    EDGE,
    HALVES,
    N_SWINGING,
    PACE_HZ,
    PRESENCE,
    PRESS_CENTRE,
    PRESS_CROSS,
    PRESS_SWING,
    SPAN,
    SWING,
    TURN,
    UNKNOWN,
    count,
    fade,
)
from mapper.features import AT, MEMORY_SIZE
from mapper.listening import GLIDE, HOLD, LEVEL_CURVE, PRESS, RATE_S, listen
from mapper.tracking import VALUE, compiled
from mapper.vibrato import (
    AMOUNT,
    AXIS,
    EXTENT,
    PRESS_AXIS,
    RATE_HZ,
    SWINGS,
    Vibrato,
)

Array = NDArray[np.float32]

LEAP: Final = 1.2
"""Of the habit: further from where it was expected, the axis glides."""
LONGEST_FRAME_S: Final = 0.010
FARTHEST: Final = 1_000.0
"""No dimension is this far from zero; what is not a number is neither."""
TO_CENTRE: Final = 3.0**-1.5
TO_SWING: Final = 3.0**0.5 - 3.0**-1.5
"""Shares of an error that correct slow part and swing, each radian: all three poles fall on
-omega / sqrt(3), and an even glide, however fast, leaves the swing at zero; the swing's correction
acts from half a frame ago."""
WIDEST: Final = 0.75
"""A swing is no larger than this share of the last way between two turns."""


@compiled
def watch(memory: Array, at: int, blob: Array, place: int, dt_s: float) -> None:
    """Follow a touch's tracked glide and press by one control frame, and whether they swing.

    Parameters
    ----------
    memory, at
        A voice's memory, all zero before the strike; these states begin at `at`.
    blob, place
        The settings begin at `place`.
    dt_s
        Time since the last control frame, 0 at the strike.
    """
    glide, press = memory[GLIDE + VALUE], memory[PRESS + VALUE]
    if not (abs(glide) < FARTHEST and abs(press) < FARTHEST and blob[place + AMOUNT] > 0.0):
        return
    on_press = blob[place + AXIS] == PRESS_AXIS
    axis = press if on_press else glide
    if dt_s <= 0.0 or memory[at + PACE_HZ] <= 0.0:
        begin(memory, at, blob[place + RATE_HZ], axis)
        return
    dt_s = min(dt_s, LONGEST_FRAME_S)
    extent = blob[place + EXTENT]
    turn = 2.0 * math.pi * memory[at + PACE_HZ] * dt_s
    glide_leap = FARTHEST if on_press else LEAP * extent
    press_leap = LEAP * extent if on_press else FARTHEST
    glided = swing_on(memory, at + CENTRE, glide, glide_leap, turn)
    pressed = swing_on(memory, at + PRESS_CENTRE, press, press_leap, turn)
    if glided or pressed:
        memory[at + HALVES] = UNKNOWN
    count(memory, at, axis, extent, blob[place + RATE_HZ], dt_s)
    fade(memory, at, dt_s)


@compiled
def begin(memory: Array, at: int, rate_hz: float, axis: float) -> None:
    """Set the states of a touch that has just struck."""
    for i in range(N_SWINGING):
        memory[at + i] = 0.0
    memory[at + CENTRE], memory[at + PRESS_CENTRE] = memory[GLIDE + VALUE], memory[PRESS + VALUE]
    memory[at + EDGE] = memory[at + TURN] = axis
    memory[at + PACE_HZ] = rate_hz
    memory[at + HALVES] = UNKNOWN


@compiled
def swing_on(memory: Array, at: int, value: float, leap: float, turn: float) -> bool:
    """Let slow part and swing of one dimension go on by `turn` radians; return whether it leapt.

    What is farther from the expected than `leap` is a glide, and moves the slow part alone.
    """
    cosine, sine = math.cos(turn), math.sin(turn)
    swing, cross = memory[at + 1], memory[at + 2]
    memory[at + 1] = swing * cosine - cross * sine
    memory[at + 2] = swing * sine + cross * cosine
    error = value - memory[at] - memory[at + 1]
    if abs(error) > leap:
        memory[at] += error
        return True
    memory[at] += TO_CENTRE * turn * error
    memory[at + 1] += TO_SWING * turn * error
    memory[at + 2] += TO_SWING * turn * 0.5 * turn * error
    return False


@compiled
def calm(memory: Array, at: int, blob: Array, place: int, features: Array) -> None:
    """Take the swing out of the features, as far as the vibrato is there: it has its own answer."""
    presence = memory[at + PRESENCE] * blob[place + AMOUNT]
    if not presence > 0.0:
        return
    wobble = presence * memory[at + PRESS_SWING]
    cross = presence * memory[at + PRESS_CROSS]
    press = max(0.0, min(1.0, features[AT.press] - wobble))
    effort = min(press + memory[HOLD], 1.0)
    features[AT.press] = press
    features[AT.effort] = effort
    features[AT.level] = math.log1p(LEVEL_CURVE * effort) / math.log1p(LEVEL_CURVE)
    lag = 2.0 * math.pi * memory[at + PACE_HZ] * RATE_S
    before = (wobble + lag * cross) / (1.0 + lag * lag)
    features[AT.press_rate] -= (wobble - before) / RATE_S
    features[AT.vibrato_semitones] *= 1.0 - presence
    features[AT.vibrato_depth_semitones] *= 1.0 - presence


@compiled
def vibrate(memory: Array, at: int, blob: Array, place: int, trajectory: Array) -> None:
    """Add the vibrato asked for to a trajectory, and take the player's own off its pitch.

    The pitch, the last column, thus leaves the player's slow glide as it is; where no cycles are
    there nothing is added.
    """
    share = memory[at + PRESENCE] * blob[place + AMOUNT]
    if not share > 0.0:
        return
    first = at + (PRESS_CENTRE if blob[place + AXIS] == PRESS_AXIS else CENTRE)
    swing, cross = memory[first + 1], memory[first + 2]
    reach = math.sqrt(swing * swing + cross * cross)
    widest = WIDEST * memory[at + SPAN]
    share *= min(1.0, widest / max(reach, 1e-9))
    n_outputs = len(trajectory)
    rows = place + SWINGS
    per_extent = share / blob[place + EXTENT]
    swing, cross, reach = per_extent * swing, per_extent * cross, per_extent * reach
    for j in range(n_outputs):
        trajectory[j] += (
            swing * blob[rows + j]
            + cross * blob[rows + n_outputs + j]
            + reach * blob[rows + 2 * n_outputs + j]
        )
    if first == at + CENTRE:
        trajectory[n_outputs - 1] -= 100.0 * share * memory[at + SWING]


@compiled
def _follow(touches: Array, memory: Array, blob: Array, states: Array, added: Array) -> None:
    for frame in range(len(touches)):
        listen(touches[frame], memory, 1.0)
        watch(memory, MEMORY_SIZE, blob, 0, touches[frame, 8])
        states[frame] = memory[MEMORY_SIZE:]
        vibrate(memory, MEMORY_SIZE, blob, 0, added[frame])


def gesture_vibrato(touches: NDArray[np.floating], vibrato: Vibrato) -> tuple[Array, Array]:
    """Follow a whole gesture with the kernels that play it.

    Parameters
    ----------
    touches
        Touch rows at successive control frames, shape (n_frames, len(TOUCH_FIELDS)).

    Returns
    -------
    tuple
        The states, shape (n_frames, N_SWINGING), and what the vibrato adds to the trajectory, shape
        (n_frames, n_outputs).
    """
    rows = np.ascontiguousarray(touches, np.float32)
    states = np.zeros((len(rows), N_SWINGING), np.float32)
    added = np.zeros((len(rows), vibrato.swings.shape[1]), np.float32)
    memory = np.zeros(MEMORY_SIZE + N_SWINGING, np.float32)
    _follow(rows, memory, vibrato.packed(), states, added)
    return states, added
