"""Taste: what a player's stars say of sounds they have not heard."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

N_COMPONENTS: Final = 10
"""Principal components of the fingerprints that a taste may depend on."""
LIKED: Final = 1.0
PASSED: Final = -0.5
"""A sound that was shown and got no star says less than a star does."""
DOUBT: Final = 0.5
"""Standard deviation of one answer about what the player would say of a like sound."""
WEIGHT: Final = 0.5
"""Standard deviation expected of each feature's weight."""


class Opinion(NamedTuple):
    """What is expected of each sound, and how uncertain that is, shape (n_sounds,)."""

    liking: Array
    doubt: Array


def features(fingerprints: Array, numbers: Array) -> Array:
    """Gather what a taste may depend on, each column of variance 1.

    Parameters
    ----------
    fingerprints
        Shape (n_sounds, n_levels).
    numbers
        Descriptions' numbers, shape (n_sounds, n_numbers).
    """
    centred = fingerprints - fingerprints.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    ranks = numbers.argsort(axis=0).argsort(axis=0) / max(len(numbers) - 1, 1)
    columns = np.hstack([centred @ axes[:N_COMPONENTS].T, ranks])
    return np.asarray((columns - columns.mean(axis=0)) / (columns.std(axis=0) + 1e-9))


def opinion(sounds: Array, liked: list[int], passed: list[int]) -> Opinion:
    """Fit a Bayesian ridge to the stars and apply it to every sound.

    Parameters
    ----------
    sounds
        Features, shape (n_sounds, n_features).
    liked, passed
        Rows with a star, and rows that were shown and have none.
    """
    inputs = np.hstack([sounds / np.sqrt(sounds.shape[1]), np.ones((len(sounds), 1))])
    judged = inputs[[*liked, *passed]]
    answers = np.array([LIKED] * len(liked) + [PASSED] * len(passed))
    prior = np.eye(inputs.shape[1]) / (WEIGHT**2 * sounds.shape[1])
    covariance = np.linalg.inv(judged.T @ judged / DOUBT**2 + prior)
    weights = covariance @ judged.T @ answers / DOUBT**2
    variance = np.einsum("ni,ij,nj->n", inputs, covariance, inputs)
    return Opinion(inputs @ weights, np.sqrt(variance))
