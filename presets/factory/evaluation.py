"""Evaluation: how well a mapping follows demonstrations it was not fitted on, beside baselines."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import Ridge
from sklearn.neighbors import KNeighborsRegressor

from mapper.mapping import CODE_SIZE, LOUDNESS, Mapping
from presets.factory.demonstrations import Demonstrations

Array = NDArray[np.float64]
Predictor = Callable[[Array], Array]

N_NEIGHBOURS: Final = 3
SYSTEMS: Final = ("mapping", "mean", "ridge", "kNN-3")


def code_error(predicted: Array, targets: Array) -> float:
    """RMS error of the code over the RMS spread of the target, pooled over the 16 numbers."""
    error = predicted[:, :CODE_SIZE] - targets[:, :CODE_SIZE]
    spread = targets[:, :CODE_SIZE] - targets[:, :CODE_SIZE].mean(axis=0)
    return float(np.sqrt((error**2).sum() / (spread**2).sum()))


def loudness_error_db(predicted: Array, targets: Array) -> float:
    """RMS error of the loudness in dB."""
    return float(np.sqrt(np.mean((predicted[:, LOUDNESS] - targets[:, LOUDNESS]) ** 2)))


def predictors(mapping: Mapping, seen: Demonstrations) -> dict[str, Predictor]:
    """Return the mapping and its baselines, each fitted on the same demonstrations."""
    mean, spread = seen.features.mean(axis=0), seen.features.std(axis=0) + 1e-9
    inputs = (seen.features - mean) / spread
    ridge = Ridge(alpha=1.0).fit(inputs, seen.targets)
    neighbours = KNeighborsRegressor(N_NEIGHBOURS, weights="distance").fit(inputs, seen.targets)
    average = seen.targets.mean(axis=0)
    return {
        "mapping": lambda x: mapping.predict(x.astype(np.float32)).astype(np.float64),
        "mean": lambda x: np.tile(average, (len(x), 1)),
        "ridge": lambda x: np.asarray(ridge.predict((x - mean) / spread)),
        "kNN-3": lambda x: np.asarray(neighbours.predict((x - mean) / spread)),
    }


def compare(
    mapping: Mapping, seen: Demonstrations, unseen: Demonstrations
) -> dict[str, dict[str, float]]:
    """Errors of each system on unseen demonstrations: system -> measure -> value."""
    rows = {}
    for name, predict in predictors(mapping, seen).items():
        predicted = predict(unseen.features)
        rows[name] = {
            "code_nrmse": code_error(predicted, unseen.targets),
            "loudness_db": loudness_error_db(predicted, unseen.targets),
        }
    return rows
