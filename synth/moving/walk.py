"""A walk: from one sound to another in steps that are equal to the ear."""

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synth.analysis.stretch import TOP_HZ
from synth.controls import (
    NOISE,
    ORDERS,
    noise_centres_hz,
    note_to_hz,
)
from synth.decoder import decode
from synth.moving.course import Course
from synth.moving.mixture import Mixer, Mixture, between
from synth.space import Space

Array = NDArray[np.float64]

N_PLACES: Final = 33
"""Places on the way at which the sound is foreseen."""
AGES_S: Final = np.arange(0.01, 1.0, 0.03)
N_BANDS: Final = 80
RANGE_HZ: Final = (20.0, 20_000.0)
FLOOR_DB: Final = -80.0
"""Bands further below the highest are all alike."""


class Walk:
    """The way between two sounds at a note.

    Equal shares of the codes are no equal steps to the ear; a walk measures how far each leads and
    goes by that.
    """

    def __init__(self, mixer: Mixer, first: str, second: str, note: float) -> None:
        self._mixer, self._ends = mixer, (first, second)
        self._places = np.linspace(0.0, 1.0, N_PLACES)
        courses = (mixer.course(self._between(place), note) for place in self._places)
        levels = np.stack([_levels_db(mixer.space, course) for course in courses])
        heard = np.maximum(levels, levels.max() + FLOOR_DB)
        steps = np.abs(np.diff(heard, axis=0)).mean(axis=(1, 2)) + 1e-9
        self._gone = np.concatenate([[0.0], np.cumsum(steps)]) / steps.sum()

    def _between(self, place: float) -> Mixture:
        return between(self._mixer.space, *self._ends, float(place))

    def place(self, share: float) -> float:
        """Tell the share of the second sound's codes where this share of the way is gone."""
        return float(np.interp(share, self._gone, self._places))

    def at(self, share: float) -> Mixture:
        """Mix both so that this share of the way is gone, 0 to 1."""
        return self._between(self.place(share))


def _levels_db(space: Space, course: Course) -> Array:
    """Foresee the level of bands over time, shape (len(AGES_S), N_BANDS)."""
    codes, loudness_db = course.at(AGES_S)
    note = np.full(len(codes), course.note)
    rows = decode(space, codes.astype(np.float32), loudness_db, note)
    powers = 10.0 ** (rows[:, : NOISE.stop].astype(np.float64) / 10.0)
    return np.asarray(
        10.0 * np.log10(powers @ _weights(course.note) + 1e-12) + loudness_db[:, None]
    )


@lru_cache(maxsize=16)
def _weights(note: float) -> Array:
    """Share of each control's power in each mel band, shape (NOISE.stop, N_BANDS)."""
    hz = np.concatenate([note_to_hz(note) * ORDERS, noise_centres_hz()])
    share = np.where(np.arange(len(hz)) < len(ORDERS), 0.5, 1.0) * (hz < TOP_HZ)
    lowest, highest = _mel(np.array(RANGE_HZ))
    centres = np.linspace(lowest, highest, N_BANDS + 2)[1:-1]
    away = np.abs(_mel(hz)[:, None] - centres) / (centres[1] - centres[0])
    return np.asarray(share[:, None] * np.clip(1.0 - away, 0.0, 1.0))


def _mel(hz: Array) -> Array:
    return np.asarray(2595.0 * np.log10(1.0 + hz / 700.0))
