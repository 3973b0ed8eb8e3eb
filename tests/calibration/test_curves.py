"""What is asked for and what a hand does, drawn over each other."""

import pytest

from calibration.demonstrations.curves import MOST_POINTS, Picture, rows_of, sounded
from calibration.demonstrations.pupil import Pupil
from calibration.demonstrations.take import Take
from calibration.simulation.events import touch_events
from calibration.simulation.player import Player
from calibration.targets.target import Target
from presets.spaces import factory_space
from presets.store import load

WHO = {"target", "hand", "before"}


@pytest.fixture(scope="module")
def pupil() -> Pupil:
    return Pupil(load("breath"), factory_space(), ["scoop"])


@pytest.fixture(scope="module")
def target(pupil: Pupil) -> Target:
    return pupil.target("scoop")


@pytest.fixture(scope="module")
def take(target: Target) -> Take:
    touches = Player(3, "power", 1).imitate(target)
    return Take(target=target, touches=touches.astype("float32"), key="one")


def test_three_lanes_show_what_a_target_asks_for(target: Target):
    lanes = Picture(target).lanes()
    assert [lane.name for lane in lanes] == ["loudness", "brightness", "pitch"]
    assert all(set(lane.lines) == {"target"} for lane in lanes)
    assert lanes[0].lines["target"][-1][0] == pytest.approx(target.held_s, abs=0.02)


def test_a_hand_is_drawn_as_far_as_it_has_moved(target: Target, take: Take):
    events = list(touch_events(take.touches.astype(float), 1, start_s=5.0))
    growing = events[:10]
    picture = Picture(target)
    picture.follow(growing)
    short = picture.lanes()[0].lines["hand"]
    growing += events[10:]
    assert picture.lanes()[0].lines["hand"][-1][0] > short[-1][0]
    assert short[0][0] == 0.0


def test_what_a_preset_makes_of_a_take_is_drawn_on_the_targets_scale(
    pupil: Pupil, target: Target, take: Take
):
    picture = Picture(target)
    picture.follow(list(touch_events(take.touches.astype(float), 1)))
    picture.draw_sound("before", pupil.preset, pupil.composer, take)
    for lane in rows_of(picture.lanes()):
        assert set(lane["lines"]) == WHO
        for line in lane["lines"].values():
            assert len(line) <= MOST_POINTS
            assert all(0.0 <= value <= 1.0 for _, value in line)


def test_the_pitch_that_is_drawn_is_the_one_that_sounds(pupil: Pupil, take: Take):
    heard = sounded(pupil.preset, pupil.composer, take)
    bend_cents = 100.0 * float(take.touches[:, 3].min())
    assert heard[:, 2].min() == pytest.approx(bend_cents, abs=60.0)
