"""Spectral distance at three resolutions: what log-mel bands, which are wide, do not hear."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.fft import rfft
from scipy.signal.windows import hann

from synth.analysis.frames import RATE_HZ

Array = NDArray[np.float32]

SIZES: Final = (4096, 1024, 256)
OVERLAP: Final = 4
TOP_HZ: Final = 20_000.0
FLOOR_DB: Final = -80.0
HEARD_DB: Final = -60.0
ATTACK_S: Final = 0.070


def spectra_db(audio: NDArray[np.floating]) -> list[Array]:
    """Levels of bins up to `TOP_HZ` at each size, shapes (n_frames, n_bins)."""
    return [_spectrum_db(np.asarray(audio, np.float32), size) for size in SIZES]


def _spectrum_db(audio: Array, size: int) -> Array:
    padded = np.pad(audio, size // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)[:: size // OVERLAP]
    bins = rfft(frames * hann(size, sym=False).astype(np.float32), axis=1)
    bins = bins[:, : int(TOP_HZ * size / RATE_HZ) + 1]
    return np.asarray(10 * np.log10(bins.real**2 + bins.imag**2 + 1e-12), np.float32)


def spectral_distance_db(wanted: list[Array], got: list[Array]) -> tuple[float, float]:
    """Compare the spectra of two recordings of one length, aligned at their onsets.

    Levels are floored 80 dB below the wanted recording's loudest bin; only its frames within 60 dB
    of the loudest count.

    Returns
    -------
    tuple
        Root mean square over bins, averaged over frames and sizes, of the whole and of its first
        70 ms, in dB.
    """
    pairs = [_distance_db(*pair) for pair in zip(wanted, got, SIZES, strict=True)]
    whole, attack = np.mean(pairs, axis=0)
    return float(whole), float(attack)


def _distance_db(wanted: Array, got: Array, size: int) -> tuple[float, float]:
    floor = wanted.max() + FLOOR_DB
    level = wanted.max(axis=1)
    heard = level > level.max() + HEARD_DB
    squared = (np.maximum(wanted, floor) - np.maximum(got, floor)) ** 2
    frames = np.sqrt(squared.mean(axis=1))
    n_attack = max(1, round(ATTACK_S * RATE_HZ * OVERLAP / size))
    early = frames[:n_attack][heard[:n_attack]]
    return float(frames[heard].mean()), float(early.mean()) if early.size else 0.0
