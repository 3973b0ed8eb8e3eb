"""Fingerprints: what is heard of a sound, as levels of hearing's bands at a few ages."""

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synth.controls import (
    NOISE,
    ORDERS,
    PARTIALS,
    erb_rate_to_hz,
    hz_to_erb_rate,
    k_weighting_db,
    noise_centres_hz,
    note_to_hz,
)
from synth.decoder import decode
from synth.moving.course import Course
from synth.space import Space

Array = NDArray[np.float64]

N_BANDS: Final = 24
LOWEST_HZ: Final = 60.0
HIGHEST_HZ: Final = 11_000.0
AGES_S: Final = (0.01, 0.02, 0.04, 0.07, 0.11, 0.18, 0.28, 0.42, 0.65, 0.95)
RANGE_DB: Final = 50.0
"""Levels further below the sound's highest are all alike."""
PEAK_DB: Final = -20.0
"""Sounds are compared at this loudness."""
SIZE: Final = N_BANDS * len(AGES_S)
WINDOW_S: Final = 0.032
JUST_NOTICEABLE_DB: Final = 1.0
"""Spectra this far apart on average are told apart at best now and then: the difference limen by
which speech coders are judged (Paliwal & Atal 1993, IEEE Trans. Speech Audio Process. 1(1))."""


def edges_hz() -> Array:
    """Edges of the bands, evenly spaced as hearing's filters are, shape (N_BANDS + 1,)."""
    low, high = hz_to_erb_rate(LOWEST_HZ), hz_to_erb_rate(HIGHEST_HZ)
    return erb_rate_to_hz(np.linspace(low, high, N_BANDS + 1))


def distance_db(one: Array, other: Array) -> Array:
    """RMS difference of fingerprints of shape (..., SIZE) in dB."""
    return np.asarray(np.sqrt(np.mean((one - other) ** 2, axis=-1)))


def fingerprint(space: Space, course: Course) -> Array:
    """Foresee the fingerprint of a course from its decoded controls, shape (SIZE,)."""
    codes, _ = course.at(np.array(AGES_S))
    level_db = np.interp(AGES_S, course.ages_s, course.level_db)
    return foreseen(space, codes[None], level_db[None], course.note)[0]


def foreseen(space: Space, codes: Array, level_db: Array, note: float) -> Array:
    """Foresee the fingerprints of sounds from their decoded controls.

    Nothing is rendered, so thousands take seconds.

    Parameters
    ----------
    codes
        Codes at `AGES_S`, shape (n, len(AGES_S), CODE_SIZE).
    level_db
        Loudness there, relative to the peak, shape (n, len(AGES_S)).
    note
        The key at which they are compared.

    Returns
    -------
    NDArray
        Shape (n, SIZE).
    """
    loudness_db = PEAK_DB + np.maximum(level_db, -RANGE_DB).ravel()
    notes = np.full(len(loudness_db), note)
    flat = codes.reshape(len(loudness_db), -1).astype(np.float32)
    controls = decode(space, flat, loudness_db, notes).astype(np.float64)
    share, weights = _bands(note)
    powers = 10.0 ** (controls[:, : NOISE.stop] / 10.0) * share
    level = 10.0 * np.log10(powers @ weights + 1e-12) - _total_db(powers, note)
    return _floored((level + PEAK_DB + level_db.reshape(-1, 1)).reshape(len(codes), -1))


def heard(sound: Array, rate_hz: int) -> Array:
    """Measure the fingerprint of a rendered sound that begins with its strike, shape (SIZE,)."""
    length = round(WINDOW_S * rate_hz)
    padded = np.pad(sound, (length // 2, length))
    starts = [round(age_s * rate_hz) for age_s in AGES_S]
    frames = np.stack([padded[start : start + length] for start in starts])
    power = np.abs(np.fft.rfft(frames * np.hanning(length), axis=1)) ** 2
    bins_hz = np.fft.rfftfreq(length, 1.0 / rate_hz).astype(np.float64)
    weights = _places(bins_hz) * 10.0 ** (k_weighting_db(bins_hz) / 10.0)[:, None]
    return _floored(10.0 * np.log10(power @ weights + 1e-12).reshape(1, -1))[0]


def _floored(level_db: Array) -> Array:
    """Tell levels relative to each sound's highest, shape (n, SIZE)."""
    below = level_db - level_db.max(axis=1, keepdims=True)
    return np.asarray(np.maximum(below, -RANGE_DB))


def _places(frequency_hz: Array) -> Array:
    """Which band each frequency belongs to, as ones, shape (n, N_BANDS)."""
    band = np.searchsorted(edges_hz(), frequency_hz, side="right") - 1
    return (band[:, None] == np.arange(N_BANDS)).astype(np.float64)


@lru_cache(maxsize=8)
def _bands(note: float) -> tuple[Array, Array]:
    """Weight of each control's power as hearing has it, and the band it belongs to."""
    hz = np.concatenate([note_to_hz(note) * ORDERS, noise_centres_hz()])
    share = np.where(np.arange(len(hz)) < PARTIALS.stop, 0.5, 1.0)
    return share * 10.0 ** (k_weighting_db(hz) / 10.0), _places(hz)


def _total_db(powers: Array, note: float) -> Array:
    audible = np.concatenate(
        [note_to_hz(note) * ORDERS < 20_000.0, np.ones(powers.shape[1] - len(ORDERS))]
    )
    return np.asarray(10.0 * np.log10((powers * audible).sum(axis=1, keepdims=True) + 1e-12))
