"""A curve: a monotone response through a few knots, evaluated in advance to a table."""

from functools import cached_property
from typing import Annotated, Final, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

Array = NDArray[np.float64]
Ratio = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]

MAX_KNOTS: Final = 33
N_CELLS: Final = 1024
"""Cells of a table, eight for each step of 7 bits; between their edges it is straight."""


class Curve(BaseModel):
    """A function from 0-1 to 0-1 that never turns back; it may rise or fall.

    It goes through every knot by monotone cubic pieces (Fritsch & Butland 1984), and stays level
    before the first and after the last.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    raw: tuple[Ratio, ...] = (0.0, 1.0)
    """What the controller says, rising from knot to knot."""
    even: tuple[Ratio, ...] = (0.0, 1.0)
    """What that means."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not 2 <= len(self.raw) == len(self.even) <= MAX_KNOTS:
            raise ValueError(f"a curve has 2 to {MAX_KNOTS} knots, each with both its numbers")
        if not (np.diff(self.raw) > 0).all():
            raise ValueError("the knots of a curve must rise in what the controller says")
        steps = np.diff(self.even)
        if not ((steps >= 0).all() or (steps <= 0).all()):
            raise ValueError("a curve must rise or fall throughout")
        return self

    @property
    def is_straight(self) -> bool:
        """Whether it changes nothing."""
        return self.raw == self.even == (0.0, 1.0)

    @property
    def mean_slope(self) -> float:
        """How much it rises between its ends, for what the controller says there."""
        return (self.even[-1] - self.even[0]) / (self.raw[-1] - self.raw[0])

    @cached_property
    def table(self) -> list[float]:
        """Its values at the edges of `N_CELLS` cells, and the last one once more."""
        places = np.linspace(0.0, 1.0, N_CELLS + 1)
        if not self.is_straight:
            places = monotone_cubic(np.array(self.raw), np.array(self.even), places)
        return [*places.tolist(), float(places[-1])]


def look_up(table: list[float], raw: float) -> float:
    """Read a table at a place from 0 to 1."""
    place = raw * N_CELLS
    cell = int(place)
    value = table[cell]
    return value + (table[cell + 1] - value) * (place - cell)


STRAIGHT: Final = Curve()


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
    return np.asarray(rest**2 * low + part**2 * high)


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
