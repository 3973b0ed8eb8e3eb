"""A chart: the sounds of a space on a plane, so that what sounds alike lies near."""

from functools import partial
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from synth.moving.neighbours import USUAL_NOTE, marks
from synth.space import Space

Array = NDArray[np.float64]

PERPLEXITY: Final = 30.0
FEWEST: Final = 5
"""With fewer sounds than this the plane of the greatest spread is the chart."""
N_NEIGHBOURS: Final = 10


class Chart(NamedTuple):
    """Places of the codebook's sounds, and how far the neighbours that one sees can be trusted.

    Attributes
    ----------
    places
        Shape (n_sounds, 2), within -1 and 1.
    trustworthiness
        1 when every sound's neighbours on the chart are its neighbours to the ear, 0.5 by chance
        (Venna & Kaski 2001).
    flat_trustworthiness
        The same for the plane of the greatest spread, from which the chart starts.
    """

    places: Array
    trustworthiness: float
    flat_trustworthiness: float


def chart(space: Space, note: float = USUAL_NOTE) -> Chart:
    """Lay every sound of the codebook out; the same space gives the same chart.

    The plane of the greatest spread of the fingerprints (principal components) is refined so that
    neighbours stay neighbours (t-SNE, van der Maaten & Hinton 2008).
    """
    from sklearn.decomposition import PCA
    from sklearn.manifold import trustworthiness

    points = marks(space, note)
    n_components = min(30, *points.shape)
    reduced = PCA(n_components, svd_solver="full").fit_transform(points)
    flat = np.zeros((len(points), 2))
    flat[:, : min(2, n_components)] = reduced[:, :2]
    places = _refined(reduced, flat) if len(points) >= FEWEST else flat
    n_neighbours = min(N_NEIGHBOURS, (len(points) - 1) // 2)
    trust = partial(trustworthiness, points, n_neighbors=n_neighbours)
    trusted = [float(trust(plane)) if n_neighbours else 1.0 for plane in (places, flat)]
    return Chart(_scaled(places), *trusted)


def _refined(points: Array, start: Array) -> Array:
    from sklearn.manifold import TSNE

    plane = TSNE(
        perplexity=min(PERPLEXITY, (len(points) - 1) / 3),
        init=(1e-4 * start / start[:, 0].std()).astype(np.float32),
        random_state=0,
        n_jobs=1,
    )
    return np.asarray(plane.fit_transform(points), np.float64)


def _scaled(places: Array) -> Array:
    centred = places - (places.max(axis=0) + places.min(axis=0)) / 2
    return np.asarray(centred / max(float(np.abs(centred).max()), 1e-9))
