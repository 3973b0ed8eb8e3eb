"""The edge: how far from the codebook a code may lie before the decoder has nothing to say of it."""

import numpy as np
from numpy.typing import NDArray

from presets.factory.macros import Region
from synth.space import Space

Array = NDArray[np.float64]


class Edge:
    """A soft bound around the codebook's codes.

    Within the ellipsoid that holds 99 % of them nothing is changed; further out codes are drawn
    towards the centre, so that none lies beyond the codebook's own farthest code.
    """

    def __init__(self, space: Space) -> None:
        self._region = Region(space)
        self.centre = self._region.mean
        self.free = self._region.radius
        self.farthest = self._region.farthest

    def distance(self, codes: Array) -> Array:
        """Mahalanobis distance from the codebook's centre, shape (...)."""
        flat = self._region.distance(codes.reshape(-1, codes.shape[-1]))
        return flat.reshape(codes.shape[:-1])

    def within(self, codes: Array) -> Array:
        """Draw codes of shape (..., CODE_SIZE) inside the bound."""
        away = self.distance(codes)
        room = self.farthest - self.free
        beyond = np.maximum(away - self.free, 0.0)
        bounded = np.minimum(away, self.free) + room * np.tanh(beyond / room)
        scale = bounded / np.maximum(away, 1e-9)
        return np.asarray(self.centre + (codes - self.centre) * scale[..., None])
