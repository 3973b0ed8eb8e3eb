"""Qualities: what a player would say of whole sounds, measured on their decoded courses."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from synth.moving.attributes import ATTRIBUTES, attributes
from synth.space import Space

Array = NDArray[np.float64]

AGES_S: Final = (0.03, 0.1, 0.3, 0.8)
"""When the timbre is measured; moments that have died away do not count."""
HEARD_DB: Final = -40.0
RISEN_DB: Final = -3.0
SHORTEST_S: Final = 0.002
FALLING_S: Final = (0.15, 1.5)
"""Between these ages a sound's decay is measured."""
DECAYED_DB: Final = -60.0


class Quality(NamedTuple):
    """One measured quality, in words."""

    name: str
    low: str
    high: str
    unit: str


QUALITIES: Final = (
    Quality("brightness", "darker", "brighter", "semitones of the partials' centroid"),
    Quality("noise", "purer", "noisier", "dB of noise in all power"),
    Quality("hollowness", "nasal", "hollow", "dB of partials 3, 5, 7 over 2, 4, 6"),
    Quality("body", "thinner", "fuller", "dB of the lowest two partials over the others"),
    Quality("attack", "quicker", "slower", "doublings of the time to speak"),
    Quality("decay", "lasting", "dying away", "dB lost per second"),
)
"""In order, each a column of `qualities`; the first are `ATTRIBUTES`."""
N_TIMBRAL: Final = len(ATTRIBUTES)


class Sounds(NamedTuple):
    """Courses of many sounds, all at the same ages.

    Attributes
    ----------
    ages_s
        Shape (n_ages,).
    codes
        Shape (n, n_ages, CODE_SIZE).
    loudness_db
        Shape (n, n_ages).
    note
        Shape (n,).
    """

    ages_s: Array
    codes: Array
    loudness_db: Array
    note: Array

    @classmethod
    def of(cls, space: Space) -> "Sounds":
        """Take every sound of a codebook as it was recorded."""
        return cls(
            np.array(space.card.ages_s),
            space.codes.astype(np.float64),
            space.loudness_db.astype(np.float64),
            np.array([sound.note for sound in space.card.sounds]),
        )

    def some(self, which: NDArray[np.bool_]) -> "Sounds":
        """Take only some of them."""
        return Sounds(self.ages_s, self.codes[which], self.loudness_db[which], self.note[which])


def qualities(space: Space, sounds: Sounds) -> Array:
    """Measure sounds, shape (n, len(QUALITIES))."""
    level_db = sounds.loudness_db - sounds.loudness_db.max(axis=1, keepdims=True)
    envelopes = [_envelope(sounds.ages_s, level) for level in level_db]
    return np.hstack([timbre(space, sounds), np.array(envelopes).reshape(-1, 2)])


def timbre(space: Space, sounds: Sounds) -> Array:
    """Measure each sound's `ATTRIBUTES` on average over its audible moments, shape (n, 4)."""
    at = np.abs(sounds.ages_s[:, None] - np.array(AGES_S)).argmin(axis=0)
    codes, loudness_db = sounds.codes[:, at], sounds.loudness_db[:, at]
    notes = np.repeat(sounds.note, len(at))
    frames = attributes(space, codes.reshape(len(notes), -1), loudness_db.ravel(), notes)
    heard = loudness_db > sounds.loudness_db.max(axis=1, keepdims=True) + HEARD_DB
    weights = np.maximum(heard, 1e-9)[..., None]
    summed = (frames.reshape(*loudness_db.shape, -1) * weights).sum(axis=1)
    return np.asarray(summed / weights.sum(axis=1))


def _envelope(ages_s: Array, level_db: Array) -> tuple[float, float]:
    """Measure log2 of the time to speak in seconds, and the fall in dB per second."""
    risen = int(np.argmax(level_db >= RISEN_DB))
    if risen:
        before, after = level_db[risen - 1], level_db[risen]
        part = (RISEN_DB - before) / (after - before)
        risen_s = ages_s[risen - 1] + part * (ages_s[risen] - ages_s[risen - 1])
    else:
        risen_s = 0.0
    first_s, last_s = FALLING_S
    floored = np.maximum(level_db, DECAYED_DB)
    start, end = np.interp(FALLING_S, ages_s, floored)
    return float(np.log2(max(risen_s, SHORTEST_S))), float((start - end) / (last_s - first_s))
