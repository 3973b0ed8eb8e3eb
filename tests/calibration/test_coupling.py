"""A player's habit and a target's vibrato, learned apart and joined."""

import numpy as np
import pytest
from numpy.typing import NDArray

from calibration.fitting.coupling import coupling, habit, learn_vibrato
from calibration.fitting.stilling import still_sound, still_touches
from calibration.targets.articulations import articulate
from calibration.targets.known_instruments import recipe_named
from calibration.targets.phasors import phasors_at
from calibration.targets.target import TARGET_RATE_HZ, Target
from calibration.targets.vibrato_styles import (
    BOW_VIBRATO,
    FLUTE_VIBRATO,
    TRUMPET_VIBRATO,
    VOICE_VIBRATO,
    VibratoStyle,
)
from mapper.features import TOUCH_FIELDS
from mapper.mapping import LOUDNESS, PITCH_OFFSET
from presets.factory.demonstrations import Composer
from presets.factory.gestures import frame_ages_s
from presets.spaces import factory_space

Array = NDArray[np.float64]
HELD_S = 3.5
STYLES = {
    "vibrato-trumpet": TRUMPET_VIBRATO,
    "vibrato-flute": FLUTE_VIBRATO,
    "vibrato-bow": BOW_VIBRATO,
    "vibrato-voice": VOICE_VIBRATO,
}


@pytest.fixture(scope="module")
def targets() -> dict[str, Target]:
    space = factory_space()
    composer = Composer(space, recipe_named(space, "trumpet"))
    return {kind: articulate(composer, kind, note=67.0) for kind in (*STYLES, "swell", "free")}


def touch(glide: float = 0.0, press: float = 0.0, slide: float = 0.0, hz: float = 4.3) -> Array:
    """Hold a key, swinging each dimension so far from half a second on, and lift."""
    ages_s = frame_ages_s(HELD_S + 0.5)
    wave = np.sin(2 * np.pi * hz * ages_s) * (ages_s > 0.5)
    rows = np.zeros((len(ages_s), len(TOUCH_FIELDS)))
    columns = {
        "strike": 0.5,
        "press": 0.5 + press * wave,
        "slide": 0.4 + slide * wave,
        "glide_semitones": glide * wave,
        "note": 60.0,
        "age_s": ages_s,
        "since_lift_s": np.where(ages_s > HELD_S, ages_s - HELD_S, -1.0),
        "dt_s": np.diff(ages_s, prepend=0.0),
    }
    for name, column in columns.items():
        rows[:, TOUCH_FIELDS.index(name)] = column
    return rows


@pytest.mark.parametrize("kind", STYLES)
def test_what_a_target_was_made_with_is_found_in_it(kind: str, targets: dict[str, Target]):
    style: VibratoStyle = STYLES[kind]
    found = coupling(targets[kind])
    assert found is not None
    assert found.oscillation.rate_hz == pytest.approx(style.rate_hz, abs=0.15)
    assert found.extent_cents == pytest.approx(style.extent_cents, rel=0.03)
    assert found.extent_db == pytest.approx(style.swing_db, rel=0.05)
    assert found.extent_brightness == pytest.approx(style.swing_brightness, rel=0.1)
    assert found.oscillation.lean == pytest.approx(style.asymmetry, abs=0.1)
    half_grown_s = style.onset_s + style.growth_s / 2
    assert found.oscillation.onset_s == pytest.approx(half_grown_s, abs=0.06)


@pytest.mark.parametrize("kind", ["swell", "free"])
def test_a_target_without_a_vibrato_couples_nothing(kind: str, targets: dict[str, Target]):
    assert coupling(targets[kind]) is None


