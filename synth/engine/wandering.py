"""Wandering: macros that move slowly by themselves while a touch lasts, each touch its own way.

Where a touch goes is told by its strike, its key and its age alone, so a replay goes there too.
"""

import numpy as np
from numba import njit

from synth.engine.layout import Record
from synth.patch import N_MACROS

SWINGS = 2
WANDER_HZ = np.array([[0.11, 0.19], [0.07, 0.23], [0.13, 0.17], [0.05, 0.29]])
"""Rates at which each macro swings; no two have a common period that a held note lasts for."""
RISE_S = 1.0
"""A touch begins where its mapping says and takes about so long to leave."""
PER_KEY = 0.6180339887
PER_STRIKE = 7.548776662
"""Turns by which neighbouring keys, and strikes, set out apart."""
assert WANDER_HZ.shape == (N_MACROS, SWINGS)


@njit(cache=True, error_model="numpy")
def set_out(voice: Record) -> None:
    """Choose the way of a voice that has just struck, in turns."""
    voice.way = np.float32((voice.note * PER_KEY + voice.strike * PER_STRIKE) % 1.0)


@njit(cache=True, error_model="numpy")
def wandered(way: float, macro: int, age_s: float) -> np.float32:
    """Tell where one macro of a touch has wandered to by an age, -1 to 1."""
    place = 0.0
    for swing in range(SWINGS):
        turns = WANDER_HZ[macro, swing] * age_s + way * (SWINGS * macro + swing + 1)
        place += np.sin(2.0 * np.pi * turns) / SWINGS
    return np.float32(place * (1.0 - np.exp(-age_s / RISE_S)))
