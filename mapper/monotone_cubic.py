"""Interpolation by cubic pieces that never overshoot their points (Fritsch & Butland 1984)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def interpolate(x: Sequence[float], y: Sequence[float], places: Sequence[float]) -> list[float]:
    """Interpolate plain numbers, see `monotone_cubic`."""
    found = monotone_cubic(np.array(x), np.array(y), np.array(places))
    return [float(one) for one in found]


def monotone_cubic(x: Array, y: Array, places: Array) -> Array:
    """Interpolate by cubic pieces that rise and fall only where the points do.

    SciPy's `PchipInterpolator` gives the same and is its test; the engine does without SciPy.

    Parameters
    ----------
    x, y
        The points, shape (n_points,), at least two; x rises.
    places
        Where to interpolate, shape (n,); outside the points the nearest one counts.
    """
    width = np.diff(x)
    slope = np.diff(y) / width
    tangent = _tangents(width, slope)
    places = np.clip(places, x[0], x[-1])
    piece = np.clip(np.searchsorted(x, places, side="right") - 1, 0, len(width) - 1)
    w, part = width[piece], (places - x[piece]) / width[piece]
    rest = 1.0 - part
    low = y[piece] * (1.0 + 2.0 * part) + w * tangent[piece] * part
    high = y[piece + 1] * (1.0 + 2.0 * rest) - w * tangent[piece + 1] * rest
    ends = np.minimum(y[piece], y[piece + 1]), np.maximum(y[piece], y[piece + 1])
    return np.asarray(np.clip(rest**2 * low + part**2 * high, *ends))


def _tangents(width: Array, slope: Array) -> Array:
    """Choose the slope at each point: the harmonic mean of its neighbours', 0 at a turn."""
    if len(slope) == 1:
        return np.repeat(slope, 2)
    before, after = 2.0 * width[1:] + width[:-1], width[1:] + 2.0 * width[:-1]
    agree = slope[:-1] * slope[1:] > 0.0
    one, other = (np.where(agree, part, 1.0) for part in (slope[:-1], slope[1:]))
    inner = np.where(agree, (before + after) / (before / one + after / other), 0.0)
    first = _end_tangent(width[0], width[1], slope[0], slope[1])
    last = _end_tangent(width[-1], width[-2], slope[-1], slope[-2])
    return np.concatenate([[first], inner, [last]])


def _end_tangent(width: float, next_width: float, slope: float, next_slope: float) -> float:
    """Choose the slope at an end from two pieces, so that the outer one does not turn."""
    tangent = ((2.0 * width + next_width) * slope - width * next_slope) / (width + next_width)
    if tangent * slope <= 0.0:
        return 0.0
    if slope * next_slope < 0.0 and abs(tangent) > 3.0 * abs(slope):
        return 3.0 * slope
    return tangent
