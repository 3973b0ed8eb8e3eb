"""Judgements: what a player said of two sounds, and how likely that is with a wish given."""

from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Array = NDArray[np.float64]

Hearing = Callable[[Array], Array]
"""What is heard at places, shape (n, n_gains): just noticeable differences along independent ways,
sense by sense, shape (n_senses, n, n_heard)."""

LAPSE: Final = 0.08
"""Share of answers that have nothing to do with what was heard."""
NOTICED: Final = 1.0
"""Utilities closer than this, in just noticeable differences, are called the same."""
DOUBT: Final = 0.7
"""Spread of a judgement, in the same unit."""
TINY: Final = 1e-6


class Answer(IntEnum):
    """What the player said of a pair."""

    SECOND = -1
    SAME = 0
    FIRST = 1


class Judged(NamedTuple):
    """Two places that were heard, each of shape (n_gains,), and the answer."""

    first: Array
    second: Array
    answer: Answer


def utilities(walkers: Array, places: Array, hearing: Hearing) -> Array:
    """Value places by walkers: minus how far each sounds from the wish, shape (n_walkers, n_places).

    Parameters
    ----------
    walkers
        Wishes and logarithms of the senses' weights, shape (n_walkers, n_gains + n_senses).
    places
        Shape (n_places, n_gains).
    """
    n_gains = places.shape[1]
    wished, heard = hearing(walkers[:, :n_gains]), hearing(places)
    weights = np.exp(2.0 * walkers[:, n_gains:]).T
    squares = np.zeros((len(walkers), len(places)))
    for one, other, weight in zip(wished, heard, weights, strict=True):
        squares += weight[:, None] * ((one[:, None] - other) ** 2).sum(axis=2)
    return -np.sqrt(squares + TINY)


def log_likelihood(walkers: Array, judged: Sequence[Judged], hearing: Hearing) -> Array:
    """Tell how likely the answers are to each walker, shape (n_walkers,)."""
    first = utilities(walkers, np.array([one.first for one in judged]), hearing)
    second = utilities(walkers, np.array([one.second for one in judged]), hearing)
    answers = np.array([one.answer for one in judged])
    ahead = np.where(answers == Answer.SAME, 1.0, answers) * (first - second)
    chosen = ndtr((ahead - NOTICED) / DOUBT)
    same = ndtr((NOTICED - ahead) / DOUBT) - ndtr((-NOTICED - ahead) / DOUBT)
    likely = np.where(answers == Answer.SAME, same, chosen)
    return np.asarray(np.log((1.0 - LAPSE) * likely + LAPSE / len(Answer)).sum(axis=1))


def chances(values: Array) -> tuple[Array, Array, Array]:
    """Tell how likely each answer to each pair of places is, by what each is worth to a walker.

    Parameters
    ----------
    values
        Shape (n_walkers, n_places).

    Returns
    -------
    tuple
        Of the first, the second and of no difference, each (n_walkers, n_places, n_places).
    """
    ahead = values[:, :, None] - values[:, None, :]
    first = (1.0 - LAPSE) * ndtr((ahead - NOTICED) / DOUBT) + LAPSE / len(Answer)
    second = np.swapaxes(first, 1, 2)
    return first, second, 1.0 - first - second
