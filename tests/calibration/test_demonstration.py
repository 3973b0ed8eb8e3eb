from functools import cache
from itertools import pairwise
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pytest

from calibration.demonstrations.blind import FACTORY, YOURS
from calibration.demonstrations.controls import HOLD_S
from calibration.demonstrations.demonstration import Demonstrated
from calibration.demonstrations.pupil import Pupil
from calibration.demonstrations.take_store import TakeStore
from calibration.demonstrations.verdict import AGAIN
from calibration.guide import Action, Click, Prompt, Say, Show, Sound
from calibration.rehearsal import Rehearsed, Score
from calibration.targets.target import Target
from mapper.performance import Played
from mapper.touch import Kind
from tests.calibration.school import Prefers, lesson, pages

N_TAKES = 3


@cache
def held(taste: str = YOURS) -> tuple[Rehearsed, TakeStore]:
    return lesson(Path(mkdtemp()), N_TAKES, taste)


def done() -> list[tuple[float, Action]]:
    return list(held()[0].actions)


def result(rehearsed: Rehearsed) -> Demonstrated:
    assert isinstance(rehearsed.result, Demonstrated)
    return rehearsed.result


def test_each_take_is_heard_counted_in_imitated_and_heard_beside_its_target() -> None:
    titles = pages(done())
    one = ["LISTEN", "4", "3", "2", "1", "PLAY", "MOVE"]
    first = titles.index("LISTEN")
    assert titles[first : first + len(one)] == one
    assert [t for t in titles if t in ("LISTEN", "PLAY", "TARGET", "YOURS")] == N_TAKES * [
        "LISTEN",
        "PLAY",
        "TARGET",
        "YOURS",
    ]


def test_it_is_counted_in_evenly() -> None:
    (clicks, *_) = (action for _, action in done() if isinstance(action, Click))
    assert np.diff(clicks.times_s) == pytest.approx(0.5)


def test_in_a_take_the_target_sounds_and_not_the_mapping() -> None:
    sounding = None
    for _, action in done():
        if isinstance(action, Sound):
            sounding = action.tone
        if isinstance(action, Show) and action.title in ("PLAY", "MOVE"):
            assert sounding
            assert sounding.target


def test_afterwards_the_target_sounds_first_and_then_the_same_moves_with_what_was_learned() -> None:
    prompts = [action for _, action in done() if isinstance(action, Prompt)]
    reviews = [(a, b) for a, b in pairwise(prompts) if a.tone.target and not b.tone.target]
    assert len(reviews) == N_TAKES
    for target, own in reviews:
        assert target.events[-1].time_s < own.events[0].time_s
        assert {one.kind for one in own.events} == {Kind.STRIKE, Kind.MOVE, Kind.LIFT}


def test_nothing_that_is_prompted_is_left_sounding() -> None:
    for _, action in done():
        if isinstance(action, Prompt):
            struck = [one.touch for one in action.events if one.kind is Kind.STRIKE]
            lifted = [one.touch for one in action.events if one.kind in (Kind.LIFT, Kind.STOP)]
            assert struck == lifted


def test_the_first_sound_comes_within_ten_seconds() -> None:
    first_s = held()[0].first_sound_s
    assert first_s is not None
    assert first_s < 10.0


def test_every_take_is_kept() -> None:
    rehearsed, store = held()
    assert [one.key for one in store.takes()] == [one.key for one in result(rehearsed).takes]
    assert len(store.takes()) == N_TAKES


def test_the_first_targets_are_free_ones() -> None:
    assert [one.target.kind for one in held()[1].takes()][:2] == ["free", "free"]


def test_what_was_learned_is_said_after_each_take() -> None:
    said = " ".join(action.text for _, action in done() if isinstance(action, Say))
    assert "One take is too few" in said
    assert "ms behind" in said


