"""Embouchure as a learner of the study: hand from ramps, mapping from takes, vibrato apart."""

import inspect
import time
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save

from calibration.fitting.examples import Example
from calibration.fitting.learning import Learned, learn
from calibration.hand.measurement import measure
from calibration.hand.sitting import Sitting
from calibration.simulation.lesson import Demonstration, Lesson
from calibration.simulation.shelf import FOLDER, name_of
from calibration.targets.description import describe
from mapper.evener import Evener
from mapper.features import TOUCH_FIELDS
from mapper.gestures import Gesture
from mapper.hand import Hand, HandError
from mapper.mapping import PITCH_OFFSET, Mapping
from mapper.playing import play
from mapper.touch import Kind, TouchEvent
from mapper.whole_file import write_whole
from presets.factory import fitting
from presets.factory.demonstrations import Composer
from presets.factory.design import learn as demonstrated
from presets.factory.making import SEED
from presets.factory.recipes import RECIPES, Recipe
from presets.store import load
from synth.space import Space

Array = NDArray[np.float64]

STRIKE, PRESS, SLIDE, GLIDE, LIFT = range(5)
SINCE_LIFT: Final = TOUCH_FIELDS.index("since_lift_s")
AGE: Final = TOUCH_FIELDS.index("age_s")


@dataclass(frozen=True, kw_only=True)
class Taught:
    """What was learned of one lesson; called with touch rows it answers as a learner must.

    Attributes
    ----------
    fit_s
        Processor time that learning took once each take was described.
    """

    hand: Hand | None
    learned: Learned
    fit_s: float = 0.0

    @property
    def mapping(self) -> Mapping:
        """What plays."""
        return self.learned.mapping

    def __call__(self, touches: Array) -> Array:
        """Play a touch as the engine would."""
        even = evened(self.hand, touches)
        trajectory = play(self.mapping, even).astype(np.float64)
        trajectory[:, PITCH_OFFSET] += 100.0 * even[:, GLIDE]
        return trajectory


@dataclass(frozen=True, kw_only=True)
class Ours:
    """The way of this program."""

    name: str = "Embouchure"
    ways: tuple[str, ...] = ("ramps and takes", "takes")

    def fit(self, lesson: Lesson) -> Taught:
        """Measure the hand if there are ramps, then learn from the takes."""
        hand = measured(lesson)
        composer = Composer(lesson.space, lesson.recipe)
        takes = [_even_take(hand, take) for take in lesson.demonstrations]
        examples = [_example(composer, take) for take in takes]
        begun_s = time.process_time()
        learned = learn(base(lesson.space, lesson.recipe), examples)
        return Taught(hand=hand, learned=learned, fit_s=time.process_time() - begun_s)


@cache
def base(space: Space, recipe: Recipe) -> Mapping:
    """Take what a preset of this recipe knows before any player came."""
    if recipe in RECIPES:
        return load(recipe.name).mapping
    made = name_of([space.sha256, repr(recipe), inspect.getsource(fitting)])
    path = FOLDER / f"{made}.safetensors"
    try:
        return Mapping.from_arrays(load_file(path))
    except OSError:
        composer = Composer(space, recipe)
        mapping = fitting.fit_parts(composer, demonstrated(composer), SEED)
    FOLDER.mkdir(parents=True, exist_ok=True)
    write_whole(path, save(mapping.arrays()))
    return mapping


def measured(lesson: Lesson) -> Hand | None:
    """Measure the hand by its ramps; none where there are none, or where they show no hand."""
    swept = {
        dimension: [_gesture(rows) for name, rows in lesson.ramps if name == dimension]
        for dimension in ("press", "slide")
    }
    sitting = Sitting(swells=swept["press"], sweeps=swept["slide"])
    try:
        return measure(sitting, player="simulated", controller="simulated")
    except HandError:
        return None


def evened(hand: Hand | None, touches: Array) -> Array:
    """Say touch rows again as the hand meant them."""
    if hand is None:
        return touches
    even, evener = touches.copy(), Evener(hand)
    for row in even:
        kind = Kind.LIFT if row[SINCE_LIFT] >= 0.0 else Kind.MOVE
        said = TouchEvent(0.0, kind, 0, 0, 0.0, *row[: LIFT + 1].tolist())
        heard = evener.apply(said)
        row[: LIFT + 1] = heard.strike, heard.press, heard.slide, heard.glide_semitones, heard.lift
    return even


def _even_take(hand: Hand | None, take: Demonstration) -> Demonstration:
    return replace(take, touches=evened(hand, take.touches))


def _gesture(rows: Array) -> Gesture:
    held = rows[rows[:, SINCE_LIFT] < 0.0]
    return Gesture(
        touch=0,
        zone=0,
        note=float(rows[0, TOUCH_FIELDS.index("note")]),
        strike=float(rows[0, STRIKE]),
        lift=float(rows[-1, LIFT]),
        times_s=held[:, AGE],
        press=held[:, PRESS],
        slide=held[:, SLIDE],
        glide_semitones=held[:, GLIDE],
    )


def _example(composer: Composer, take: Demonstration) -> Example:
    trajectory = take.trajectory.astype(np.float32)
    return Example(
        touches=take.touches,
        descriptors=describe(composer, trajectory, take.note, take.strike),
        trajectory=trajectory,
        held_s=take.held_s,
    )
