"""A residual: what a player's takes add to an instrument, near what was demonstrated only."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mapper.network import combine, spread_out
from mapper.tracking import compiled

Array = NDArray[np.float32]

MAX_BUMPS: Final = 160
REACH: Final = 4.0
POWER: Final = 8
ZERO: Final = np.float32(0.0)
ONE: Final = np.float32(1.0)


@dataclass(frozen=True, kw_only=True)
class Residual:
    """A sum of bumps: out' (1 - |scale x - centre|^2 / 16)^8, each 0 beyond four widths.

    A bump is a Gaussian to a few hundredths, but costs no exponential, and far from every centre
    the sum is exactly nothing, whatever the takes were.

    Attributes
    ----------
    scale
        Reciprocal widths, 0 where an input does not count, shape (n_inputs,).
    centre
        Scaled inputs around which the bumps lie, shape (n_bumps, n_inputs).
    out
        Shape (n_bumps, n_outputs).
    """

    scale: Array
    centre: Array
    out: Array

    def bumps(self, inputs: Array) -> Array:
        """Height of each bump at rows of inputs, shape (n, n_bumps)."""
        scaled = inputs * self.scale
        squares = (scaled**2).sum(1)[:, None] + (self.centre**2).sum(1) - 2 * scaled @ self.centre.T
        heights: Array = np.maximum(1.0 - squares / REACH**2, 0.0) ** POWER
        return np.minimum(heights, 1.0)

    def predict(self, inputs: Array) -> Array:
        """Sum the bumps at rows of inputs, shape (n, n_outputs)."""
        total: Array = self.bumps(inputs) @ self.out
        return total

    def packed(self) -> Array:
        """Lay the arrays out as `add_bumps` reads them: squares, slopes, offsets, outputs.

        A bump's base is offset + slope x - (scale / reach)^2 x^2, so that the kernel takes one
        product for each.
        """
        slope = 2.0 * self.centre * self.scale / REACH**2
        offset = 1.0 - (self.centre**2).sum(1) / REACH**2
        parts = ((self.scale / REACH) ** 2, offset, slope.T, self.out.T)
        return np.concatenate([part.ravel() for part in parts])


def shapes(n_bumps: int, n_inputs: int, n_outputs: int) -> dict[str, tuple[int, ...]]:
    """Shape of each array of a residual."""
    return {"scale": (n_inputs,), "centre": (n_bumps, n_inputs), "out": (n_bumps, n_outputs)}


@compiled
def add_bumps(  # noqa: PLR0913 - n_inputs and n_outputs are constants where it is compiled
    blob: Array,
    at: int,
    n_bumps: int,
    inputs: Array,
    n_inputs: int,
    outputs: Array,
    n_outputs: int,
    units: Array,
) -> None:
    """Add the residual packed from `at` on; `units` has room for the bumps."""
    away = ZERO
    row = blob[at:]
    for i in range(n_inputs):
        away += row[i] * inputs[i] * inputs[i]
    base = at + n_inputs
    combine(blob, base, inputs, n_inputs, units, n_bumps)
    for k in range(n_bumps):
        height = max(ZERO, min(ONE, units[k] - away))
        height *= height
        height *= height
        units[k] = height * height
    spread_out(blob, base + (1 + n_inputs) * n_bumps, units, n_bumps, outputs, n_outputs)
