"""A curve: a monotone response through a few knots, evaluated in advance to a table."""

from functools import cached_property
from itertools import pairwise
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

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
        if not all(before < after for before, after in pairwise(self.raw)):
            raise ValueError("the knots of a curve must rise in what the controller says")
        if list(self.even) not in (sorted(self.even), sorted(self.even, reverse=True)):
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
        values = [cell / N_CELLS for cell in range(N_CELLS + 1)]
        if not self.is_straight:
            from mapper.monotone_cubic import interpolate  # numpy loads slowly, and few need it

            values = interpolate(self.raw, self.even, values)
        return [*values, values[-1]]


def look_up(table: list[float], raw: float) -> float:
    """Read a table at a place from 0 to 1."""
    place = raw * N_CELLS
    cell = int(place)
    value = table[cell]
    return value + (table[cell + 1] - value) * (place - cell)


STRAIGHT: Final = Curve()
