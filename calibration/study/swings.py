"""Swings: whether the vibrato that sounds is at the player's rate and of the wished extent."""

from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.simulation.case import Case
from calibration.simulation.intention import Intention, intend
from calibration.simulation.lesson import TARGET_RATE_HZ, Played
from calibration.targets.vibrato import Oscillation, find_vibrato
from mapper.features import TOUCH_FIELDS
from mapper.mapping import PITCH_OFFSET

Array = NDArray[np.float64]

N_VIBRATOS: Final = 6
N_HOLDS: Final = 6
LEAST_CENTS: Final = 8.0
"""A smaller swing is not heard as a vibrato."""
STREAM: Final = 11
AGE: Final = TOUCH_FIELDS.index("age_s")


class Swings(NamedTuple):
    """Of one hand: errors of each vibrato played, and what steady holds were taken for.

    A vibrato that was not heard at all counts as an extent error of 1 and no rate or onset.
    """

    rate_errors_hz: list[float]
    extent_errors: list[float]
    onset_errors_s: list[float]
    false_vibratos: list[bool]


def swings(case: Case, played: Played) -> Swings:
    """Let the player swing and hold on keys and at levels of their own."""
    rng = np.random.default_rng([case.seed, STREAM])
    player = case.player("trials")
    found = Swings([], [], [], [])
    for _ in range(N_VIBRATOS):
        meant, touches = player.perform(intend(rng, "vibrato", case.note(rng)))
        _compare(found, case, meant, pitch_cents(touches, played))
    levels = tuple(rng.uniform(0.2, 0.9, N_HOLDS))
    found.false_vibratos.extend(
        _vibrato(pitch_cents(touches, played)) is not None for touches in player.holds(levels)
    )
    return found


def pitch_cents(touches: Array, played: Played) -> Array:
    """Sample the pitch that sounds until the lift, at `TARGET_RATE_HZ`."""
    lifted_s = float(touches[touches[:, TOUCH_FIELDS.index("since_lift_s")] < 0.0][-1, AGE])
    times_s = np.arange(0.0, lifted_s, 1.0 / TARGET_RATE_HZ)
    return np.interp(times_s, touches[:, AGE], played(touches)[:, PITCH_OFFSET])


def _vibrato(curve_cents: Array) -> Oscillation | None:
    return find_vibrato(curve_cents, TARGET_RATE_HZ, LEAST_CENTS)


def _compare(found: Swings, case: Case, meant: Intention, heard_cents: Array) -> None:
    wished = _vibrato(case.world.pitch_cents(meant)[: len(heard_cents)])
    heard = _vibrato(heard_cents)
    if wished is None:
        return
    found.extent_errors.append(1.0 if heard is None else abs(heard.extent / wished.extent - 1.0))
    if heard is not None:
        found.rate_errors_hz.append(abs(heard.rate_hz - wished.rate_hz))
        found.onset_errors_s.append(abs(heard.onset_s - wished.onset_s))


def together(hands: Iterable[Swings]) -> Swings:
    """Put the swings of several hands together."""
    lists = [[x for one in same for x in one] for same in zip(*hands, strict=True)]
    return Swings(*lists)
