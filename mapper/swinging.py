"""Swinging: a touch's own vibrato, followed as it happens and turned into the one asked for."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mapper.cycles import (
    CENTRE,
    CROSS,
    EDGE,
    HALVES,
    N_FOLLOWED,
    N_SWINGING,
    PACE_HZ,
    PRESENCE,
    SPAN,
    SWING,
    TURN,
    UNKNOWN,
    count,
    fade,
)
from mapper.features import AT, MEMORY_SIZE
from mapper.listening import GLIDE, HOLD, LEVEL_CURVE, PRESS, RATE_S, SLIDE, listen
from mapper.tracking import VALUE, compiled
from mapper.vibrato import (
    AMOUNT,
    AXES,
    AXIS,
    EXTENTS,
    GLIDE_AXIS,
    LEAST_EXTENT,
    PRESS_AXIS,
    RATE_HZ,
    SLIDE_AXIS,
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
WIDEST: Final = 1.5
"""Of the habit: no more than this of press and of slide is taken for a swing."""
WIDEST_OF_SPAN: Final = 0.75
"""The axis swings no wider than this share of the way between its last two turns."""
TINY: Final = 1e-9
N_AXES: Final = len(AXES)


@compiled
def watch(memory: Array, at: int, blob: Array, place: int, dt_s: float) -> None:
    """Follow a touch's tracked dimensions by one control frame, and whether its axis swings.

    Parameters
    ----------
    memory, at
        A voice's memory, all zero before the strike; these states begin at `at`.
    blob, place
        The settings begin at `place`.
    dt_s
        Time since the last control frame, 0 at the strike.
    """
    if not blob[place + AMOUNT] > 0.0:
        return
    axis = int(blob[place + AXIS])
    if dt_s <= 0.0 or memory[at + PACE_HZ] <= 0.0:
        begin(memory, at, axis, blob[place + RATE_HZ])
        return
    dt_s = min(dt_s, LONGEST_FRAME_S)
    turn = 2.0 * math.pi * memory[at + PACE_HZ] * dt_s
    for i in range(N_AXES):
        extent = blob[place + EXTENTS + i]
        if extent < LEAST_EXTENT:
            continue
        leapt = swing_on(memory, at + N_FOLLOWED * i, memory[track_at(i)], LEAP * extent, turn)
        if leapt and i == axis:
            memory[at + HALVES] = UNKNOWN
    extent, value = blob[place + EXTENTS + axis], memory[track_at(axis)]
    count(memory, at, value, extent, blob[place + RATE_HZ], dt_s)
    fade(memory, at, dt_s)


@compiled
def track_at(axis: int) -> int:
    """Tell where in a memory the curve of an axis is."""
    if axis == GLIDE_AXIS:
        return GLIDE + VALUE
    return PRESS + VALUE if axis == PRESS_AXIS else SLIDE + VALUE


@compiled
def begin(memory: Array, at: int, axis: int, rate_hz: float) -> None:
    """Set the states of a touch that has just struck."""
    for i in range(N_SWINGING):
        memory[at + i] = 0.0
    for i in range(N_AXES):
        memory[at + N_FOLLOWED * i + CENTRE] = memory[track_at(i)]
    memory[at + EDGE] = memory[at + TURN] = memory[track_at(axis)]
    memory[at + PACE_HZ] = rate_hz
    memory[at + HALVES] = UNKNOWN


@compiled
def swing_on(memory: Array, at: int, value: float, leap: float, turn: float) -> bool:
    """Let the followed states of one dimension go on by `turn` radians; return whether it leapt.

    What is farther from the expected than `leap` is no vibrato, and moves the slow part alone.
    """
    if not abs(value) < FARTHEST:
        return True
    cosine, sine = math.cos(turn), math.sin(turn)
    swing, cross = memory[at + SWING], memory[at + CROSS]
    memory[at + SWING] = swing * cosine - cross * sine
    memory[at + CROSS] = swing * sine + cross * cosine
    error = value - memory[at + CENTRE] - memory[at + SWING]
    if abs(error) > leap:
        memory[at + CENTRE] += error
        return True
    memory[at + CENTRE] += TO_CENTRE * turn * error
    memory[at + SWING] += TO_SWING * turn * error
    memory[at + CROSS] += TO_SWING * turn * 0.5 * turn * error
    return False


@compiled
def reach_share(memory: Array, at: int, widest: float) -> float:
    """Tell the share of a dimension's swing that is no wider than may be."""
    swing, cross = memory[at + SWING], memory[at + CROSS]
    return min(1.0, widest / max(math.sqrt(swing * swing + cross * cross), TINY))