@pytest.mark.parametrize(
    ("swung", "axis", "extents"),
    [
        ({"glide": 0.2, "press": 0.04}, "glide", (0.2, 0.04, 0.0)),
        ({"press": 0.05}, "press", (0.0, 0.05, 0.0)),
        ({"slide": 0.08, "press": 0.02}, "slide", (0.0, 0.02, 0.08)),
    ],
)
def test_a_habit_is_its_axis_its_rate_and_what_goes_along(
    swung: dict[str, float], axis: str, extents: tuple[float, ...]
):
    found = habit(touch(**swung))
    assert found is not None
    assert found.axis == axis
    assert found.rate_hz == pytest.approx(4.3, abs=0.1)
    assert found.extents == pytest.approx(extents, rel=0.1, abs=0.004)
    assert found.onset_s == pytest.approx(0.5, abs=0.08)


@pytest.mark.parametrize(
    "rows",
    [touch(), touch(glide=0.2, hz=10.0), touch()[:1], touch()[:0], touch() * np.nan],
    ids=["still", "tremor", "one row", "no row", "nan"],
)
def test_a_gesture_without_a_vibrato_tells_no_habit(rows: Array):
    assert habit(rows) is None


def test_habit_and_coupling_join_to_what_the_mapping_plays(targets: dict[str, Target]):
    asked, unasked = targets["vibrato-trumpet"], targets["swell"]
    gestures = [touch(glide=0.18, press=0.03), touch(), touch(glide=0.22, press=0.05)]
    takes = [*((rows, asked) for rows in gestures), (touch(slide=0.3, hz=3.5), unasked)]
    learned = learn_vibrato(takes)
    assert learned is not None
    assert (learned.axis, learned.amount) == ("glide", 1.0)
    assert learned.extents == pytest.approx((0.2, 0.04, 0.0), rel=0.05, abs=0.004)
    assert learned.extent_cents == pytest.approx(22.0, rel=0.03)
    assert learned.swings[0, LOUDNESS] == pytest.approx(1.8, rel=0.05)
    assert learned.swings[2, PITCH_OFFSET] == pytest.approx(-0.6 * 22.0, abs=2.5)


def test_without_a_habit_or_a_coupling_nothing_is_learned(targets: dict[str, Target]):
    assert learn_vibrato([(touch(), targets["vibrato-bow"])]) is None
    assert learn_vibrato([(touch(glide=0.2), targets["swell"])]) is None


def test_a_still_take_moves_as_before_but_for_the_swing():
    swung, quiet = touch(glide=0.2, press=0.05), touch()
    stilled = still_touches(swung)
    columns = [TOUCH_FIELDS.index(name) for name in ("glide_semitones", "press", "slide")]
    middle = (swung[:, 6] > 0.8) & (swung[:, 6] < 3.2)
    assert np.abs((stilled - quiet)[middle][:, columns]).max() < 0.02
    others = [i for i in range(len(TOUCH_FIELDS)) if i not in columns]
    np.testing.assert_array_equal(stilled[:, others], swung[:, others])


@pytest.mark.parametrize("rows", [touch(), touch()[:1], touch() * np.nan])
def test_a_take_without_a_vibrato_stays_as_it_is(rows: Array):
    np.testing.assert_array_equal(still_touches(rows), rows)


def test_a_still_target_keeps_its_swell_and_loses_its_wobble(targets: dict[str, Target]):
    target = targets["vibrato-flute"]
    trajectory, descriptors = still_sound(target)
    later = slice(120, 380)
    pairs = [(target.trajectory, trajectory), (target.descriptors, descriptors)]
    for before, after in pairs:
        wobbles = [[_wobble(curve) for curve in rows[later].T] for rows in (before, after)]
        np.testing.assert_array_less(wobbles[1], 0.1 * np.array(wobbles[0]) + 1e-3)
    assert np.ptp(trajectory[later, LOUDNESS]) > 1.0


def _wobble(curve: Array) -> float:
    return float(np.abs(phasors_at(curve, TARGET_RATE_HZ, FLUTE_VIBRATO.rate_hz)).mean())


def test_a_target_without_a_vibrato_stays_as_it_is(targets: dict[str, Target]):
    trajectory, descriptors = still_sound(targets["swell"])
    np.testing.assert_array_equal(trajectory, targets["swell"].trajectory)
    np.testing.assert_array_equal(descriptors, targets["swell"].descriptors)
