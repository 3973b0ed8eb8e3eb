"""Audibility: what turning the gains does to what a player plays, sense by sense."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from calibration.refinements.ears import FLOOR_DB, band_levels_db
from calibration.refinements.gains import HIGH_PLACES, LOW_PLACES, N_GAINS, Gains
from mapper.features import AT
from mapper.mapping import LOUDNESS, Mapping
from synth.space import Space

Array = NDArray[np.float64]

SENSES: Final = ("loudness", "tone")
NOTICED_DB: Final = 0.7
"""Root mean square difference of band levels that is just noticed."""
HEARD_DB: Final = -40.0
"""What is softer than the loudest moment by more than this does not count."""
N_FRAMES: Final = 120
N_TRIED: Final = 128
USUAL_PLACES: Final = 4.0
"""Wishes are seldom further from neutral; half of the places tried lie about so far."""
N_HEARD: Final = 8
"""Ways in which a sense can change over a phrase; further ones are too small to matter."""
WIDTH: Final = 1.0
"""Of the bumps between the places tried, in halves of a gain's range."""
RIDGE: Final = 1e-3


def perceive(space: Space, mapping: Mapping, features: NDArray[np.float32]) -> Array:
    """Hear a phrase: level of all bands together, and of each apart from that.

    Shape (len(SENSES), n_frames * N_BANDS), in just noticeable differences.
    """
    note = features[:, AT.pitch_note].astype(np.float64)
    levels_db = band_levels_db(space, mapping.predict(features), note)
    levels_db = np.maximum(levels_db, levels_db.max() + FLOOR_DB)
    together = np.broadcast_to(levels_db.mean(axis=1, keepdims=True), levels_db.shape)
    senses = np.stack([together, levels_db - together])
    return np.asarray(senses.reshape(len(SENSES), -1) / NOTICED_DB / np.sqrt(levels_db.size))


@dataclass(frozen=True)
class Audibility:
    """How a phrase sounds at any place of the gains, in just noticeable differences.

    Learned from places that were tried, by a linear path and bumps around them.

    Attributes
    ----------
    tried
        Shape (n_tried, N_GAINS).
    weights
        Shape (n_senses, 1 + N_GAINS + n_tried, n_heard). The distance of what is heard at two
        places is the root mean square difference over the moments and bands of the phrase.
    """

    tried: Array
    weights: Array

    def heard(self, places: Array) -> Array:
        """Hear the phrase at places of shape (n, N_GAINS); shape (n_senses, n, n_heard)."""
        return np.asarray(_basis(places, self.tried) @ self.weights)

    @classmethod
    def of(cls, space: Space, mapping: Mapping, features: NDArray[np.float32], seed: int) -> Self:
        """Try places all over the range on a phrase and learn what is heard.

        Parameters
        ----------
        mapping
            Without any gains.
        features
            Of the touches that the player listens to, shape (n_frames, N_FEATURES).
        """
        kept = features[:: max(1, len(features) // N_FRAMES)]
        loudness_db = mapping.predict(kept)[:, LOUDNESS]
        kept = kept[loudness_db > loudness_db.max() + HEARD_DB]
        rng = np.random.default_rng(seed)
        tried = rng.uniform(LOW_PLACES, HIGH_PLACES, (N_TRIED, N_GAINS))
        tried[::2] = USUAL_PLACES * rng.normal(size=tried[::2].shape)
        tried[0] = 0.0
        tried = np.clip(tried, LOW_PLACES, HIGH_PLACES)
        told = [perceive(space, Gains.at(place).apply(mapping), kept) for place in tried]
        return cls(tried, np.stack([_fit(tried, sense) for sense in np.stack(told, axis=1)]))


def _basis(places: Array, tried: Array) -> Array:
    """Return 1, each place, and a bump around each place tried."""
    share, centres = places / HIGH_PLACES, tried / HIGH_PLACES
    apart = (share**2).sum(1)[:, None] + (centres**2).sum(1) - 2.0 * share @ centres.T
    return np.hstack([np.ones((len(share), 1)), share, np.exp(-apart / (2.0 * WIDTH**2))])


def _fit(tried: Array, told: Array) -> Array:
    """Fit the main ways in which a sense changes, shape (1 + N_GAINS + n_tried, N_HEARD)."""
    changes = told - told.mean(axis=0)
    _, _, ways = np.linalg.svd(changes, full_matrices=False)
    basis = _basis(tried, tried)
    gram = basis.T @ basis + RIDGE * np.eye(basis.shape[1])
    return np.asarray(np.linalg.solve(gram, basis.T @ (changes @ ways[:N_HEARD].T)))
