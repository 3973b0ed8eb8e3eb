"""Guards: a mixture that goes beyond its sounds is held back where it would boom or lose its loudness."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from synth.controls import noise_centres_hz, note_to_hz
from synth.decoder import decode
from synth.loudness import CORRECTION_DB, frequencies_hz, own_loudness_db, powers
from synth.moving.course import Course
from synth.moving.mixture import Mixer, Mixture

Array = NDArray[np.float64]

BOOM_RATIO: Final = 0.7
"""What lies below this ratio of the note's frequency is no part of its tone."""
BOOM_DB: Final = -12.0
LEEWAY_DB: Final = 3.0
"""A mixture may boom by so much more than the sounds that it is made of."""
HEARD_DB: Final = -40.0
"""Moments this far below the peak do not count."""
STEPS: Final = 6
"""Halvings by which the place where a mixture is held is found."""
AROUND_SEMITONES: Final = (-12.0, 0.0, 12.0)
"""A mixture must be safe an octave below and above its note, too."""


class Held(NamedTuple):
    """A mixture that is safe to play, and the share of the way to what was asked that it goes."""

    mixture: Mixture
    share: float


class Danger(NamedTuple):
    """What a course would do at its worst moment."""

    boom_db: float
    """Power below the tone relative to all power."""
    beyond_db: float
    """How much more the engine would have to rescale it than it can."""


def danger(mixer: Mixer, course: Course) -> Danger:
    """Measure a course on its decoded controls."""
    heard = course.level_db > HEARD_DB
    codes, loudness_db = course.codes[heard], course.loudness_db[heard]
    note = np.full(len(codes), course.note)
    rows = decode(mixer.space, codes.astype(np.float32), loudness_db, note)
    correction_db = -own_loudness_db(rows, note)
    low, high = CORRECTION_DB
    beyond_db = np.maximum(correction_db - high, low - correction_db).max()
    return Danger(float(np.max(_boom_db(rows, note))), float(beyond_db))


def _boom_db(rows: NDArray[np.float32], note: Array) -> Array:
    partials, noise = powers(rows)
    limit_hz = BOOM_RATIO * note_to_hz(note)[:, None]
    low = (partials * (frequencies_hz(rows, note) < limit_hz)).sum(axis=1)
    low += (noise * (noise_centres_hz() < limit_hz)).sum(axis=1)
    return np.asarray(10.0 * np.log10(low / (partials.sum(axis=1) + noise.sum(axis=1)) + 1e-12))


def held(mixer: Mixer, mixture: Mixture, note: float | None = None) -> Held:
    """Go as far towards a mixture as is safe, starting from what it is made of.

    A mixture that takes nothing away and is not bent is safe as it is.
    """
    plain = mixture.plain
    note = mixture.note if note is None else note
    limits = [_limit_db(mixer, plain, note + step) for step in AROUND_SEMITONES]

    def safe(share: float) -> bool:
        tried = mixture.toward(plain, share)
        return all(
            _is_safe(danger(mixer, mixer.course(tried, note + step)), limit_db)
            for step, limit_db in zip(AROUND_SEMITONES, limits, strict=True)
        )

    if mixture == plain or safe(1.0):
        return Held(mixture, 1.0)
    share, width = 0.0, 1.0
    for _ in range(STEPS):
        width /= 2
        share += width if safe(share + width) else 0.0
    return Held(mixture.toward(plain, share), share)


def _limit_db(mixer: Mixer, plain: Mixture, note: float) -> float:
    alone = (Mixture(parts=(part._replace(share=1.0),)) for part in plain.parts)
    worst_db = max(danger(mixer, mixer.course(one, note)).boom_db for one in alone)
    return max(BOOM_DB, worst_db + LEEWAY_DB)


def _is_safe(found: Danger, boom_limit_db: float) -> bool:
    return found.boom_db <= boom_limit_db and found.beyond_db <= 0.0
