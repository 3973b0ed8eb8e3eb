"""Phasors: how a curve swings at one rate, whatever else it does."""

from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

Array = NDArray[np.float64]
Phasors = NDArray[np.complex128]
"""Swing and, as the imaginary part, swing a quarter cycle earlier."""

SMOOTH_HZ: Final = 18.0
"""What is faster is a controller's steps."""
CYCLES: Final = 3
"""So many are looked at together; fewer are no vibrato."""


def smoothed(curve: NDArray[np.floating], sample_hz: float) -> Array:
    """Take a controller's steps off a curve."""
    width = sample_hz / (2 * np.pi * SMOOTH_HZ)
    smooth = gaussian_filter1d(np.asarray(curve, np.float64), width, mode="nearest")
    return np.asarray(smooth)


def left(vibrato_hz: float) -> float:
    """Tell the share of a swing that `smoothed` leaves of it."""
    return float(np.exp(-0.5 * (vibrato_hz / SMOOTH_HZ) ** 2))


def phasors_at(curve: NDArray[np.floating], sample_hz: float, vibrato_hz: float) -> Phasors:
    """Measure how a curve swings at one rate, whether or not that is a vibrato, shape (n_samples,).

    Parameters
    ----------
    curve
        Sampled at `sample_hz`, shape (n_samples,), three samples or more.
    """
    size = min(round(CYCLES / vibrato_hz * sample_hz), len(curve) - 1)
    return fit(smoothed(curve, sample_hz), sample_hz, vibrato_hz, size)[0] / left(vibrato_hz)


def fit(smooth: Array, rate_hz: float, hz: float, size: int) -> tuple[Phasors, Array]:
    """Fit a sine beside a parabola to a window about each sample.

    Returns
    -------
    tuple
        Phasors, and the share of the movement about the parabola that the sine explains; windows
        stop at the ends, and the outermost count beyond their middles. Shape (n_samples,) each.
    """
    t = (np.arange(size) - (size - 1) / 2) / rate_hz
    window = np.sqrt(np.hanning(size + 2)[1:-1])
    trend = np.stack([np.ones(size), t, t * t], axis=1) * window[:, None]
    sine = np.stack([np.cos(2 * np.pi * hz * t), np.sin(2 * np.pi * hz * t)], axis=1)
    bare, _ = np.linalg.qr(trend)
    whole = np.hstack([trend, sine * window[:, None]])
    views = sliding_window_view(smooth, size) * window
    views = views - (views @ bare) @ bare.T
    weights = views @ np.linalg.pinv(whole).T
    rest = views - weights @ whole.T
    moved = np.square(views).sum(axis=1)
    explained = 1.0 - np.square(rest).sum(axis=1) / np.maximum(moved, 1e-18)
    middles = np.arange(len(views)) + (size - 1) / 2
    nearest = np.clip(np.round(np.arange(len(smooth)) - (size - 1) / 2), 0, len(views) - 1)
    at = nearest.astype(int)
    away_s = (np.arange(len(smooth)) - middles[at]) / rate_hz
    phasors = (weights[at, 3] - 1j * weights[at, 4]) * np.exp(2j * np.pi * hz * away_s)
    return phasors, explained[at]
