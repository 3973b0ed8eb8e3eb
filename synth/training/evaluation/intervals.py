"""Intervals: how far a figure may be off because only so many notes were heard.

Notes of one instrument resemble each other, so the bootstrap draws instruments, not notes (Efron &
Tibshirani 1993, chapter 8), unless there are too few of them.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

N_DRAWS: Final = 2000
PERCENTILES: Final = (2.5, 97.5)
FEWEST_GROUPS: Final = 6


class Figure(NamedTuple):
    """A measured value with its 95 % interval and the number of notes behind it."""

    value: float
    low: float
    high: float
    n: int


def mean_figure(values: Sequence[float] | Array, groups: Sequence[str]) -> Figure | None:
    """Average values, those that are not numbers left out; None where nothing is left.

    Parameters
    ----------
    values
        One for each note.
    groups
        The instrument of each.
    """
    values = np.asarray(values, np.float64)
    there = np.isfinite(values)
    if not there.any():
        return None
    sums = _sums(np.stack([values, np.ones(len(values))], axis=1)[there], groups, there)
    draws = _draws(len(sums)) @ sums
    low, high = np.percentile(draws[:, 0] / draws[:, 1], PERCENTILES)
    return Figure(float(values[there].mean()), float(low), float(high), int(there.sum()))


def explained_figure(true: Array, guessed: Array, groups: Sequence[str]) -> Figure:
    """Tell the share of the variance of `true` that is guessed, R²; below 0 is worse than the mean."""
    parts = np.stack([(true - guessed) ** 2, true**2, true, np.ones(len(true))], axis=1)
    sums = _sums(parts, groups, np.ones(len(true), bool))
    low, high = np.percentile(_explained(_draws(len(sums)) @ sums), PERCENTILES)
    return Figure(float(_explained(sums.sum(0))), float(low), float(high), len(true))


def _explained(sums: Array) -> Array:
    error, square, total, n = np.moveaxis(sums, -1, 0)
    return np.asarray(1.0 - error / np.maximum(square - total**2 / n, 1e-12))


def _sums(parts: Array, groups: Sequence[str], there: NDArray[np.bool_]) -> Array:
    """Add up what belongs to each group, shape (n_groups, n_parts)."""
    names, index = np.unique(np.asarray(groups)[there], return_inverse=True)
    if len(names) < FEWEST_GROUPS:
        return parts
    sums = np.zeros((len(names), parts.shape[1]))
    np.add.at(sums, index, parts)
    return sums


@lru_cache(maxsize=64)
def _draws(n_groups: int) -> Array:
    """How often each group is drawn, shape (N_DRAWS, n_groups)."""
    random = np.random.default_rng(0)
    return random.multinomial(n_groups, np.full(n_groups, 1 / n_groups), N_DRAWS).astype(np.float64)
