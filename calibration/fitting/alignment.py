"""Alignment: how late a hand follows the sound it imitates, moment by moment."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.targets.target import TARGET_RATE_HZ

Array = NDArray[np.float64]

LONGEST_LAG_S: Final = 0.40
BAND_S: Final = 0.20
"""How far from a take's own lag any moment of it may be."""
STEP_COST: Final = 0.5
"""Cost of a change of lag by one row, in squared units of the descriptors."""
LOST: Final = 25.0
"""No moment counts for more, so that one slip bends nothing else."""
EVERY: Final = 2
"""Of rows and lags, one in so many is looked at."""
SMOOTH_S: Final = 0.30
RIDGE: Final = 1.0
TAKE_SPREAD_S: Final = 0.10
"""How far a take's own lag may be from the session's."""

LAGS: Final = range(round(LONGEST_LAG_S * TARGET_RATE_HZ) + 1)


def delayed(rows: Array, lag_rows: Array | float) -> Array:
    """Take rows later by a lag, between rows linearly; the last row stays.

    Parameters
    ----------
    rows
        Shape (n_rows, n_columns), at `TARGET_RATE_HZ`.
    lag_rows
        One lag, or one for each row, in rows.
    """
    at = np.clip(np.arange(len(rows)) + lag_rows, 0, len(rows) - 1)
    low = np.minimum(at.astype(int), len(rows) - 2) if len(rows) > 1 else np.zeros(len(rows), int)
    part = (at - low)[:, None]
    return (1.0 - part) * rows[low] + part * rows[np.minimum(low + 1, len(rows) - 1)]


def _later(rows: Array, lag: int) -> Array:
    """Take rows later by whole rows, as `delayed` does, but quicker."""
    return np.concatenate([rows[lag:], np.repeat(rows[-1:], min(lag, len(rows)), axis=0)])


def session_lag_rows(moves: Sequence[Array], wishes: Sequence[Array]) -> int:
    """Find the one lag at which moves explain wishes best, by a linear map.

    Parameters
    ----------
    moves, wishes
        One of each for each take, shapes (n_rows, n_moves) and (n_rows, n_wishes).
    """
    errors = [_linear_error([_later(one, lag) for one in moves], wishes) for lag in LAGS]
    return LAGS[int(np.argmin(errors))]


def _linear_error(moves: Sequence[Array], wishes: Sequence[Array]) -> float:
    x, y = np.vstack(moves), np.vstack(wishes)
    x = x - x.mean(axis=0)
    y = y - y.mean(axis=0)
    gram = x.T @ x + RIDGE * np.eye(x.shape[1])
    return float(((y - x @ np.linalg.solve(gram, x.T @ y)) ** 2).sum())


def lag_path(heard: Array, wished: Array, session_lag: int) -> Array:
    """Find the lag of each moment of a take, shape (n_rows,), in rows.

    The path of least cost through the lags of a band, at most one row of change a row, smoothed
    (dynamic time warping with a slope constraint, after Sakoe and Chiba 1978).

    Parameters
    ----------
    heard, wished
        Descriptors of what the hand asked for and of the target, in units in which errors of 1
        weigh the same; shape (n_rows, n_descriptors).
    """
    lags = _band(heard, wished, session_lag)[::EVERY]
    costs = np.stack([_squares(heard, wished, int(lag))[::EVERY] for lag in lags], axis=1)
    path = lags[_cheapest(np.minimum(costs, LOST))].astype(np.float64)
    rows = np.arange(len(heard))
    return _smoothed(np.interp(rows, rows[::EVERY], path))


def _squares(heard: Array, wished: Array, lag: int) -> Array:
    """Squared distance of each row from what was wished a lag before."""
    away = _later(heard, lag) - wished
    return np.asarray(np.einsum("ij,ij->i", away, away))


def _band(heard: Array, wished: Array, session_lag: int) -> NDArray[np.int64]:
    """Choose the lags around the take's own."""
    spread, reach = round(TAKE_SPREAD_S * TARGET_RATE_HZ), round(BAND_S * TARGET_RATE_HZ)
    near = range(max(session_lag - spread, 0), session_lag + spread + 1)
    own = near[int(np.argmin([_squares(heard, wished, lag).sum() for lag in near]))]
    return np.arange(max(own - reach, 0), own + reach + 1)


def _cheapest(costs: Array) -> NDArray[np.int64]:
    """Find the cheapest path down the rows of costs, shape (n_rows, n_lags), a step at a time."""
    n_rows, n_lags = costs.shape
    totals = np.full((n_rows, n_lags + 2), np.inf)
    totals[0, 1:-1] = costs[0]
    for last, total, cost in zip(totals, totals[1:], costs[1:], strict=False):
        beside = np.minimum(last[:-2], last[2:]) + STEP_COST
        np.add(np.minimum(last[1:-1], beside), cost, out=total[1:-1])
    path = np.empty(n_rows, np.int64)
    path[-1] = int(totals[-1].argmin())
    for row in range(n_rows - 1, 0, -1):
        here = path[row]
        stay, down, up = totals[row - 1, here], totals[row - 1, here - 1], totals[row - 1, here + 1]
        beside = -1 if down <= up else 1
        path[row - 1] = here if stay <= min(down, up) + STEP_COST else here + beside
    return path - 1


def _smoothed(path: Array) -> Array:
    width = min(round(SMOOTH_S * TARGET_RATE_HZ) | 1, len(path) - 1 | 1)
    padded = np.pad(path, width // 2, mode="edge")
    return np.convolve(padded, np.full(width, 1.0 / width), mode="valid")
