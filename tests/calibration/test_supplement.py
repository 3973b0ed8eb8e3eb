"""What a take has to teach is judged as if it had never been played."""

import numpy as np
import pytest
from numpy.typing import NDArray

from calibration.fitting.supplement import COLUMNS, Layer, Lessons, errors_left_out, lay
from mapper.mapping import CODE_SIZE, N_INPUTS

Array = NDArray[np.float64]


def taught(n_rows: tuple[int, ...], weights: tuple[float, ...]) -> Lessons:
    """Takes of so many rows, each a slow walk, with codes that depend on what was played."""
    rng = np.random.default_rng(5)
    inputs, left = [], []
    for n in n_rows:
        x = np.zeros((n, N_INPUTS))
        x[:, COLUMNS] = rng.normal(0.0, 1.0, len(COLUMNS)) + rng.normal(
            0.0, 0.1, (n, len(COLUMNS))
        ).cumsum(axis=0)
        inputs.append(x)
        waves = np.sin(x[:, COLUMNS] @ rng.normal(0.0, 1.0, (len(COLUMNS), CODE_SIZE)))
        left.append(waves + rng.normal(0.0, 0.1, waves.shape))
    return Lessons(inputs, left, np.array(weights))


def error_without(layer: Layer, takes: Lessons, place: int, ridge: float) -> float:
    """Error of one take by least squares over the rows of the others and of the ridge."""
    others = [one for one in range(len(takes.left)) if one != place]
    rows = [np.sqrt(takes.weights[one]) * layer.heights[one] for one in others]
    wanted = [np.sqrt(takes.weights[one]) * takes.left[one] for one in others]
    root = np.sqrt(ridge) * np.linalg.cholesky(layer.likeness).T
    empty = np.zeros((len(root), CODE_SIZE))
    found = np.linalg.lstsq(np.vstack([*rows, root]), np.vstack([*wanted, empty]), rcond=None)[0]
    return float(((takes.left[place] - layer.heights[place] @ found) ** 2).sum(axis=1).mean())


@pytest.mark.parametrize("ridge", [0.3, 10.0])
@pytest.mark.parametrize(
    ("n_rows", "weights"),
    [
        ((40, 50, 60), (1.0, 1.0, 1.0)),
        ((1, 50, 400), (1.0, 1e-6, 2.0)),
        ((1, 1), (1.0, 0.5)),
    ],
)
def test_an_error_left_out_is_that_of_what_the_others_teach(
    n_rows: tuple[int, ...], weights: tuple[float, ...], ridge: float
):
    takes = taught(n_rows, weights)
    layer = lay(takes, 1.0)
    expected = [error_without(layer, takes, place, ridge) for place in range(len(n_rows))]
    np.testing.assert_allclose(errors_left_out(layer, takes, ridge), expected, rtol=1e-5)
