"""The places of codes on the chart: where what sounds now lies among the space's named sounds."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from synth.space import Space

Array = NDArray[np.float32]

YOUNG_S: Final = 0.1
"""A sound is known by the code it begins with and by the one it goes on with from here."""
N_NEAR: Final = 12


class Places:
    """Puts codes between the named sounds near them (Shepard's method, Renka's weights).

    A neighbour's weight falls to nothing before another takes its turn, so that a code that moves
    steadily is never seen to jump for that reason.

    Parameters
    ----------
    codes
        What is known by its place, shape (n_known, CODE_SIZE).
    places
        Across and up, -1 to 1, shape (n_known, 2).
    """

    def __init__(self, codes: Array, places: Array) -> None:
        self._codes = codes
        self._places = places
        self._squares = (codes * codes).sum(axis=1)

    @classmethod
    def on(cls, chart: Mapping[str, Any], space: Space) -> "Places":
        """Take the places that `embouchure space map` gives, in the order of the codebook."""
        is_young = np.array(space.card.ages_s) < YOUNG_S
        ages = [space.codes[:, part].mean(axis=1) for part in (is_young, ~is_young)]
        places = np.array([sound["place"] for sound in chart["sounds"]], np.float32)
        return cls(np.concatenate(ages).astype(np.float32), np.concatenate([places, places]))

    def of(self, codes: Array) -> Array:
        """Place codes, shape (n, CODE_SIZE); returns shape (n, 2)."""
        if not len(codes):
            return np.zeros((0, 2), np.float32)
        squared = self._squares - 2.0 * codes @ self._codes.T + (codes * codes).sum(axis=1)[:, None]
        n_near = min(N_NEAR, len(self._codes) - 1)
        near = np.argpartition(squared, n_near, axis=1)[:, : n_near + 1]
        away = np.sqrt(np.maximum(np.take_along_axis(squared, near, axis=1), 1e-9))
        reach = away.max(axis=1, keepdims=True)
        weights = ((reach - away) / (reach * away)) ** 2 + 1e-12
        weights /= weights.sum(axis=1, keepdims=True)
        return np.einsum("nk,nkd->nd", weights, self._places[near]).astype(np.float32)
