"""A reading: what a hand means by its moves, as descriptors of the sound it asks for."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mapper.features import N_FEATURES
from mapper.network import Network
from mapper.network import shapes as network_shapes

Array = NDArray[np.float32]

DESCRIPTORS: Final = ("loudness_db", "brightness", "pitch_cents")
"""Brightness is 0 at the dull end of the instrument's path and 1 at the bright one."""
N_DESCRIPTORS: Final = len(DESCRIPTORS)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Standardised features to descriptors, within clamped bounds.

    Attributes
    ----------
    network
        From N_FEATURES standardised features to N_DESCRIPTORS.
    low, high
        Bounds of the descriptors, shape (N_DESCRIPTORS,).
    centre, spread
        Scale by which the instrument reads the descriptors, shape (N_DESCRIPTORS,).
    """

    network: Network
    low: Array
    high: Array
    centre: Array
    spread: Array

    def predict(self, inputs: Array) -> Array:
        """Tell the descriptors that standardised features ask for, shape (n, N_DESCRIPTORS)."""
        return np.clip(self.network.predict(inputs), self.low, self.high)

    def standardise(self, descriptors: Array) -> Array:
        """Scale descriptors as the instrument reads them."""
        scaled: Array = (descriptors - self.centre) / self.spread
        return scaled

    def arrays(self) -> dict[str, Array]:
        """Return the arrays by name."""
        own = {name: getattr(self, name) for name in ("low", "high", "centre", "spread")}
        return vars(self.network) | own


def shapes(n_hidden: int) -> dict[str, tuple[int, ...]]:
    """Shape of each array of a reading."""
    own = dict.fromkeys(("low", "high", "centre", "spread"), (N_DESCRIPTORS,))
    return network_shapes(N_FEATURES, n_hidden, N_DESCRIPTORS) | own


def of_arrays(arrays: dict[str, Array]) -> Reading:
    """Build a reading from its arrays."""
    own = {name: arrays[name] for name in ("low", "high", "centre", "spread")}
    return Reading(network=Network.of(arrays), **own)
