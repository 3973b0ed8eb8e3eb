"""Fingerprints: what is heard of a sound, as levels of hearing's bands at a few ages."""

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.exploration.candidate import Candidate
from calibration.exploration.palette import Palette
from calibration.exploration.sounding import PEAK_DB, ROW_RATE_HZ, trajectory
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

Array = NDArray[np.float64]

N_BANDS: Final = 24
LOWEST_HZ: Final = 60.0
HIGHEST_HZ: Final = 11_000.0
AGES_S: Final = (0.01, 0.02, 0.04, 0.07, 0.11, 0.18, 0.28, 0.42, 0.65, 0.95)
RANGE_DB: Final = 50.0
"""Levels further below the sound's highest are all alike."""
SIZE: Final = N_BANDS * len(AGES_S)
WINDOW_S: Final = 0.032


def edges_hz() -> Array:
    """Edges of the bands, evenly spaced as hearing's filters are, shape (N_BANDS + 1,)."""
    low, high = hz_to_erb_rate(LOWEST_HZ), hz_to_erb_rate(HIGHEST_HZ)
    return erb_rate_to_hz(np.linspace(low, high, N_BANDS + 1))


def distance_db(one: Array, other: Array) -> Array:
    """RMS difference of fingerprints of shape (..., SIZE) in dB."""
    return np.asarray(np.sqrt(np.mean((one - other) ** 2, axis=-1)))


def foreseen(palette: Palette, candidate: Candidate, note: float) -> Array:
    """Foresee the fingerprint of a candidate from its decoded controls, shape (SIZE,).

    Nothing is rendered, so a pool of thousands takes seconds.
    """
    at = np.round(np.array(AGES_S) * ROW_RATE_HZ).astype(int)
    rows = trajectory(palette, candidate, note, max(AGES_S) + 1.5 / ROW_RATE_HZ)[at]
    loudness_db = np.maximum(rows[:, -2].astype(np.float64), PEAK_DB - RANGE_DB)
    notes = np.full(len(at), note)
    controls = decode(palette.space, rows[:, :-2], loudness_db, notes).astype(np.float64)
    share, weights = _bands(note)
    powers = 10.0 ** (controls[:, : NOISE.stop] / 10.0) * share
    level = 10.0 * np.log10(powers @ weights + 1e-12) + rows[:, -2:-1] - _total_db(powers, note)
    return _floored(level)


def heard(sound: Array, rate_hz: int) -> Array:
    """Measure the fingerprint of a rendered sound that begins with its strike, shape (SIZE,)."""
    length = round(WINDOW_S * rate_hz)
    padded = np.pad(sound, (length // 2, length))
    starts = [round(age_s * rate_hz) for age_s in AGES_S]
    frames = np.stack([padded[start : start + length] for start in starts])
    power = np.abs(np.fft.rfft(frames * np.hanning(length), axis=1)) ** 2
    bins_hz = np.fft.rfftfreq(length, 1.0 / rate_hz).astype(np.float64)
    weights = _places(bins_hz) * 10.0 ** (k_weighting_db(bins_hz) / 10.0)[:, None]
    return _floored(10.0 * np.log10(power @ weights + 1e-12))


def _floored(level_db: Array) -> Array:
    below = level_db - level_db.max()
    return np.maximum(below, -RANGE_DB).ravel()


def _places(frequency_hz: Array) -> Array:
    """Which band each frequency belongs to, as ones, shape (n, N_BANDS)."""
    band = np.searchsorted(edges_hz(), frequency_hz, side="right") - 1
    return (band[:, None] == np.arange(N_BANDS)).astype(np.float64)


@lru_cache(maxsize=8)
def _bands(note: float) -> tuple[Array, Array]:
    """Weight of each control's power as hearing has it, and the band it belongs to."""
    partial_hz = note_to_hz(note) * ORDERS
    hz = np.concatenate([partial_hz, noise_centres_hz()])
    share = np.where(np.arange(len(hz)) < PARTIALS.stop, 0.5, 1.0)
    return share * 10.0 ** (k_weighting_db(hz) / 10.0), _places(hz)


def _total_db(powers: Array, note: float) -> Array:
    hz = note_to_hz(note) * ORDERS
    audible = np.concatenate([hz < 20_000.0, np.ones(powers.shape[1] - len(hz))])
    return np.asarray(10.0 * np.log10((powers * audible).sum(axis=1, keepdims=True) + 1e-12))
