"""Faders: each zone's volume and four macros, which move smoothly to wherever they are put.

A fader takes `TRAVEL_S` to any place, at a steady speed: fast enough to follow a hand, slow enough
that no step clicks. The volume's fader stands at the square root of the gain, which spreads the
quiet end as a mixing desk does, so that silence is neither left nor reached with a jolt.
"""

import numpy as np
from numba import njit

from synth.engine.layout import BLOCK_FRAMES, LEVEL, N_FADERS, N_ZONES, Record
from synth.patch import N_MACROS

TRAVEL_S = 0.016
VOLUME = 0
FIRST_MACRO = 1


def reset(state: Record) -> None:
    """Put every volume at full and every macro at rest."""
    state["fader"][:, VOLUME] = state["fader_goal"][:, VOLUME] = 1.0
    state["zone_gain"][:] = 1.0


@njit(cache=True, error_model="numpy")
def _send(state: Record, zone: int, fader: int, value: np.float32) -> None:
    blocks = max(np.int32(TRAVEL_S * state.rate_hz / BLOCK_FRAMES), np.int32(1))
    state.fader_goal[zone, fader] = value
    state.fader_left[zone, fader] = blocks
    state.zone_moving[zone] = blocks + 1  # one more, in which the gain no longer changes


@njit(cache=True, error_model="numpy")
def send(state: Record, event: Record) -> None:
    """Let a LEVEL or MACRO event send its fader on its way, in its zone or with -1 in all."""
    value = min(max(event.press, np.float32(0)), np.float32(1))
    fader = VOLUME
    if event.kind == LEVEL:
        value = np.float32(np.sqrt(value))
    else:
        fader = FIRST_MACRO + event.touch % N_MACROS
    first, last = event.zone % N_ZONES, event.zone % N_ZONES + 1
    if event.zone < 0:
        first, last = 0, N_ZONES
    for zone in range(first, last):
        _send(state, zone, fader, value)


@njit(cache=True, error_model="numpy")
def _move(state: Record, zone: int) -> None:
    for fader in range(N_FADERS):
        left = state.fader_left[zone, fader]
        if left > 0:
            now = state.fader[zone, fader]
            state.fader[zone, fader] = now + (state.fader_goal[zone, fader] - now) / np.float32(
                left
            )
            state.fader_left[zone, fader] = left - 1
    state.zone_gain[zone, 0] = state.zone_gain[zone, 1]
    state.zone_gain[zone, 1] = state.fader[zone, VOLUME] * state.fader[zone, VOLUME]
    state.zone_moving[zone] -= 1


@njit(cache=True, error_model="numpy")
def advance(state: Record) -> None:
    """Move every fader that is under way by one block."""
    for zone in range(N_ZONES):
        if state.zone_moving[zone] > 0:
            _move(state, zone)
