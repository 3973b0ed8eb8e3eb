"""A plane: the sounds of an exploration laid out for the eye, so that its directions have names."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.exploration.archive import Found
from calibration.exploration.description import NUMBERS, WORDS, table

Array = NDArray[np.float64]

SPREAD_SHARE: Final = 0.7
"""How much a place is its rank, which fills the plane, and how much its own value, the rest."""
EDGE: Final = 2.5
"""Standard deviations at the plane's edge."""


class Plane(NamedTuple):
    """Where each sound lies.

    Attributes
    ----------
    places
        Across and up, within -1 and 1, shape (n_sounds, 2).
    ends
        What sounds are like at the left, the right, the bottom and the top.
    """

    places: Array
    ends: tuple[str, str, str, str]


def plane_of(found: Sequence[Found]) -> Plane:
    """Lay sounds out by the two directions in which they differ most.

    The plane of the greatest spread of the fingerprints is turned until the number of the
    description that it tells best runs across; what then runs up best names the other direction.
    Sounds that were bred later move none of the others.
    """
    drawn = [one for one in found if one.candidate.kind != "bred"] or list(found)
    numbers = _ranks(table([one.description for one in drawn]))
    centre, axes = _greatest_spread(np.array([one.fingerprint for one in drawn]))
    flat = _flat(drawn, centre, axes)
    across = int(np.argmax(_told(flat, numbers)))
    turn = _turn(flat, numbers[:, across])
    up = _named_up((flat @ turn)[:, 1], numbers, across)
    turn[:, 1] *= np.sign(_correlation((flat @ turn)[:, 1], numbers[:, up])) or 1.0
    own = flat @ turn
    places = _spread(_flat(found, centre, axes) @ turn, own)
    return Plane(places, (*WORDS[NUMBERS[across]], *WORDS[NUMBERS[up]]))


def _greatest_spread(marks: Array) -> tuple[Array, Array]:
    """Give the centre and the two principal directions, shapes (n_numbers,) and (n_numbers, 2)."""
    centre = marks.mean(axis=0)
    _, _, axes = np.linalg.svd(marks - centre, full_matrices=False)
    two = np.zeros((marks.shape[1], 2))
    two[:, : min(2, len(axes))] = axes[:2].T
    return centre, two


def _flat(found: Sequence[Found], centre: Array, axes: Array) -> Array:
    return np.asarray((np.array([one.fingerprint for one in found]) - centre) @ axes)


def _told(flat: Array, numbers: Array) -> Array:
    """Tell how well the plane predicts each number, as the share of its variance."""
    weights, *_ = np.linalg.lstsq(flat, numbers, rcond=None)
    left = ((numbers - flat @ weights) ** 2).sum(axis=0)
    return np.asarray(1.0 - left / np.maximum((numbers**2).sum(axis=0), 1e-12))


def _turn(flat: Array, number: Array) -> Array:
    """Give the turn of the plane by which a number rises across."""
    x, y = np.linalg.lstsq(flat, number, rcond=None)[0]
    length = np.hypot(x, y) or 1.0
    return np.array([[x, -y], [y, x]]) / length


def _named_up(up: Array, numbers: Array, across: int) -> int:
    """Find the number, not the one that runs across, that goes best with the other direction."""
    found = np.abs([_correlation(up, column) for column in numbers.T])
    found[across] = -1.0
    return int(np.argmax(found))


def _correlation(one: Array, other: Array) -> float:
    spread = one.std() * other.std()
    return float(((one - one.mean()) * (other - other.mean())).mean() / spread) if spread else 0.0


def _ranks(numbers: Array) -> Array:
    """Centre the ranks of each column."""
    ranks = numbers.argsort(axis=0).argsort(axis=0).astype(float)
    return np.asarray(ranks - ranks.mean(axis=0))


def _spread(places: Array, known: Array) -> Array:
    """Spread places evenly between -1 and 1 among the known ones, each direction by itself."""
    ranks = [np.searchsorted(np.sort(k), p) for p, k in zip(places.T, known.T, strict=True)]
    even = 2.0 * np.array(ranks).T / max(len(known) - 1, 1) - 1.0
    own = (places - known.mean(axis=0)) / (EDGE * known.std(axis=0) + 1e-9)
    return np.clip(SPREAD_SHARE * even + (1.0 - SPREAD_SHARE) * own, -1.0, 1.0)