def test_it_ends_with_a_blind_choice_that_does_not_tell_which_is_which() -> None:
    titles = pages(done())
    assert titles[-2:] == ["A", "B"]
    letters = [action for _, action in done() if isinstance(action, Show) and action.title in "AB"]
    assert all("your" not in page.text.replace("your lowest key", "") for page in letters)


def test_whoever_prefers_what_was_learned_keeps_it() -> None:
    assert result(held()[0]).chosen == YOURS
    assert result(held()[0]).preset is not None


def test_whoever_prefers_the_sound_as_it_was_keeps_that_and_is_told_that_it_is_fine() -> None:
    rehearsed, _ = held(FACTORY)
    assert result(rehearsed).chosen == FACTORY
    assert result(rehearsed).preset is None
    assert "it stays" in [a.text for _, a in rehearsed.actions if isinstance(a, Say)][-1]


@pytest.mark.parametrize("until_s", [2.0, 20.0, 70.0])
def test_whoever_leaves_early_has_what_is_better_or_is_told_that_nothing_is(
    tmp_path: Path, until_s: float
) -> None:
    rehearsed, store = lesson(tmp_path, N_TAKES, until_s=until_s)
    left = result(rehearsed)
    said = [action.text for _, action in rehearsed.actions if isinstance(action, Say)][-1]
    assert not rehearsed.has_ended
    assert ("what was learned" in said) == (left.preset is not None)
    assert len(store.takes()) == len(left.takes)


class Changeable(Prefers):
    """Takes the first take back by holding the lowest key while it is reviewed."""

    def __init__(self, taught: Pupil) -> None:
        super().__init__(taught, taste=YOURS)
        self.has_undone = False

    def _turn_to(self, time_s: float, title: str) -> None:
        if title == "YOURS" and not self.has_undone:
            self.has_undone = True
            self._tap(time_s + 0.5, 2.0 * HOLD_S)
        super()._turn_to(time_s, title)


def test_a_take_that_is_taken_back_is_played_again_and_counts_no_more(tmp_path: Path) -> None:
    rehearsed, store = lesson(tmp_path, 1, player=Changeable)
    assert pages(rehearsed.actions).count("PLAY") == 2
    assert len(list(tmp_path.glob("*.take"))) == 2
    assert len(store.takes()) == len(result(rehearsed).takes) == 1


class Hasty(Prefers):
    """Lets go at once of the first take."""

    def _imitate(self, start_s: float, target: Target) -> None:
        if self._is_first:
            self._is_first = False
            down, up = bytes((0x91, 60, 64)), bytes((0x81, 60, 64))
            self._send([Played(start_s, 0, down), Played(start_s + 0.5, 0, up)])
        else:
            super()._imitate(start_s, target)

    _is_first = True


def test_a_take_that_teaches_nothing_is_asked_for_again_but_kept(tmp_path: Path) -> None:
    rehearsed, store = lesson(tmp_path, 1, player=lambda one: Hasty(one, taste=YOURS))
    assert AGAIN in pages(rehearsed.actions)
    assert len(store.takes()) == 2
    assert len(result(rehearsed).takes) == 1


class Skipping(Prefers):
    """Steps on whenever a target is to be heard or played."""

    def _turn_to(self, time_s: float, title: str) -> None:
        if title in ("LISTEN", "PLAY"):
            self._tap(time_s + 0.3, 0.1)
        else:
            super()._turn_to(time_s, title)


def test_whoever_steps_on_without_playing_comes_to_the_end_with_nothing_changed(
    tmp_path: Path,
) -> None:
    rehearsed, store = lesson(tmp_path, 2, player=lambda one: Skipping(one, taste=YOURS))
    assert rehearsed.has_ended
    assert result(rehearsed).preset is None
    assert store.takes() == []


def test_a_player_who_does_nothing_is_waited_for(tmp_path: Path) -> None:
    rehearsed, _ = lesson(tmp_path, until_s=30.0, player=lambda _: Score([]))
    assert pages(rehearsed.actions) == ["LOWEST KEY"]
