"""The table of anchors, each with its settings and the ways of recording that suit it."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF
from sklearn.linear_model import Ridge
from sklearn.neighbors import KNeighborsRegressor
from sklearn.neural_network import MLPRegressor

from calibration.simulation.lesson import TARGET_RATE_HZ, Lesson, Played
from calibration.study.anchors.mixture import MixtureRegression
from calibration.study.anchors.networks import (
    FLUCOMA_BATCH,
    FLUCOMA_EPOCHS,
    FLUCOMA_MOMENTUM,
    FLUCOMA_PATIENCE,
    FLUCOMA_RATE,
    FLUCOMA_VALIDATION,
    WekinatorNetworks,
)
from calibration.study.anchors.pairs import AGE, INPUTS, Scale, inputs_of, pairs_of, rows_at

Array = NDArray[np.float64]

BOTH_WAYS: Final = ("takes", "snapshots")


class Regressor(Protocol):
    """What learns frames from frames."""

    def fit(self, inputs: Array, outputs: Array) -> Any:  # noqa: ANN401
        """Learn."""

    def predict(self, inputs: Array) -> Array:
        """Answer."""


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """A flat learner: from features straight to the trajectory, frame by frame."""

    name: str
    make: Callable[[], Regressor]
    inputs: tuple[str, str] = ("timed", "plain")
    """Which of `INPUTS` suits takes, and which snapshots."""
    rate_hz: float = 50.0
    by_range: bool = False
    """Scale inputs and outputs by their range, not by their spread."""
    ways: tuple[str, ...] = BOTH_WAYS

    def fit(self, lesson: Lesson) -> Played:
        """Learn from pairs of frames."""
        names = INPUTS[self.inputs[lesson.way == "snapshots"]]
        pairs = pairs_of(lesson.demonstrations, names, self.rate_hz)
        measure = Scale.of_range if self.by_range else Scale.of
        into, out = measure(pairs.inputs), measure(pairs.outputs)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            regressor = self.make()
            regressor.fit(into.scaled(pairs.inputs), out.scaled(pairs.outputs))

        def played(touches: Array) -> Array:
            times_s = np.arange(0.0, touches[-1, AGE], 1.0 / TARGET_RATE_HZ)
            inputs = inputs_of(touches, names)[rows_at(touches, times_s)]
            answers = out.restored(regressor.predict(into.scaled(inputs)))
            newest = np.searchsorted(times_s, touches[:, AGE] + 1e-9, side="right") - 1
            return np.asarray(answers[newest])

        return played


def _flucoma(layers: tuple[int, ...]) -> Callable[[], Regressor]:
    def make() -> Regressor:
        return MLPRegressor(
            hidden_layer_sizes=layers, activation="relu", solver="sgd", alpha=0.0, batch_size=FLUCOMA_BATCH,
            learning_rate_init=FLUCOMA_RATE, momentum=FLUCOMA_MOMENTUM, nesterovs_momentum=False,
            max_iter=FLUCOMA_EPOCHS, early_stopping=True, validation_fraction=FLUCOMA_VALIDATION,
            n_iter_no_change=FLUCOMA_PATIENCE, random_state=1,
        )  # fmt: skip

    return make


def _process(length: float, noise: float) -> Callable[[], Regressor]:
    def make() -> Regressor:
        return GaussianProcessRegressor(RBF(length), alpha=noise, optimizer=None)

    return make


RICH: Final = ("all", "plain")
ANCHORS: Final = (
    Anchor(name="linear ridge", make=lambda: Ridge(alpha=1.0)),
    Anchor(name="kNN-1", make=lambda: KNeighborsRegressor(1)),
    Anchor(name="kNN-3", make=lambda: KNeighborsRegressor(3, weights="distance")),
    Anchor(name="Wekinator network", make=WekinatorNetworks, rate_hz=20.0, by_range=True),
    Anchor(name="FluCoMa network [3, 3]", make=_flucoma((3, 3)), inputs=RICH),
    Anchor(name="FluCoMa network [10]", make=_flucoma((10,)), inputs=RICH),
    Anchor(name="GMR-10", make=MixtureRegression, inputs=RICH),
    Anchor(name="Gaussian process", make=_process(4.0, 0.2), rate_hz=12.5),
)
"""Inputs, lengths and noise as they did best on hands that may be tuned on."""