@compiled
def calm(memory: Array, at: int, blob: Array, place: int, features: Array) -> None:
    """Take the swing out of the features, as far as the vibrato is there: it has its own answer."""
    presence = memory[at + PRESENCE] * blob[place + AMOUNT]
    if not presence > 0.0:
        return
    of = at + N_FOLLOWED * PRESS_AXIS
    share = presence * reach_share(memory, of, WIDEST * blob[place + EXTENTS + PRESS_AXIS])
    calm_press(memory, at, share * memory[of + SWING], share * memory[of + CROSS], features)
    of = at + N_FOLLOWED * SLIDE_AXIS
    share = presence * reach_share(memory, of, WIDEST * blob[place + EXTENTS + SLIDE_AXIS])
    features[AT.slide] = max(0.0, min(1.0, features[AT.slide] - share * memory[of + SWING]))
    features[AT.vibrato_semitones] *= 1.0 - presence
    features[AT.vibrato_depth_semitones] *= 1.0 - presence


@compiled
def calm_press(memory: Array, at: int, swing: float, cross: float, features: Array) -> None:
    """Take the swing of press out of all that is made of press."""
    press = max(0.0, min(1.0, features[AT.press] - swing))
    effort = min(press + memory[HOLD], 1.0)
    features[AT.press] = press
    features[AT.effort] = effort
    features[AT.level] = math.log1p(LEVEL_CURVE * effort) / math.log1p(LEVEL_CURVE)
    lag = 2.0 * math.pi * memory[at + PACE_HZ] * RATE_S
    before = (swing + lag * cross) / (1.0 + lag * lag)
    features[AT.press_rate] -= (swing - before) / RATE_S


@compiled
def vibrate(memory: Array, at: int, blob: Array, place: int, trajectory: Array) -> None:
    """Add the vibrato asked for to a trajectory, and take the player's own off its pitch.

    The pitch, the last column, thus leaves the player's slow glide as it is; where no cycles are
    there nothing is added.
    """
    share = memory[at + PRESENCE] * blob[place + AMOUNT]
    if not share > 0.0:
        return
    axis = int(blob[place + AXIS])
    of = at + N_FOLLOWED * axis
    share *= reach_share(memory, of, WIDEST_OF_SPAN * memory[at + SPAN])
    per_extent = share / blob[place + EXTENTS + axis]
    swing, cross = per_extent * memory[of + SWING], per_extent * memory[of + CROSS]
    reach = math.sqrt(swing * swing + cross * cross)
    n_outputs, rows = len(trajectory), place + SWINGS
    for j in range(n_outputs):
        trajectory[j] += (
            swing * blob[rows + j]
            + cross * blob[rows + n_outputs + j]
            + reach * blob[rows + 2 * n_outputs + j]
        )
    own = at + N_FOLLOWED * GLIDE_AXIS
    if axis != GLIDE_AXIS:
        share = memory[at + PRESENCE] * blob[place + AMOUNT]
        share *= reach_share(memory, own, WIDEST * blob[place + EXTENTS + GLIDE_AXIS])
    trajectory[n_outputs - 1] -= 100.0 * share * memory[own + SWING]


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
