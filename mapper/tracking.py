"""Tracking: a continuous curve through the values that a controller sends in steps and gaps."""

from collections.abc import Callable
from typing import Final, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

from mapper.stillness import FIRST_S

Array = NDArray[np.float32]
Kernel = TypeVar("Kernel", bound=Callable[..., object])

VALUE, TOLD, HELD, GAP_S, SINCE_S, LEFT_S = range(6)
"""States of one dimension: the curve now, the value last told, the same rid of noise, the time
between changes while the finger moves, the time since the last change, and the time left until
the curve lands."""
N_TRACK: Final = 6

USUAL_GAP_S: Final = 0.006
"""Time between messages until some have been heard."""
LONGEST_GAP_S: Final = 0.010
"""No curve lands later than this but on the smallest change."""
LANDING: Final = 0.75
"""Share of the gap in which a curve lands; the rest of it goes by until a control frame sees it."""
PAUSE_S: Final = 0.030
"""Values this far apart are no stream: a still finger sends nothing."""
GAP_SHARE: Final = 0.25
"""Weight of the newest gap."""
SMALL: Final = 2.2 / 127
"""A change this small is a slow finger's: its curve takes as long as the change kept waiting."""
SLOWEST_S: Final = 0.100
CENTRING_S: Final = 0.500
"""Time constant with which a held value goes to the middle of its noise."""


def compiled(function: Kernel) -> Kernel:
    """Compile a function for the audio thread: no exceptions, no allocation by itself.

    It becomes part of its caller, since numba counts references around calls between the two.
    """
    fast = {"reassoc", "contract", "nsz", "arcp"}
    compile_ = njit(error_model="numpy", cache=True, fastmath=fast, forceinline=True)
    return cast(Kernel, compile_(function))


@compiled
def begin(memory: Array, at: int, told: float) -> None:
    """Start a dimension's track, kept from `at` on, at the value that came with the strike."""
    memory[at + VALUE] = memory[at + TOLD] = memory[at + HELD] = told
    memory[at + GAP_S] = USUAL_GAP_S
    memory[at + SINCE_S] = PAUSE_S
    memory[at + LEFT_S] = 0.0


@compiled
def track(memory: Array, at: int, told: float, noise: float, age_s: float, dt_s: float) -> None:
    """Advance a dimension's track by one control frame.

    The curve is a straight line from where it is to the newest value, about as long as the
    controller takes between two values: a finger that moves evenly is heard to, less than half a
    gap later than its steps, and nothing overshoots.
    """
    memory[at + SINCE_S] += dt_s
    hold(memory, at, told, 0.0 if age_s < FIRST_S else noise, dt_s)
    if told != memory[at + TOLD]:
        since_s = memory[at + SINCE_S]
        if since_s < PAUSE_S:
            memory[at + GAP_S] += GAP_SHARE * (since_s - memory[at + GAP_S])
        gap_s = LANDING * min(memory[at + GAP_S], LONGEST_GAP_S)
        small = noise > 0.0 and abs(memory[at + HELD] - memory[at + VALUE]) < SMALL
        memory[at + LEFT_S] = min(max(since_s, gap_s), SLOWEST_S) if small else gap_s
        memory[at + TOLD], memory[at + SINCE_S] = told, 0.0
    left_s = memory[at + LEFT_S]
    if age_s < FIRST_S or left_s <= dt_s:
        memory[at + VALUE], memory[at + LEFT_S] = memory[at + HELD], 0.0
        return
    memory[at + VALUE] += (memory[at + HELD] - memory[at + VALUE]) * (dt_s / left_s)
    memory[at + LEFT_S] = left_s - dt_s


@compiled
def hold(memory: Array, at: int, told: float, noise: float, dt_s: float) -> None:
    """Let the held value be drawn along at a distance of `noise`, and centre itself in time.

    Near the ends of 0-1 the distance shrinks, so that they are reached.
    """
    if noise > 0.0:
        noise = max(min(noise, 0.5 * min(told, 1.0 - told)), 0.0)
    held = memory[at + HELD]
    held += (told - held) * min(dt_s / CENTRING_S, 1.0)
    memory[at + HELD] = max(told - noise, min(told + noise, held))
