"""Spread: choosing sounds that differ, and measuring by how much."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from synth.moving.fingerprint import JUST_NOTICEABLE_DB

Array = NDArray[np.float64]

APART_DB: Final = 2.0 * JUST_NOTICEABLE_DB
"""Sounds nearer than this are near-duplicates, and one of them is left out."""


def spread_order(
    points: Array, count: int, groups: NDArray[np.int64] | None = None
) -> NDArray[np.int64]:
    """Order points so that each is as far as can be from all before it, the middlemost first.

    Farthest-point traversal (Gonzalez 1985): any beginning of the order covers the whole within
    twice the best possible distance. With groups they take turns, so that none is crowded out.

    Parameters
    ----------
    points
        Fingerprints, shape (n_points, n_numbers).
    count
        How many to order, at most n_points.
    groups
        Group of each point, counted from 0, shape (n_points,).
    """
    points = np.asarray(points, np.float32)
    groups = np.zeros(len(points), np.int64) if groups is None else groups
    squares = (points**2).sum(axis=1)
    first = int(((points - points.mean(axis=0)) ** 2).sum(axis=1).argmin())
    turns = np.roll(np.arange(groups.max() + 1), -groups[first] - 1)
    order, nearest = [first], np.full(len(points), np.inf, np.float32)
    while len(order) < min(count, len(points)):
        last = points[order[-1]]
        np.minimum(nearest, squares - 2.0 * (points @ last) + last @ last, out=nearest)
        nearest[order[-1]] = -1.0
        of_turn = np.where(groups == turns[0], nearest, -1.0)
        turns = np.roll(turns, -1)
        order.append(int((of_turn if of_turn.max() >= 0.0 else nearest).argmax()))
    return np.array(order)


def nearest_db(points: Array, others: Array | None = None) -> Array:
    """Distance of each point to its nearest neighbour, or to the nearest of others, in dB.

    Returns
    -------
    NDArray
        RMS over the fingerprint's numbers, shape (n_points,); infinite where there is no other.
    """
    to = points if others is None else others
    if not len(to):
        return np.full(len(points), np.inf)
    squares = (points**2).sum(axis=1)[:, None] - 2.0 * points @ to.T + (to**2).sum(axis=1)
    if others is None:
        np.fill_diagonal(squares, np.inf)
    return np.asarray(np.sqrt(np.maximum(squares.min(axis=1), 0.0) / points.shape[1]))
