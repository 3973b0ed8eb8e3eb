"""What a study measures of a learned mapping is what it says."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from calibration.simulation.case import Case
from calibration.simulation.population import tuning_cases
from calibration.study.audio import Hearing, sound_of
from calibration.study.kernel_cost import kernel_us
from calibration.study.lateness import true_lags_s
from calibration.study.ours import Ours, base, evened, measured
from calibration.study.swings import swings
from mapper.features import TOUCH_FIELDS
from presets.spaces import factory_space
from presets.store import load

Array = NDArray[np.float64]
PRESS = TOUCH_FIELDS.index("press")
SPACE = factory_space()


@pytest.fixture(scope="module")
def case() -> Case:
    return tuning_cases(SPACE, 1)[0]


def ideal(case: Case) -> "Answer":
    """Answer each performance of a case with what should sound."""
    return Answer({id(trial.touches): trial.truth for trial in case.trials})


class Answer:
    """What should sound, by the performance."""

    def __init__(self, truths: dict[int, Array]) -> None:
        self._truths = truths

    def __call__(self, touches: Array) -> Array:
        truth = self._truths[id(touches)]
        return truth[np.minimum((100 * touches[:, 6] + 0.5).astype(int), len(truth) - 1)]


def test_what_should_sound_is_at_no_distance_from_itself(case: Case):
    hearing = Hearing(SPACE, case.trials)
    assert hearing.distance(ideal(case)) < 0.05


def test_the_wrong_sound_is_at_a_distance_of_one(case: Case):
    first = case.trials[:3]
    shifted = [
        replace(a, truth=b.truth) for a, b in zip(first, [*first[1:], first[0]], strict=True)
    ]
    wrong = Answer({id(trial.touches): trial.truth for trial in shifted})
    assert Hearing(SPACE, case.trials).distance(wrong) == pytest.approx(1.0, abs=0.05)


def test_a_trajectory_sounds_for_as_long_as_it_is(case: Case):
    assert len(sound_of(SPACE, case.trials[0].truth[:100], 60.0)) == 48_000


def test_the_study_knows_how_late_each_take_was(case: Case):
    lags_s = true_lags_s(case)
    assert len(lags_s) == len(case.takes)
    drawn_s = case.player("takes").body.numbers["lag_s"]
    assert np.median(lags_s) == pytest.approx(drawn_s, abs=0.06)


def test_ramps_make_the_press_of_a_hand_even():
    case = tuning_cases(SPACE, 2)[1]
    hand = measured(case.lesson("ramps and takes", 16.0))
    assert hand is not None
    (_, ramp), *_ = case.ramps
    raw, even = ramp[:, PRESS], evened(hand, ramp)[:, PRESS]
    held = ramp[:, 7] < 0.0
    straight = np.interp(ramp[held, 6], [0.0, 1.85, 3.7], [0.0, 1.0, 0.0])
    assert np.abs(even[held] - straight).mean() < np.abs(raw[held] - straight).mean()


def test_without_ramps_there_is_no_hand(case: Case):
    assert measured(case.lesson("takes", 24.0)) is None
    np.testing.assert_array_equal(evened(None, case.trials[0].touches), case.trials[0].touches)


def test_without_takes_ours_is_the_factory_preset(case: Case):
    lesson = case.lesson("ramps and takes", 0.0)
    assert Ours().fit(lesson).mapping == base(SPACE, lesson.recipe)
    assert not Ours().fit(lesson).learned.adopted


def test_a_steady_hold_through_a_factory_preset_does_not_swing(case: Case):
    found = swings(case, Ours().fit(case.lesson("ramps and takes", 0.0)))
    assert not any(found.false_vibratos)
    assert len(found.extent_errors) > 0


def test_the_kernel_costs_something(case: Case):
    assert 0.1 < kernel_us(load("bow").mapping, case.trials[0].touches) < 1000.0
