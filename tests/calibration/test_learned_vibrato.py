"""Learning with a vibrato in the takes: apart from all else, and kept for the next time."""

import numpy as np
import pytest
from numpy.typing import NDArray

from calibration.fitting.examples import Example
from calibration.fitting.learning import learn, stilled
from calibration.fitting.stilling import still_sound
from calibration.targets.articulations import articulate
from calibration.targets.known_instruments import recipe_named
from calibration.targets.target import Target
from mapper.features import TOUCH_FIELDS
from mapper.mapping import PITCH_OFFSET, Mapping
from presets.factory.demonstrations import Composer
from presets.factory.gestures import frame_ages_s
from presets.spaces import factory_space
from presets.store import load

Array = NDArray[np.float64]


@pytest.fixture(scope="module")
def base() -> Mapping:
    return load("bow").mapping


@pytest.fixture(scope="module")
def targets() -> dict[str, Target]:
    space = factory_space()
    composer = Composer(space, recipe_named(space, "bow"))
    return {kind: articulate(composer, kind, note=60.0) for kind in ("vibrato-bow", "swell")}


def imitation(target: Target, swing: float) -> Example:
    """Follow a target's slow level, swinging in a way of one's own."""
    ages_s = frame_ages_s(target.held_s + 0.4)
    level = np.interp(ages_s, target.times_s, still_sound(target)[1][:, 0])
    wave = np.sin(2 * np.pi * 4.3 * ages_s) * (ages_s > 0.5)
    held = ages_s < target.held_s
    columns = {
        "strike": target.strike,
        "press": np.clip((level + 45.0) / 35.0 + 0.2 * swing * wave, 0.02, 1.0) * held,
        "slide": 0.5,
        "glide_semitones": swing * wave,
        "note": target.note,
        "age_s": ages_s,
        "since_lift_s": np.where(held, -1.0, ages_s - target.held_s),
        "dt_s": np.diff(ages_s, prepend=0.0),
    }
    rows = np.zeros((len(ages_s), len(TOUCH_FIELDS)))
    for name, column in columns.items():
        rows[:, TOUCH_FIELDS.index(name)] = column
    return Example(
        touches=rows,
        descriptors=target.descriptors,
        trajectory=target.trajectory,
        held_s=target.held_s,
    )


def test_a_vibrato_is_learned_beside_the_rest(base: Mapping, targets: dict[str, Target]):
    takes = [imitation(targets["swell"], 0.0), imitation(targets["vibrato-bow"], 0.2)]
    learned = learn(base, takes)
    assert learned.adopted
    assert learned.vibrato is not None
    assert learned.mapping.vibrato is learned.vibrato
    assert learned.vibrato.rate_hz == pytest.approx(4.3, abs=0.1)
    assert learned.vibrato.extent_cents == pytest.approx(27.0, rel=0.05)


def test_a_vibrato_that_is_known_outlasts_takes_without_one(
    base: Mapping, targets: dict[str, Target]
):
    known = learn(base, [imitation(targets["vibrato-bow"], 0.2)]).mapping
    again = learn(known, [imitation(targets["swell"], 0.0)])
    assert again.vibrato is None
    assert again.mapping.vibrato is known.vibrato


def test_takes_without_a_vibrato_teach_none(base: Mapping, targets: dict[str, Target]):
    asked_in_vain = learn(base, [imitation(targets["vibrato-bow"], 0.0)])
    unasked = learn(base, [imitation(targets["swell"], 0.2)])
    assert asked_in_vain.mapping.vibrato is None
    assert unasked.mapping.vibrato is None


def test_what_is_left_to_learn_stands_still(targets: dict[str, Target]):
    take = imitation(targets["vibrato-bow"], 0.2)
    still = stilled(take)
    later = slice(100, 350)
    assert np.ptp(take.trajectory[later, PITCH_OFFSET]) > 50.0
    assert np.ptp(still.trajectory[later, PITCH_OFFSET]) < 5.0
    glide = still.touches[:, TOUCH_FIELDS.index("glide_semitones")]
    assert np.ptp(glide[300:800]) < 0.04
