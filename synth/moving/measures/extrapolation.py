"""Extrapolation: what becomes of sounds taken beyond each other: finite, as loud, on pitch."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from synth.analysis.fundamental import MELODY_RATE_HZ, find_melody
from synth.moving.guards import held
from synth.moving.measures.hearing import heard, level_db, loudness_db
from synth.moving.mixture import Mixer, between, mix
from synth.space import Space

Array = NDArray[np.float64]

PLACE: Final = 2.0
"""As far again beyond the second sound as the first one is away."""
NOTE: Final = 60.0
LENGTH_S: Final = 1.0
SETTLED_S: Final = 0.1
ON_PITCH_CENTS: Final = 10.0


class Extrapolation(NamedTuple):
    """What was measured beyond pairs, each of shape (n_pairs,).

    Attributes
    ----------
    finite
        Whether every sample is a number.
    loudness_db, level_db
        K-weighted and plain level relative to the second sound as it is.
    cents
        Median distance from the key, not a number where the tracker hears no pitch.
    own_cents
        The same for the second sound as it is.
    share
        Of the way that the guards let it go.
    is_steered
        Whether they bent it.
    """

    finite: NDArray[np.bool_]
    loudness_db: Array
    level_db: Array
    cents: Array
    own_cents: Array
    share: Array
    is_steered: NDArray[np.bool_]


def extrapolation(
    space: Space, pairs: Sequence[tuple[str, str]], place: float = PLACE, note: float = NOTE
) -> Extrapolation:
    """Go beyond the second of each pair, away from the first."""
    mixer = Mixer(space)
    rows = [_beyond(mixer, *pair, place, note) for pair in pairs]
    return Extrapolation(*map(np.array, zip(*rows, strict=True)))


def _beyond(
    mixer: Mixer, first: str, second: str, place: float, note: float
) -> tuple[bool, float, float, float, float, float, bool]:
    asked = between(mixer.space, first, second, place)
    safe = held(mixer, asked, note)
    alone = mix(mixer.space, {second: 1.0})
    far, near = (
        heard(mixer.space, mixer.course(mixture, note), LENGTH_S)
        for mixture in (safe.mixture, alone)
    )
    return (
        bool(np.isfinite(far).all()),
        loudness_db(far) - loudness_db(near),
        level_db(far) - level_db(near),
        _cents(far, note),
        _cents(near, note),
        safe.share,
        safe.is_steered,
    )


def _cents(sound: Array, note: float) -> float:
    """Median distance from a key, by the autocorrelation of the sound."""
    found = find_melody(sound).note[round(SETTLED_S * MELODY_RATE_HZ) :]
    voiced = found[np.isfinite(found)]
    return float(np.median(np.abs(voiced - note)) * 100.0) if voiced.size else float("nan")
