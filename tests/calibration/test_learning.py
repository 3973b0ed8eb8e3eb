"""Learning from takes: better where they say something, unchanged where they do not."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from calibration.fitting.examples import Example, align
from calibration.fitting.learning import FAMILIES, LearningError, learn
from calibration.fitting.trust import trusted
from calibration.targets.description import describe
from mapper.features import TOUCH_FIELDS
from mapper.listening import gesture_features
from mapper.mapping import LOUDNESS, Mapping
from presets.factory.demonstrations import Composer
from presets.factory.gestures import frame_ages_s, wander
from presets.factory.recipes import RECIPES
from presets.spaces import factory_space
from presets.store import load

Array = NDArray[np.float64]

BREATH = next(recipe for recipe in RECIPES if recipe.name == "breath")
COMPOSER = Composer(factory_space(), BREATH)
BASE = load("breath").mapping
HELD_S = 3.0
PRESS, SLIDE = TOUCH_FIELDS.index("press"), TOUCH_FIELDS.index("slide")
AGE, SINCE = TOUCH_FIELDS.index("age_s"), TOUCH_FIELDS.index("since_lift_s")


WHOLE: tuple[float, float] = (0.0, 1.0)


def meant(seed: int, slide: tuple[float, float] = WHOLE) -> Array:
    """A free touch: press and slide wander slowly and apart."""
    rng = np.random.default_rng(seed)
    age_s = frame_ages_s(HELD_S + 0.3)
    rows = np.zeros((len(age_s), len(TOUCH_FIELDS)))
    rows[:, 0], rows[:, 5] = rng.uniform(0.3, 0.9), rng.integers(60, 80)
    rows[:, PRESS] = 0.1 + 0.85 * wander(rng, age_s, 0.8)
    rows[:, SLIDE] = np.interp(wander(rng, age_s, 1.1), WHOLE, slide)
    rows[:, AGE], rows[:, SINCE] = age_s, np.where(age_s < HELD_S, -1.0, age_s - HELD_S)
    rows[:, 8] = np.diff(age_s, prepend=0.0)
    return rows


def by_hand(rows: Array, exponent: float = 1.0, lag_s: float = 0.0) -> Array:
    """What comes of a touch from a hand that presses by a power, and late."""
    played = rows.copy()
    for column in (PRESS, SLIDE):
        played[:, column] = np.interp(rows[:, AGE] - lag_s, rows[:, AGE], rows[:, column])
    played[:, PRESS] **= exponent
    return played


def wanted(rows: Array, shift: float = 0.0) -> Array:
    """The target at 100 Hz; a shifted code is a part that no instrument knows."""
    features = gesture_features(rows).astype(np.float64)
    at = np.searchsorted(rows[:, AGE], np.arange(0.0, HELD_S + 0.2, 0.01) + 1e-9) - 1
    trajectory = COMPOSER.trajectory(features)[np.maximum(at, 0)]
    trajectory[:, 3] += shift * np.sin(3.0 * rows[np.maximum(at, 0), SLIDE])
    return trajectory


def example(
    seed: int, *, shift: float = 0.0, slide: tuple[float, float] = WHOLE, **hand: float
) -> Example:
    rows = meant(seed, slide)
    trajectory = wanted(rows, shift).astype(np.float32)
    return Example(
        touches=by_hand(rows, **hand),
        descriptors=describe(COMPOSER, trajectory, rows[0, 5], rows[0, 0]),
        trajectory=trajectory,
        held_s=HELD_S,
    )


def error(
    mapping: Mapping,
    column: int,
    *,
    shift: float = 0.0,
    slide: tuple[float, float] = WHOLE,
    **hand: float,
) -> float:
    """RMS error on touches that were never learned, played in time."""
    wrong = []
    for seed in range(100, 106):
        rows = meant(seed, slide)
        said = mapping.predict(gesture_features(by_hand(rows, **hand)))
        at = np.searchsorted(rows[:, AGE], np.arange(0.1, HELD_S, 0.01) + 1e-9) - 1
        target = wanted(rows, shift)[10 : 10 + len(at)]
        wrong.append(said[at, column] - target[:, column])
    return float(np.sqrt(np.mean(np.concatenate(wrong) ** 2)))


def test_without_takes_nothing_changes():
    learned = learn(BASE, [])
    assert learned.mapping is BASE
    assert not learned.adopted


def test_a_hand_of_its_own_is_read_after_a_few_takes():
    hand = {"exponent": 2.0}
    learned = learn(BASE, [example(seed, **hand, lag_s=0.12) for seed in range(5)])
    assert "reading" in learned.family
    assert error(learned.mapping, LOUDNESS, **hand) < 0.5 * error(BASE, LOUDNESS, **hand)


def test_a_sound_of_its_own_is_added_after_a_few_takes():
    learned = learn(BASE, [example(seed, shift=2.0) for seed in range(6)])
    assert "residual" in learned.family
    assert error(learned.mapping, 3, shift=2.0) < 0.7 * error(BASE, 3, shift=2.0)


def misread(seed: int, **wish: float) -> Example:
    """An imitation by somebody who took slide for loudness."""
    task = example(seed, **wish)
    exchanged = task.touches.copy()
    exchanged[:, [PRESS, SLIDE]] = task.touches[:, [SLIDE, PRESS]]
    return replace(task, touches=exchanged)


def test_a_take_that_was_misunderstood_counts_little():
    understood = [example(seed, shift=2.0) for seed in range(6)]
    rows = align(BASE, [*understood, misread(6, shift=2.0)], 1.0)
    *others, lost = [one.weight for one in trusted(BASE, rows)]
    assert lost < 0.3 < min(others)
    alone = learn(BASE, understood).mapping
    disturbed = learn(BASE, [*understood, misread(6, shift=2.0)]).mapping
    assert error(disturbed, 3, shift=2.0) < 1.02 * error(alone, 3, shift=2.0)


def test_takes_that_go_where_no_other_has_gone_are_learned_from():
    new = {"shift": 3.0, "slide": (0.65, 1.0)}
    takes = [example(seed, slide=(0.0, 0.35)) for seed in range(6)]
    learned = learn(BASE, [*takes, example(10, **new), example(11, **new)])
    assert error(learned.mapping, 3, **new) < 0.8 * error(BASE, 3, **new)


def test_of_two_takes_nobody_can_say_which_was_misunderstood():
    rows = align(BASE, [example(0), misread(1)], 1.0)
    assert [one.weight for one in trusted(BASE, rows)] == [1.0, 1.0]


def test_lateness_is_found_within_20_ms_of_the_truth():
    rows = align(BASE, [example(seed, lag_s=0.15) for seed in range(4)], 1.0)
    assert np.median([one.lag_s for one in rows]) == pytest.approx(0.15, abs=0.02)


def test_takes_that_say_nothing_leave_everything_as_it_was():
    rng = np.random.default_rng(4)
    made = []
    for seed in range(4):
        taught = example(seed)
        noise = rng.normal(0.0, 1.0, taught.trajectory.shape)[:, :16]
        trajectory = taught.trajectory.copy()
        trajectory[:, :16] += noise.astype(np.float32)
        made.append(replace(taught, trajectory=trajectory))
    learned = learn(BASE, made)
    assert learned.family == FAMILIES[0]
    assert learned.mapping is BASE


def test_equal_takes_give_equal_mappings():
    takes = [example(seed, exponent=1.6, shift=1.0) for seed in range(4)]
    first, second = (learn(BASE, takes).mapping.blob() for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_a_take_of_no_weight_is_as_if_it_were_not_there():
    takes = [example(seed, exponent=1.6) for seed in range(4)]
    ignored = replace(example(9, shift=5.0), weight=0.0)
    np.testing.assert_array_equal(
        learn(BASE, takes).mapping.blob(), learn(BASE, [*takes, ignored]).mapping.blob()
    )


def test_still_double_and_very_unequal_takes_are_learned_from():
    still = example(1)
    still.touches[:, [PRESS, SLIDE]] = 0.5
    short = example(2)
    held = short.touches[:, AGE] < 0.11
    short = replace(short, touches=short.touches[held], held_s=0.1)
    learned = learn(BASE, [still, still, short, example(3)])
    assert np.isfinite(learned.mapping.blob()).all()


def test_one_take_is_too_few_to_judge_so_nothing_is_adopted():
    assert not learn(BASE, [example(1, shift=3.0)]).adopted


def test_numbers_that_are_not_finite_are_refused():
    broken = example(1)
    broken.touches[30, PRESS] = np.nan
    with pytest.raises(LearningError, match="take 2 holds numbers that are not finite"):
        learn(BASE, [example(2), broken])


def test_an_empty_take_is_refused():
    empty = replace(example(1), touches=np.zeros((0, len(TOUCH_FIELDS))))
    with pytest.raises(LearningError, match="take 1 is shorter than 0.1 s"):
        learn(BASE, [empty])


def test_a_mapping_without_a_reading_cannot_be_taught():
    plain = replace(
        BASE,
        reading=None,
        instrument=replace(
            BASE.instrument,
            linear=BASE.instrument.linear[:24],
            hidden=BASE.instrument.hidden[:, :24],
        ),
    )
    with pytest.raises(LearningError, match="cannot be taught"):
        learn(plain, [example(1)])
