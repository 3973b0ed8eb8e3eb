"""Anchors learn what is simple, and each as its program does."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from calibration.simulation.case import Trial
from calibration.simulation.lesson import Demonstration, Lesson
from calibration.study.anchors.anchor import ANCHORS, Anchor
from calibration.study.anchors.mixture import MixtureRegression
from calibration.study.anchors.networks import WekinatorNetworks
from calibration.study.anchors.pairs import Scale, pairs_of
from calibration.study.anchors.written import Written
from calibration.study.evaluation import learn, score
from mapper.features import TOUCH_FIELDS
from presets.factory.gestures import frame_ages_s
from presets.factory.recipes import RECIPES
from presets.spaces import factory_space

SPACE = factory_space()
Array = NDArray[np.float64]
Curve = Callable[[Array], Array]
AGES_S = frame_ages_s(4.0)
TIMES_S = np.arange(400) / 100


def touches_of(press: Curve, slide: Curve) -> Array:
    rows = np.zeros((len(AGES_S), len(TOUCH_FIELDS)))
    rows[:, 0], rows[:, 1], rows[:, 2] = 0.5, press(AGES_S), slide(AGES_S)
    rows[:, 5], rows[:, 6], rows[:, 7] = 60.5, AGES_S, -1.0
    rows[:, 8] = np.diff(AGES_S, prepend=0.0)
    return rows


def simple_take(phase: float) -> Demonstration:
    """A take whose code follows press and slide in straight lines."""

    def press(t: Array) -> Array:
        return 0.5 + 0.4 * np.sin(1.3 * t + phase)

    def slide(t: Array) -> Array:
        return 0.5 + 0.4 * np.cos(0.9 * t + 2 * phase)

    codes = np.outer(press(TIMES_S), np.linspace(-1, 1, 16))
    codes += np.outer(slide(TIMES_S), np.cos(np.arange(16)))
    trajectory = np.column_stack([codes, -40.0 + 20.0 * press(TIMES_S), 0.0 * TIMES_S])
    return Demonstration(
        kind="free", note=60.5, strike=0.5, held_s=3.7, touches=touches_of(press, slide),
        trajectory=trajectory, recorded_s=(0.0, 3.7),
    )  # fmt: skip


def simple_lesson() -> Lesson:
    takes = tuple(simple_take(phase) for phase in np.linspace(0.0, 6.0, 8))
    return Lesson(space=SPACE, recipe=RECIPES[0], demonstrations=takes)


def unheard() -> list[Trial]:
    takes = [simple_take(phase) for phase in (0.5, 2.2, 4.7)]
    return [Trial(kind="free", touches=t.touches, truth=t.trajectory) for t in takes]


@pytest.mark.parametrize("anchor", ANCHORS, ids=lambda anchor: anchor.name)
def test_an_anchor_learns_a_straight_line(anchor: Anchor):
    limit = 0.8 if "[3, 3]" in anchor.name else 0.35
    assert learn(anchor, simple_lesson(), unheard()).nrmse < limit


def test_ridge_reproduces_a_straight_line_nearly_exactly():
    assert learn(ANCHORS[0], simple_lesson(), unheard()).nrmse < 0.05


def test_the_wekinator_network_repeats_itself_exactly():
    lesson = simple_lesson()
    wekinator = next(anchor for anchor in ANCHORS if anchor.name.startswith("Wekinator"))
    played = [wekinator.fit(lesson)(unheard()[0].touches) for _ in range(2)]
    np.testing.assert_array_equal(*played)


def test_wekinator_networks_learn_a_curve():
    inputs = np.random.default_rng(1).uniform(-1, 1, (300, 2))
    wanted = np.tanh(2.0 * inputs @ [[1.0, 0.5], [0.5, -1.0]])
    error = WekinatorNetworks().fit(inputs, wanted).predict(inputs) - wanted
    assert error.std() < 0.15 * wanted.std()


def test_mixture_regression_bends_where_the_data_bend():
    inputs = np.linspace(-2, 2, 400)[:, None]
    wanted = np.abs(inputs)
    error = MixtureRegression(6).fit(inputs, wanted).predict(inputs) - wanted
    assert error.std() < 0.15 * wanted.std()


@pytest.mark.parametrize("anchor", ANCHORS, ids=lambda anchor: anchor.name)
def test_a_still_hand_and_repeated_frames_are_no_trouble(anchor: Anchor):
    still = touches_of(lambda t: 0 * t + 0.5, lambda t: 0 * t + 0.5)
    take = Demonstration(
        kind="hold", note=60.5, strike=0.5, held_s=3.7, touches=still,
        trajectory=np.ones((400, 18)), recorded_s=(1.0, 2.0),
    )  # fmt: skip
    lesson = Lesson(space=SPACE, recipe=RECIPES[0], demonstrations=(take, take))
    assert np.isfinite(anchor.fit(lesson)(still)).all()


def test_snapshots_are_taken_only_while_the_hand_holds_still():
    take = simple_take(0.0)
    snapshot = Demonstration(**vars(take) | {"recorded_s": (1.0, 2.0)})
    pairs = pairs_of((snapshot,), ("press",), 50.0)
    assert len(pairs.inputs) == 50
    np.testing.assert_allclose(pairs.outputs, take.trajectory[100:200:2])


def test_scales_leave_constant_columns_alone():
    values = np.column_stack([np.ones(10), np.arange(10.0)])
    for scale in (Scale.of(values), Scale.of_range(values)):
        np.testing.assert_allclose(scale.restored(scale.scaled(values)), values)
        assert np.isfinite(scale.scaled(values)).all()


def test_the_factory_preset_takes_no_notice_of_takes():
    touches = unheard()[0].touches
    with_takes, without = simple_lesson(), Lesson(space=SPACE, recipe=RECIPES[0])
    np.testing.assert_array_equal(
        Written().fit(with_takes)(touches), Written().fit(without)(touches)
    )


def test_the_truth_scores_no_error_and_the_mean_scores_one():
    trials = unheard()
    times = {id(trial.touches): trial for trial in trials}

    def exact(touches: Array) -> Array:
        rows = np.minimum((touches[:, 6] * 100 + 0.5).astype(int), 399)
        return times[id(touches)].truth[rows]

    mean = np.vstack([trial.truth[:370] for trial in trials]).mean(axis=0)
    assert score(trials, exact).nrmse < 0.01
    assert score(trials, exact).roughness == pytest.approx(1.0, abs=0.05)
    assert score(trials, exact).ranges[0] == pytest.approx(1.0, abs=0.01)
    assert score(trials, lambda t: np.tile(mean, (len(t), 1))).nrmse == pytest.approx(1.0, abs=1e-6)
