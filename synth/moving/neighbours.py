"""Neighbours: how far apart sounds are to the ear, and which are nearest to one."""

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from synth.moving.course import Course
from synth.moving.fingerprint import AGES_S, distance_db, fingerprint, foreseen
from synth.space import Space

Array = NDArray[np.float64]

USUAL_NOTE: Final = 60.0


class Neighbour(NamedTuple):
    """A sound of the codebook and how far it is from another."""

    name: str
    distance_db: float
    """RMS difference of the levels of hearing's bands, at one pitch and one loudness."""


@lru_cache(maxsize=4)
def marks(space: Space, note: float = USUAL_NOTE) -> Array:
    """Fingerprints of every sound of the codebook at one pitch, shape (n_sounds, SIZE)."""
    ages_s = np.array(space.card.ages_s)
    codes = _at_ages(space.codes.astype(np.float64), ages_s)
    level_db = space.loudness_db - space.loudness_db.max(axis=1, keepdims=True)
    levels = _at_ages(level_db.astype(np.float64)[..., None], ages_s)[..., 0]
    found = foreseen(space, codes, levels, note)
    found.setflags(write=False)
    return found


def _at_ages(table: Array, ages_s: Array) -> Array:
    """Interpolate a table, shape (n_sounds, n_ages, n), at the fingerprint's ages."""
    after = np.clip(np.searchsorted(ages_s, AGES_S), 1, len(ages_s) - 1)
    part = (np.array(AGES_S) - ages_s[after - 1]) / (ages_s[after] - ages_s[after - 1])
    part = np.clip(part, 0.0, 1.0)[:, None]
    return np.asarray((1.0 - part) * table[:, after - 1] + part * table[:, after])


def nearest(space: Space, course: Course, count: int = 8) -> list[Neighbour]:
    """Find the sounds of the codebook that are nearest to the ear, the nearest first.

    All are heard at the course's pitch, so that it is timbre that counts.
    """
    away = distance_db(marks(space, course.note), fingerprint(space, course))
    order = np.argsort(away, kind="stable")[:count]
    return [Neighbour(space.card.sounds[i].name, float(away[i])) for i in order]
