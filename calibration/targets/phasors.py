"""Phasors: how a curve swings at one rate, whatever else it does."""

from functools import lru_cache
from typing import Final, NamedTuple

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


class Look(NamedTuple):
    """What fitting a sine beside a parabola to a window comes down to, one rate after another.

    `window` weighs the samples, shape (size,); `parabolas` and `sines` are orthonormal, the sines
    to the parabolas too, shapes (size, 3) and (size, 2 n_rates); `weigh` finds a fit's cosines
    and sines, shape (size, 2 n_rates).
    """

    window: Array
    parabolas: Array
    sines: Array
    weigh: Array


@lru_cache(maxsize=64)
def look(size: int, turns_per_sample: tuple[float, ...]) -> Look:
    """Prepare the fits of some rates to windows of one size."""
    at = np.arange(size) - (size - 1) / 2
    window = np.sqrt(np.hanning(size + 2)[1:-1])
    trend = np.stack([np.ones(size), at / size, np.square(at / size)], axis=1) * window[:, None]
    parabolas, _ = np.linalg.qr(trend)
    sines, weigh = [], []
    for rate in turns_per_sample:
        turns = 2 * np.pi * rate * at
        sine = np.stack([np.cos(turns), np.sin(turns)], axis=1) * window[:, None]
        bare, mixed = np.linalg.qr(sine - parabolas @ (parabolas.T @ sine))
        sines.append(bare)
        weigh.append(bare @ np.linalg.pinv(mixed).T)
    return Look(window, parabolas, np.hstack(sines), np.hstack(weigh))


def smoothed(curves: NDArray[np.floating], sample_hz: float) -> Array:
    """Take a controller's steps off curves, shape (n_samples,) or (n_samples, n_curves)."""
    width = sample_hz / (2 * np.pi * SMOOTH_HZ)
    smooth = gaussian_filter1d(np.asarray(curves, np.float64), width, axis=0, mode="nearest")
    return np.asarray(smooth)


def left(vibrato_hz: float) -> float:
    """Tell the share of a swing that `smoothed` leaves of it."""
    return float(np.exp(-0.5 * (vibrato_hz / SMOOTH_HZ) ** 2))


def phasors_at(curves: NDArray[np.floating], sample_hz: float, vibrato_hz: float) -> Phasors:
    """Measure how curves swing at one rate, whether or not that is a vibrato.

    Parameters
    ----------
    curves
        Sampled at `sample_hz`, shape (n_samples,) or (n_samples, n_curves), at least 8 samples.

    Returns
    -------
    NDArray
        As many phasors as samples; beyond half a window from an end the nearest window counts.
    """
    rows = smoothed(curves, sample_hz)
    size, rate = window_size(len(rows), sample_hz, vibrato_hz), vibrato_hz / sample_hz
    one = look(size, (rate,))
    kernel = (one.weigh[:, 0] - 1j * one.weigh[:, 1]) * one.window
    found = np.tensordot(sliding_window_view(rows, size, axis=0), kernel, axes=(-1, 0))
    at = _nearest(len(rows), size)
    turned = np.exp(2j * np.pi * rate * (np.arange(len(rows)) - (at + (size - 1) / 2)))
    turned = turned[:, None] if found.ndim > 1 else turned
    return np.asarray(found[at] * turned / left(vibrato_hz))


def window_size(n_samples: int, sample_hz: float, vibrato_hz: float) -> int:
    """Count the samples of `CYCLES`, or of what there is."""
    return min(round(CYCLES / vibrato_hz * sample_hz), n_samples - 1)


def scan(
    smooth: Array, sample_hz: float, rates_hz: tuple[float, ...], size: int, every: int = 1
) -> tuple[Array, Array]:
    """Fit a sine beside a parabola to windows of a curve, one in so many, at each of some rates.

    Returns
    -------
    tuple
        Extents, and the share of the movement about the parabola that the sine explains, shape
        (n_windows, n_rates) each.
    """
    one = look(size, tuple(hz / sample_hz for hz in rates_hz))
    views = sliding_window_view(smooth, size)[::every] * one.window
    views = views - (views @ one.parabolas) @ one.parabolas.T
    extents = np.sqrt(np.square(views @ one.weigh).reshape(len(views), -1, 2).sum(axis=-1))
    shares = np.square(views @ one.sines).reshape(len(views), -1, 2).sum(axis=-1)
    return extents, shares / np.maximum(np.square(views).sum(axis=1), 1e-18)[:, None]


def explained_at(smooth: Array, sample_hz: float, vibrato_hz: float, size: int) -> Array:
    """Tell at every sample what share of the movement a sine explains, shape (n_samples,)."""
    shares = scan(smooth, sample_hz, (vibrato_hz,), size)[1]
    return np.asarray(shares[_nearest(len(smooth), size), 0])


def _nearest(n_samples: int, size: int) -> NDArray[np.int64]:
    """Tell for each sample the window whose middle is nearest."""
    places = np.round(np.arange(n_samples) - (size - 1) / 2)
    return np.clip(places, 0, n_samples - size).astype(np.int64)
