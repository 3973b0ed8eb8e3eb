"""The partials of a note of steady pitch, fitted frame by frame, and what they leave."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve
from scipy.ndimage import uniform_filter1d

from synth.analysis.frames import (
    HOP,
    RATE_HZ,
    cut_frames,
    period_window,
    window,
)

Array = NDArray[np.float64]

N_PERIODS: Final = 4
DAMPING: Final = 1e-3
"""Share added to each partial's own power in the fit, so that crowded partials stay finite."""
STRIDE: Final = 8
"""Samples between the gains of an onset."""
SHORTEST_LOOK: Final = 128
GAIN_DAMPING: Final = 0.1
MOST_GAIN: Final = 2.0


def fit(sound: Array, centres: Array, hz: Array, size: int) -> NDArray[np.complex128]:
    """Fit sinusoids to windowed frames, shape (n_frames, n_partials).

    The result is each partial's complex peak amplitude at its frame's centre.
    """
    frames = cut_frames(sound.astype(np.float32), centres, size)
    both = fit_frames(frames, hz, sines(hz, size))
    n_partials = len(hz)
    return np.asarray(both[:, :n_partials] + 1j * both[:, n_partials:], np.complex128)


def sines(hz: Array, size: int) -> NDArray[np.float32]:
    """Sample cosines and negative sines around a frame's centre, shape (size, 2 * n_partials)."""
    turns = np.outer((np.arange(size) - size // 2) / RATE_HZ, hz)
    phase = (2 * np.pi * (turns - np.rint(turns))).astype(np.float32)
    return np.hstack([np.cos(phase), -np.sin(phase)])


def fit_frames(frames: NDArray[np.float32], hz: Array, basis: NDArray[np.float32]) -> Array:
    """Fit a basis of sines to frames by damped least squares, shape (n_frames, 2 * n_partials)."""
    weighted = basis * window(len(basis)).astype(np.float32)[:, None]
    gram = _gram(hz, len(basis))
    gram[np.diag_indices_from(gram)] *= 1 + DAMPING
    read = (frames @ weighted).T.astype(np.float64)
    return np.asarray(solve(gram, read, assume_a="pos", check_finite=False).T)


def _gram(hz: Array, size: int) -> Array:
    """Products of the sines under the window, shape (2 * n_partials, 2 * n_partials)."""
    less = _window_transform(hz[:, None] - hz, size)
    more = _window_transform(hz[:, None] + hz, size)
    across = (less - more).imag
    return 0.5 * np.block([[(more + less).real, across], [across.T, (less - more).real]])


def _window_transform(hz: Array, size: int) -> NDArray[np.complex128]:
    """Sum the window times a phasor of each frequency around a frame's centre, in closed form."""
    turns = hz / RATE_HZ
    late = np.exp(1j * np.pi * turns * (2 * (size // 2) - size + 1))
    total = 0.5 * _kernel(turns, size)
    for side in (-1, 1):
        total += 0.25 * _kernel(turns + side / size, size)
    return np.asarray(total / late)


def _kernel(turns: Array, size: int) -> Array:
    """Sum a phasor over so many samples around their middle (Dirichlet's kernel)."""
    below = np.sin(np.pi * turns)
    near = np.abs(below) < 1e-9
    above = np.sin(np.pi * turns * size)
    return np.where(near, size, above / np.where(near, 1.0, below))


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


def octaves(orders: Array) -> NDArray[np.int64]:
    """Tell which octave above the fundamental each partial lies in, shape (n_partials,)."""
    return np.floor(np.log2(np.maximum(orders, 1.0))).astype(np.int64)


def onset_gains(sound: Array, parts: Array, period: int) -> Array:
    """Gains that undo what the window has smeared at the strike, octave by octave.

    They are what least squares over about two periods gives each part's share in the sound, drawn
    towards 1. Shape (n_octaves, n_samples).

    Parameters
    ----------
    sound, parts
        The sound from its onset on and each octave's fitted partials, shapes (n_samples,) and
        (n_octaves, n_samples).
    period
        Samples in a period.
    """
    heard, true = parts[:, ::STRIDE], sound[::STRIDE]
    products = _smoothed(heard[:, None] * heard, period)
    drawn = GAIN_DAMPING * np.einsum("iit->it", products) + 1e-14
    wanted = _smoothed(heard * true, period) + drawn
    gram = np.moveaxis(products, 2, 0) + drawn.T[:, :, None] * np.eye(len(parts))
    found = np.clip(np.linalg.solve(gram, wanted.T[..., None])[..., 0].T, 0.0, MOST_GAIN)
    at = np.arange(len(sound))
    return np.stack([np.interp(at, at[::STRIDE], gain) for gain in found])


def _smoothed(products: Array, period: int) -> Array:
    size = max(SHORTEST_LOOK, period) // STRIDE + 1
    once = uniform_filter1d(products, size, axis=-1, mode="constant")
    return np.asarray(uniform_filter1d(once, size, axis=-1, mode="constant"))


def fit_window(f0_hz: float) -> int:
    """Length in samples of the window that partials of f0 are fitted in."""
    return period_window(f0_hz, N_PERIODS)
