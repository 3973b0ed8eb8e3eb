"""Audio: how far what sounds is from what should, after the decoder, beside a wrong sound."""

from collections.abc import Sequence
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.simulation.case import Trial
from calibration.simulation.lesson import TARGET_RATE_HZ, Played
from calibration.study.evaluation import sampled
from calibration.targets.target import Target
from mapper.features import TOUCH_FIELDS
from mapper.mapping import HIGHEST, LOWEST
from mapper.reading import N_DESCRIPTORS
from mapper.touch import Kind
from synth.analysis.distance import mel_distance_db
from synth.analysis.frames import RATE_HZ
from synth.engine.engine import Engine, Event
from synth.offline import render
from synth.patch import RoomSettings
from synth.space import Space

Array = NDArray[np.float64]

N_HEARD: Final = 3
"""Performances of a case that are heard, of different kinds."""
DRY: Final = RoomSettings(mix=0.0)
LIFT: Final = 0.5
NOTE: Final = TOUCH_FIELDS.index("note")


def sound_of(space: Space, trajectory: Array, note: float) -> Array:
    """Sound a trajectory through the engine, dry, shape (n_frames,) at `RATE_HZ`."""
    held_s = len(trajectory) / TARGET_RATE_HZ
    target = Target(
        name="heard", kind="heard", note=note, strike=LIFT, held_s=held_s,
        trajectory=np.clip(trajectory, LOWEST, HIGHEST).astype(np.float32),
        descriptors=np.zeros((len(trajectory), N_DESCRIPTORS), np.float32),
    )  # fmt: skip
    engine = Engine(space, rate_hz=RATE_HZ)
    engine.select(engine.install(target.patch(room=DRY)))
    touch = (note, LIFT, LIFT, LIFT, 0.0, 0.0)
    events = [
        Event(0, 1, int(Kind.STRIKE), 0, *touch),
        Event(round(held_s * RATE_HZ), 1, int(Kind.LIFT), 0, *touch),
    ]
    return render(engine, events, 0)[:, 0].astype(np.float64)


class Hearing:
    """The first performances of a case as they should sound, and the distance of wrong sounds.

    The wrong sound of each performance is what should sound in the next of them, at its own key.
    """

    def __init__(self, space: Space, trials: Sequence[Trial]) -> None:
        self._space = space
        self._trials = trials[:N_HEARD]

    @cached_property
    def _right(self) -> list[Array]:
        return [self._sound(trial, trial.truth[: trial.held_rows]) for trial in self._trials]

    @cached_property
    def _wrong_db(self) -> float:
        others = [*self._trials[1:], self._trials[0]]
        sounds = [
            self._sound(trial, other.truth[: other.held_rows])
            for trial, other in zip(self._trials, others, strict=True)
        ]
        return self._distance_db(sounds)

    def distance(self, played: Played) -> float:
        """Log-mel distance of a mapping to what should sound, over that of the wrong sounds."""
        sounds = [self._sound(trial, sampled(trial, played)) for trial in self._trials]
        return self._distance_db(sounds) / self._wrong_db

    def _sound(self, trial: Trial, trajectory: Array) -> Array:
        return sound_of(self._space, trajectory, float(trial.touches[0, NOTE]))

    def _distance_db(self, sounds: list[Array]) -> float:
        pairs = zip(self._right, sounds, strict=True)
        return sum(mel_distance_db(right, sound)[0] for right, sound in pairs)
