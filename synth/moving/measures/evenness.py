"""Evenness: whether the way between two sounds is walked in equal steps, and straight on."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from synth.moving.measures.hearing import heard, mel_levels_db
from synth.moving.mixture import Mixer, between
from synth.moving.walk import Walk
from synth.space import Space

Array = NDArray[np.float64]

N_STEPS: Final = 20
NOTE: Final = 60.0
LENGTH_S: Final = 1.0


class Evenness(NamedTuple):
    """What was measured of the ways between pairs, each of shape (n_pairs,).

    Attributes
    ----------
    largest_step
        The largest step over the mean step.
    path
        The sum of all steps over the distance of the ends.
    chord_db
        The distance of the ends.
    """

    largest_step: Array
    path: Array
    chord_db: Array


def evenness(
    space: Space, pairs: Sequence[tuple[str, str]], note: float = NOTE, *, by_ear: bool = True
) -> Evenness:
    """Go from one sound to the other, and hear how far each step goes.

    Distances are mean differences of mel levels of the rendered sounds, moment by moment.

    Parameters
    ----------
    by_ear
        Go as `Walk` does, or else in equal shares of the codes.
    """
    mixer = Mixer(space)
    return Evenness(*np.array([_gone(mixer, pair, note, by_ear=by_ear) for pair in pairs]).T)


def _gone(
    mixer: Mixer, pair: tuple[str, str], note: float, *, by_ear: bool
) -> tuple[float, float, float]:
    shares = np.linspace(0.0, 1.0, N_STEPS + 1)
    walk = Walk(mixer, *pair, note)
    mixtures = (
        walk.at(float(share)) if by_ear else between(mixer.space, *pair, float(share))
        for share in shares
    )
    courses = (mixer.course(mixture, note) for mixture in mixtures)
    levels = mel_levels_db([heard(mixer.space, course, LENGTH_S) for course in courses])
    steps = np.abs(np.diff(levels, axis=0)).mean(axis=(1, 2))
    chord_db = float(np.abs(levels[-1] - levels[0]).mean())
    return float(steps.max() / steps.mean()), float(steps.sum() / chord_db), chord_db
