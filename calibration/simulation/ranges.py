"""Ranges: what a simulated player's parameters are drawn from, each written down once."""

import numpy as np

Ranges = dict[str, tuple[float, float]]


def draw(rng: np.random.Generator, ranges: Ranges) -> dict[str, float]:
    """Draw each parameter evenly from its range.

    >>> draw(np.random.default_rng(1), {"lag_s": (0.25, 0.25)})
    {'lag_s': 0.25}
    """
    return {name: float(rng.uniform(low, high)) for name, (low, high) in ranges.items()}
