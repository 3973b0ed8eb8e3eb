"""The noise floor: what an oracle makes of seven minutes paired exactly with what was meant."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.kernel_approximation import RBFSampler
from sklearn.linear_model import Ridge
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import FeatureUnion, Pipeline
from sklearn.preprocessing import FunctionTransformer

from calibration.simulation.lesson import Lesson, Played
from calibration.study.anchors.pairs import INPUTS, Pairs, Scale, inputs_of, pairs_of

Array = NDArray[np.float64]

RATE_HZ: Final = 50.0
HELD_BACK: Final = 5
"""Every so many takes one is held back to choose between the candidates."""
N_WAVES: Final = 600
WIDTHS: Final = (0.01, 0.03)
"""Inverse squared lengths of the waves' variation, inputs of spread 1."""
RIDGE: Final = 10.0


def _candidates() -> list[Pipeline | MLPRegressor]:
    waves: list[Pipeline | MLPRegressor] = [
        Pipeline(
            [
                (
                    "features",
                    FeatureUnion(
                        [
                            ("straight", FunctionTransformer()),
                            (
                                "waves",
                                RBFSampler(gamma=width, n_components=N_WAVES, random_state=1),
                            ),
                        ]
                    ),
                ),
                ("ridge", Ridge(alpha=RIDGE)),
            ]
        )
        for width in WIDTHS
    ]
    network = MLPRegressor(
        hidden_layer_sizes=(64, 64), activation="tanh", alpha=1e-2, batch_size=256, learning_rate_init=3e-3,
        max_iter=40, random_state=1, tol=0.0, n_iter_no_change=40,
    )  # fmt: skip
    return [*waves, network]


@dataclass(frozen=True, kw_only=True)
class Oracle:
    """The best of several strong learners, chosen on takes held back."""

    name: str = "floor"
    ways: tuple[str, ...] = ("takes",)

    def fit(self, lesson: Lesson) -> Played:
        """Learn from a clean lesson."""
        names = INPUTS["all"]
        pairs = pairs_of(lesson.demonstrations, names, RATE_HZ)
        into, out = Scale.of(pairs.inputs), Scale.of(pairs.outputs)
        scaled = Pairs(into.scaled(pairs.inputs), out.scaled(pairs.outputs), pairs.takes)
        best = min(_candidates(), key=lambda candidate: _held_back_error(candidate, scaled))
        best.fit(scaled.inputs, scaled.outputs)

        def played(touches: Array) -> Array:
            return out.restored(best.predict(into.scaled(inputs_of(touches, names))))

        return played


def _held_back_error(candidate: Pipeline | MLPRegressor, pairs: Pairs) -> float:
    back = pairs.takes % HELD_BACK == 0
    candidate.fit(pairs.inputs[~back], pairs.outputs[~back])
    return float(np.mean((candidate.predict(pairs.inputs[back]) - pairs.outputs[back]) ** 2))
