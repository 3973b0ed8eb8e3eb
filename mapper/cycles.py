"""Cycles: telling a vibrato from glides, steps and tremor by the turns that a dimension takes."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mapper.tracking import compiled
from mapper.vibrato import AXES, FASTEST_HZ, SLOWEST_HZ

Array = NDArray[np.float32]

CENTRE, SWING, CROSS = range(3)
N_FOLLOWED: Final = 3
"""States of one dimension: its slow part, its swing, and its swing a quarter cycle earlier."""
(
    PACE_HZ, WAY, EDGE, EDGE_S, TURN, SPAN, HALF_S, LAST_HALF_S, HALVES, PRESENCE,
) = range(len(AXES) * N_FOLLOWED, len(AXES) * N_FOLLOWED + 10)  # fmt: skip
"""Further states: the rate; which way the axis moves, the farthest it got on that way, and how long
ago; the last turn, the way between the last two, the time since the last turn until that farthest
point, and between the last two; plausible halves of a cycle in a row; and how far the vibrato is
there, 0-1."""
N_SWINGING: Final = len(AXES) * N_FOLLOWED + 10

SLOWER, FASTER = 0.6, 1.5
"""Bounds of a rate against the player's habit."""
SHORTEST_HALF, LONGEST_HALF = 0.35, 0.65
"""Of a cycle at the fastest and at the slowest rate; the halves of a cycle need not be alike."""
LEAST, MOST = 0.25, 3.0
"""Bounds of a swing against the player's habit."""
NOTCH: Final = 0.2
"""Of the last way between two turns: the axis has turned once it has come back so far."""
LEAST_NOTCH, MOST_NOTCH = 0.25, 0.4
"""Bounds of that against the habit."""
UNEVEN: Final = 3.0
"""The ways to and fro differ by no more than this factor, unless they grow from nothing."""
ENOUGH_HALVES: Final = 1.0
UNKNOWN: Final = -1.0
"""From a strike or a glide to the first turn is no half of a cycle."""
PATIENCE: Final = 0.85
"""Cycles after a turn in which the next must have been seen."""
FADE_IN_CYCLES: Final = 0.2
FADE_OUT_S: Final = 0.080
PACE_SHARE: Final = 0.4
"""Weight of the newest cycle in the rate."""


@compiled
def count(memory: Array, at: int, axis: float, extent: float, habit_hz: float, dt_s: float) -> None:
    """Count the plausible halves of a cycle in a row; a missing turn ends them."""
    memory[at + EDGE_S] += dt_s
    away = axis - memory[at + EDGE]
    notch = max(LEAST_NOTCH * extent, min(MOST_NOTCH * extent, NOTCH * memory[at + SPAN]))
    if memory[at + WAY] == 0.0 and abs(away) > notch:
        memory[at + WAY] = math.copysign(1.0, away)
    if away * memory[at + WAY] >= 0.0 and memory[at + WAY] != 0.0:
        memory[at + HALF_S] += memory[at + EDGE_S]
        memory[at + EDGE], memory[at + EDGE_S] = axis, 0.0
    elif abs(away) > notch:
        turn_back(memory, at, axis, extent, habit_hz)
    if memory[at + HALF_S] + memory[at + EDGE_S] > PATIENCE / memory[at + PACE_HZ]:
        memory[at + HALVES] = min(memory[at + HALVES], 0.0)


@compiled
def turn_back(memory: Array, at: int, axis: float, extent: float, habit_hz: float) -> None:
    """Take the farthest point for a turn, and judge the way that led to it."""
    span, half_s = abs(memory[at + EDGE] - memory[at + TURN]), memory[at + HALF_S]
    last_span = memory[at + SPAN]
    slowest_hz = max(SLOWEST_HZ, SLOWER * habit_hz)
    fastest_hz = min(FASTEST_HZ, FASTER * habit_hz)
    lasts = SHORTEST_HALF / fastest_hz <= half_s <= LONGEST_HALF / slowest_hz
    lasts = lasts and half_s + memory[at + LAST_HALF_S] >= 1.0 / fastest_hz
    reaches = 2.0 * LEAST * extent <= span <= 2.0 * MOST * extent
    even = span <= UNEVEN * max(last_span, extent) and last_span <= UNEVEN * span
    if lasts and reaches and even:
        memory[at + HALVES] += 1.0
        pace(memory, at, slowest_hz, fastest_hz)
    else:
        memory[at + HALVES] = UNKNOWN if span > 2.0 * MOST * extent else 0.0
    memory[at + SPAN] = span
    memory[at + TURN] = memory[at + EDGE]
    memory[at + WAY] = -memory[at + WAY]
    memory[at + LAST_HALF_S], memory[at + HALF_S] = half_s, memory[at + EDGE_S]
    memory[at + EDGE], memory[at + EDGE_S] = axis, 0.0


@compiled
def pace(memory: Array, at: int, slowest_hz: float, fastest_hz: float) -> None:
    """Learn the rate from a whole cycle, whose halves need not be alike."""
    if memory[at + HALVES] >= 2.0:
        newest_hz = 1.0 / (memory[at + HALF_S] + memory[at + LAST_HALF_S])
        newest_hz = max(slowest_hz, min(fastest_hz, newest_hz))
        memory[at + PACE_HZ] += PACE_SHARE * (newest_hz - memory[at + PACE_HZ])


@compiled
def fade(memory: Array, at: int, dt_s: float) -> None:
    """Fade in once there are cycles, and out when they stop."""
    presence = memory[at + PRESENCE]
    if memory[at + HALVES] >= ENOUGH_HALVES:
        presence += dt_s * memory[at + PACE_HZ] / FADE_IN_CYCLES
    else:
        presence -= dt_s / FADE_OUT_S
    memory[at + PRESENCE] = max(0.0, min(1.0, presence))
