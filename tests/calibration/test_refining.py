"""The guide of A/B choices, rehearsed with a player who knows what they want."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pytest

from calibration.guide import Action, Prompt, Say, Show, Sound
from calibration.refinements.gains import Gains
from calibration.refinements.phrase import Phrase
from calibration.refinements.refinement import Refinement
from calibration.refinements.refining import Refined, Refining
from calibration.refinements.versions import Versions
from calibration.rehearsal import Rehearsal
from mapper.mapping import LOUDNESS, Mapping
from mapper.performance import Played
from mapper.touch import Kind, TouchEvent
from presets.spaces import factory_space
from tests.calibration.readable import readable_mapping, readable_preset

PEDAL_DOWN, PEDAL_UP = b"\xb0\x40\x7f", b"\xb0\x40\x00"
STRIKES = ((60, 40), (64, 70), (72, 100))
"""Keys and velocities of what is played."""
FEATURES = Phrase.of(
    TouchEvent(0.8 * number + at_s, kind, number, 0, key, velocity / 127)
    for number, (key, velocity) in enumerate(STRIKES)
    for at_s, kind in ((0.0, Kind.STRIKE), (0.6, Kind.LIFT))
).features()[::20]
WISH = Gains(dynamics=1.5, brightness=0.25)


class Chooser:
    """Plays a phrase when asked to, and answers by taps of the pedal what is nearer to a wish."""

    def __init__(self, most: int = 99, marks: Sequence[int] = ()) -> None:
        self._marks = list(marks)
        self._wanted = WISH.apply(readable_mapping())
        self._waiting: list[Played] = []
        self._heard: list[float] = []
        self._most = most
        self.n_answers = 0

    def see(self, time_s: float, action: Action) -> None:
        if isinstance(action, Prompt):
            self._heard.append(self._away(action.tone.preset.mapping))
        elif isinstance(action, Show) and action.title == "LOWEST KEY":
            self._press(time_s + 0.5)
        elif isinstance(action, Show) and action.title == "PLAY":
            self._play(time_s + 0.2)
            self._press(time_s + 3.5, held_s=0.9 if self._marks else 0.1)
        elif isinstance(action, Show) and action.title == "MARKED":
            for tap in range(self._marks.pop(0)):
                self._press(time_s + 0.5 + 0.4 * tap)
        elif isinstance(action, Show) and action.title == "A or B?" and self.n_answers < self._most:
            self._answer(time_s + 0.5)

    def play(self, until_s: float) -> Iterable[Played]:
        while self._waiting and self._waiting[0].time_s <= until_s:
            yield self._waiting.pop(0)

    def _away(self, mapping: Mapping) -> float:
        wrong = (mapping.predict(FEATURES) - self._wanted.predict(FEATURES))[:, [0, LOUDNESS]]
        return float(np.abs(wrong / [0.15, 1.0]).mean())

    def _answer(self, at_s: float) -> None:
        self.n_answers += 1
        first, second = self._heard[-2:]
        if abs(first - second) < 0.2:
            self._press(at_s, held_s=0.9)
            return
        self._press(at_s)
        if second < first:
            self._press(at_s + 0.3)

    def _press(self, at_s: float, held_s: float = 0.1) -> None:
        self._waiting += [Played(at_s, 0, PEDAL_DOWN), Played(at_s + held_s, 0, PEDAL_UP)]

    def _play(self, at_s: float) -> None:
        for number, (key, velocity) in enumerate(STRIKES):
            start_s = at_s + 0.8 * number
            self._waiting += [
                Played(start_s, 0, bytes((0x91 + number, key, velocity))),
                Played(start_s + 0.6, 0, bytes((0x81 + number, key, 64))),
            ]


def rehearsed(folder: Path, player: Chooser, **options: int) -> tuple[Refinement, Refined, list]:
    refinement = Refinement(Versions(folder), readable_preset())
    guide = Refining(refinement, factory_space(), **options)
    done = Rehearsal(guide, player).run(600.0)
    return refinement, done.result, [action for _, action in done.actions]


@pytest.mark.slow
def test_choices_bring_the_preset_nearer_to_the_wish(tmp_path: Path):
    player = Chooser()
    refinement, refined, _ = rehearsed(tmp_path, player, n_answers=8)
    before, after = (player._away(m) for m in (readable_mapping(), refinement.preset.mapping))
    assert after < 0.5 * before
    assert refined.n_answers == player.n_answers
    assert refined.version
    assert refined.version.number == refinement.version.number == 2


def test_something_sounds_before_anything_else(tmp_path: Path):
    guide = Refining(Refinement(Versions(tmp_path), readable_preset()), factory_space())
    assert isinstance(guide.start(0.0)[0], Sound)


def test_leaving_before_any_answer_changes_nothing(tmp_path: Path):
    refinement, refined, actions = rehearsed(tmp_path, Chooser(most=0), n_answers=3)
    assert refined.version is None
    assert len(refinement.history()) == 1
    assert Say("Nothing was chosen, so nothing changes.") in actions


def test_leaving_after_some_answers_keeps_the_best_known(tmp_path: Path):
    refinement, refined, _ = rehearsed(tmp_path, Chooser(most=2), n_answers=10)
    assert refined.n_answers == 2
    assert len(refinement.history()) == 2


def test_nothing_that_is_shown_tells_which_sound_is_which(tmp_path: Path):
    _, _, actions = rehearsed(tmp_path, Chooser(most=1), n_answers=2)
    prompts = [action for action in actions if isinstance(action, Prompt)]
    assert {prompt.tone.name for prompt in prompts} == {"a", "b"}


def test_what_was_chosen_can_be_undone(tmp_path: Path):
    refinement, _, _ = rehearsed(tmp_path, Chooser(most=1), n_answers=2)
    refinement.undo()
    assert refinement.preset.to_bytes() == readable_preset().to_bytes()


@pytest.mark.parametrize(
    ("taps", "done"),
    [
        (1, "More loud"),
        (2, "Less loud"),
        (3, "More bright"),
        (4, "Less bright"),
        (5, "More wobble"),
    ],
)
def test_a_marked_stretch_is_changed_at_once(tmp_path: Path, taps: int, done: str):
    refinement, _, actions = rehearsed(tmp_path, Chooser(most=0, marks=[taps]), n_answers=1)
    assert refinement.history()[1].done.startswith(done)
    sounded = [action.tone.preset for action in actions if isinstance(action, Sound)]
    assert sounded[1].to_bytes() == refinement.preset.to_bytes()


def test_marks_follow_one_another_as_versions(tmp_path: Path):
    refinement, _, _ = rehearsed(tmp_path, Chooser(most=0, marks=[1, 3]), n_answers=1)
    assert [step.done.split(" from")[0] for step in refinement.history()] == [
        "Began",
        "More loud",
        "More bright",
    ]


def test_taps_that_say_nothing_change_nothing(tmp_path: Path):
    refinement, _, _ = rehearsed(tmp_path, Chooser(most=0, marks=[9]), n_answers=1)
    assert len(refinement.history()) == 1
