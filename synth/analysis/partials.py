"""The partials of a note of steady pitch, fitted frame by frame, and what they leave."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from synth.analysis.frames import (
    HOP,
    RATE_HZ,
    WINDOW_MAX,
    cut_frames,
    period_window,
    window,
)

Array = NDArray[np.float64]

N_PERIODS: Final = 4
DAMPING: Final = 1e-3
"""Share added to each partial's own power in the fit, so that crowded partials stay finite."""


def fit(sound: Array, centres: Array, hz: Array, size: int) -> NDArray[np.complex128]:
    """Fit sinusoids to windowed frames by damped least squares, shape (n_frames, n_partials).

    The result is each partial's complex peak amplitude at its frame's centre.
    """
    times = (np.arange(size) - size // 2) / RATE_HZ
    phase = 2 * np.pi * np.outer(times, hz)
    basis = np.hstack([np.cos(phase), -np.sin(phase)]).astype(np.float32)
    weighted = basis * window(size).astype(np.float32)[:, None]
    gram = (basis.T @ weighted).astype(np.float64)
    gram[np.diag_indices_from(gram)] *= 1 + DAMPING
    read = np.linalg.solve(gram, weighted.T.astype(np.float64)).T.astype(np.float32)
    both = cut_frames(sound.astype(np.float32), centres, size) @ read
    n_partials = len(hz)
    return np.asarray(both[:, :n_partials] + 1j * both[:, n_partials:], np.complex128)


def overlap_add(waves: NDArray[np.complex128], hz: Array, n_samples: int) -> Array:
    """Sound the fitted sinusoids again with their phases, cross-faded from frame to frame."""
    times = np.arange(-HOP, HOP) / RATE_HZ
    phase = 2 * np.pi * np.outer(hz, times)
    fade = window(2 * HOP).astype(np.float32)
    pieces = waves.real.astype(np.float32) @ np.cos(phase).astype(np.float32)
    pieces -= waves.imag.astype(np.float32) @ np.sin(phase).astype(np.float32)
    pieces *= fade
    out = np.zeros((len(waves) + 1, HOP))
    out[:-1] += pieces[:, :HOP]
    out[1:] += pieces[:, HOP:]
    return out.ravel()[HOP : HOP + n_samples]


def onset_gain(sound: Array, harmonic: Array, onset: float, f0_hz: float) -> Array:
    """Gain that keeps the fitted partials from sounding before the strike, shape (n_samples,)."""
    size = int(max(128, RATE_HZ / f0_hz))
    reach = slice(max(0, int(onset) - WINDOW_MAX), int(onset) + fit_window(f0_hz))
    true, smeared = (uniform_filter1d(x[reach] ** 2, size) for x in (sound, harmonic))
    gain = np.ones(len(sound))
    gain[reach] = np.sqrt(np.clip((true + 1e-16) / (smeared + 1e-16), 0, 1))
    gain[: int(onset)] = 0.0
    return gain


def fit_window(f0_hz: float) -> int:
    """Length in samples of the window that partials of f0 are fitted in."""
    return period_window(f0_hz, N_PERIODS)
