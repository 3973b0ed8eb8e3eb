"""Fitting: from demonstrations to a mapping, by ridge regression and a small network on the rest."""

import warnings
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import Ridge
from sklearn.neural_network import MLPRegressor

from mapper.mapping import CODE_SIZE, HIGHEST, LOWEST, TRAJECTORY_SIZE, Mapping
from presets.factory.demonstrations import Demonstrations

Array = NDArray[np.float64]

N_HIDDEN: Final = 48
ITERATIONS: Final = 400
RIDGE: Final = 1.0
UNITS: Final = np.array([1.0] * CODE_SIZE + [1.5, 5.0])
"""An error of one weighs the same: one deviation of the code, 1.5 dB, 5 cents."""
RANGE_QUANTILES: Final = (0.001, 0.999)


def fit(demonstrations: Demonstrations, seed: int) -> Mapping:
    """Fit a mapping to demonstrations; equal seeds give equal mappings."""
    features, targets = demonstrations
    low, high = np.quantile(features, RANGE_QUANTILES, axis=0)
    clamped = np.clip(features, low, high)
    centre, spread = clamped.mean(axis=0), np.maximum(clamped.std(axis=0), 1e-3)
    inputs, outputs = (clamped - centre) / spread, targets / UNITS
    ridge = Ridge(alpha=RIDGE).fit(inputs, outputs)
    network = MLPRegressor(
        hidden_layer_sizes=(N_HIDDEN,), activation="tanh", solver="lbfgs", alpha=1e-2, max_iter=ITERATIONS,
        max_fun=2 * ITERATIONS, tol=1e-7, random_state=seed,
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the iterations are the budget
        network.fit(inputs, outputs - ridge.predict(inputs))
    arrays = {
        "feature_low": low,
        "feature_high": high,
        "centre": centre,
        "spread": spread,
        "linear": ridge.coef_.T * UNITS,
        "offset": (ridge.intercept_ + network.intercepts_[1]) * UNITS,
        "hidden": network.coefs_[0].T,
        "bias": network.intercepts_[0],
        "out": network.coefs_[1] * UNITS,
        **output_range(targets),
    }
    return Mapping.from_arrays({name: np.asarray(a, np.float32) for name, a in arrays.items()})


def output_range(targets: Array) -> dict[str, Array]:
    """Bounds of the trajectory: what was demonstrated, and for the code a tenth of it beyond.

    A pitch offset that no demonstration uses is therefore exactly zero for ever.
    """
    lowest, highest = targets.min(axis=0), targets.max(axis=0)
    margin = np.where(np.arange(TRAJECTORY_SIZE) < CODE_SIZE, 0.1, 0.0) * (highest - lowest)
    return {
        "low": np.maximum(lowest - margin, LOWEST),
        "high": np.minimum(highest + margin, HIGHEST),
    }
