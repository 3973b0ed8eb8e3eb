"""Distance between two recordings, as levels of mel bands heard over time."""

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synth.analysis.frames import RATE_HZ

Array = NDArray[np.float64]

N_BANDS: Final = 80
WINDOW: Final = 2048
HOP: Final = 480
FLOOR_DB: Final = -80.0
HEARD_DB: Final = -60.0
ATTACK_FRAMES: Final = 7
"""Frames of `HOP` that make the attack, 70 ms."""


@lru_cache(maxsize=1)
def _mel_weights() -> Array:
    """Triangular bands equally spaced in mel, 20 Hz to 20 kHz, shape (n_bins, N_BANDS)."""
    top, bottom = (2595 * np.log10(1 + hz / 700) for hz in (20_000.0, 20.0))
    hz = 700 * (10 ** (np.linspace(bottom, top, N_BANDS + 2) / 2595) - 1)
    bins = np.fft.rfftfreq(WINDOW, 1 / RATE_HZ)[:, None]
    rising = (bins - hz[:-2]) / (hz[1:-1] - hz[:-2])
    falling = (hz[2:] - bins) / (hz[2:] - hz[1:-1])
    weights = np.clip(np.minimum(rising, falling), 0, None)
    nearest = np.abs(bins - hz[1:-1]).argmin(axis=0)
    weights[nearest, np.arange(N_BANDS)] = np.maximum(weights[nearest, np.arange(N_BANDS)], 0.5)
    return np.asarray(weights)


def mel_db(audio: Array) -> Array:
    """Level of mel bands every 10 ms, shape (n_frames, N_BANDS)."""
    padded = np.pad(audio, WINDOW // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]
    power = np.abs(np.fft.rfft(frames * np.hanning(WINDOW), axis=1)) ** 2
    return np.asarray(10 * np.log10(power @ _mel_weights() + 1e-12))


def mel_distance_db(true: Array, other: Array) -> tuple[float, float]:
    """Compare two recordings aligned at their onsets.

    Levels are floored 80 dB below the true recording's loudest band; only its frames within
    60 dB of the loudest count.

    Returns
    -------
    tuple
        Mean absolute difference over the whole note, and over its first 70 ms, in dB.
    """
    n_samples = min(len(true), len(other))
    return level_distance_db(mel_db(true[:n_samples]), mel_db(other[:n_samples]))


def level_distance_db(wanted: Array, got: Array) -> tuple[float, float]:
    """Compare the mel levels of two recordings of one length; see `mel_distance_db`."""
    top = wanted.max()
    level = 10 * np.log10((10 ** (wanted / 10)).sum(1))
    heard = level > level.max() + HEARD_DB
    difference = np.abs(np.maximum(wanted, top + FLOOR_DB) - np.maximum(got, top + FLOOR_DB))
    attack = difference[:ATTACK_FRAMES][heard[:ATTACK_FRAMES]]
    return float(difference[heard].mean()), float(attack.mean()) if attack.size else 0.0
