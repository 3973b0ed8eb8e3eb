"""The edge: where a codebook's codes lie, and how far out a code may go before it is drawn back."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from synth.space import Space

Array = NDArray[np.float64]

AUDIBLE_DB: Final = -50.0
FREE_QUANTILE: Final = 0.99
RANK: Final = 1e-6
"""Directions in which the codes spread less than this share of the widest bound nothing."""


class Edge:
    """A soft bound around the codebook's audible codes.

    Within the ellipsoid that holds 99 % of them nothing is changed; further out codes are drawn
    towards the centre, so that none lies beyond the codebook's own farthest code.

    Attributes
    ----------
    centre, covariance
        Of the codes, shapes (CODE_SIZE,) and (CODE_SIZE, CODE_SIZE).
    free, farthest
        Mahalanobis distances from the centre that 99 % of the codes and all of them keep.
    """

    def __init__(self, space: Space) -> None:
        codes = space.codes[space.loudness_db > AUDIBLE_DB].astype(np.float64)
        self.centre = codes.mean(axis=0)
        self.covariance = np.cov(codes.T)
        self._precision = np.linalg.pinv(self.covariance, RANK, hermitian=True)
        distances = self.distance(codes)
        self.free = float(np.quantile(distances, FREE_QUANTILE))
        self.farthest = float(distances.max())

    def distance(self, codes: Array) -> Array:
        """Mahalanobis distance from the codebook's centre, shape (...) for codes (..., CODE_SIZE)."""
        away = codes - self.centre
        return np.asarray(np.sqrt(np.maximum(((away @ self._precision) * away).sum(axis=-1), 0.0)))

    def within(self, codes: Array) -> Array:
        """Draw codes of shape (..., CODE_SIZE) inside the bound."""
        away = self.distance(codes)
        room = max(self.farthest - self.free, 1e-9)
        beyond = np.maximum(away - self.free, 0.0)
        bounded = np.minimum(away, self.free) + room * np.tanh(beyond / room)
        scale = bounded / np.maximum(away, 1e-9)
        return np.asarray(self.centre + (codes - self.centre) * scale[..., None])
