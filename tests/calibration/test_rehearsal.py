from collections.abc import Sequence

import pytest

from calibration.guide import Action, Done, Heard, Prompt, Say, Sound, Tone, Work
from calibration.rehearsal import Rehearsal, Rehearsed, Score
from mapper.performance import Played
from mapper.touch import Kind, TouchEvent
from presets.store import load

STRIKE, LIFT = b"\x91\x45\x60", b"\x81\x45\x40"
PLAYED = (Played(1.0, 0, STRIKE), Played(1.5, 0, LIFT))


class Echo:
    """A guide that lets a touch sound again, and ends once it has worked on its key."""

    def __init__(self) -> None:
        self.tone = Tone(name="breath", preset=load("breath"))
        self.ticks_s: list[float] = []

    def start(self, time_s: float) -> Sequence[Action]:
        return [Say("Play a note."), Sound(self.tone)]

    def hear(self, heard: Heard) -> Sequence[Action]:
        return [action for event in heard.events for action in self._answer(event)]

    def _answer(self, event: TouchEvent) -> Sequence[Action]:
        if event.kind is Kind.STRIKE:
            return [Prompt((event._replace(time_s=event.time_s + 0.1),), self.tone)]
        return [Work(lambda: event.note + 1.0, lambda _, note: [Done(note)])]

    def tick(self, time_s: float) -> Sequence[Action]:
        self.ticks_s.append(time_s)
        return []

    def choose(self, time_s: float, word: str) -> Sequence[Action]:
        return [Done(word)]

    def leave(self) -> Sequence[Action]:
        return [Done("left")]


def rehearsed(*played: Played, until_s: float = 5.0) -> Rehearsed:
    return Rehearsal(Echo(), Score(played)).run(until_s)


def test_the_guide_hears_touches_and_gives_a_result() -> None:
    assert rehearsed(*PLAYED).result == 70.0


def test_it_ends_when_the_guide_is_done() -> None:
    assert rehearsed(*PLAYED).seconds == pytest.approx(1.5, abs=0.2)


def test_a_guide_that_is_left_tells_what_it_has() -> None:
    gone = rehearsed(PLAYED[0])
    assert (gone.result, gone.has_ended) == ("left", False)


def test_the_first_sound_is_the_first_strike_once_there_is_a_sound_to_strike() -> None:
    assert rehearsed(*PLAYED).first_sound_s == 1.0


def test_without_a_strike_there_is_no_sound() -> None:
    assert rehearsed().first_sound_s is None


def test_every_action_is_told_with_its_time() -> None:
    kinds = [type(action) for _, action in rehearsed(*PLAYED).actions]
    assert kinds == [Say, Sound, Prompt, Work, Done]


def test_a_guide_is_told_the_time_many_times_a_second() -> None:
    guide = Echo()
    Rehearsal(guide, Score([])).run(until_s=2.0)
    assert len(guide.ticks_s) >= 20
