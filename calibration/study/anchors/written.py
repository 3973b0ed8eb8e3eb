"""The do-nothing anchor: a factory preset as it is, press for loudness and slide for brightness."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.simulation.lesson import Lesson, Played
from mapper.features import TOUCH_FIELDS
from mapper.listening import gesture_features
from mapper.mapping import PITCH_OFFSET
from presets.factory.demonstrations import Composer
from presets.store import factory_names, load

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Written:
    """The mapping written by hand: the factory preset where there is one, else its recipe."""

    name: str = "factory preset"
    ways: tuple[str, ...] = ("takes",)

    def fit(self, lesson: Lesson) -> Played:
        """Take no notice of what was demonstrated."""
        answer = _answer(lesson)

        def played(touches: Array) -> Array:
            trajectory = answer(gesture_features(touches).astype(np.float64)).astype(np.float64)
            trajectory[:, PITCH_OFFSET] += 100.0 * touches[:, TOUCH_FIELDS.index("glide_semitones")]
            return trajectory

        return played


def _answer(lesson: Lesson) -> Callable[[Array], NDArray[np.floating]]:
    if lesson.recipe.name not in factory_names():
        return Composer(lesson.space, lesson.recipe).trajectory
    mapping = load(lesson.recipe.name).mapping
    return lambda features: mapping.predict(features.astype(np.float32))
