from calibration.demonstrations.blind import FACTORY, LETTERS, YOURS, Blind
from calibration.demonstrations.controls import Controls
from calibration.guide import Action, Done, Heard, Show, Sound
from calibration.script import Script, Step
from presets.preset import Preset
from presets.store import load

BEFORE, AFTER = load("breath"), load("bow")
DOWN, UP = b"\xb0\x40\x7f", b"\xb0\x40\x00"


class Choosing(Script):
    """A script that is nothing but a blind choice."""

    def __init__(self, seed: int) -> None:
        self._blind = Blind(self, Controls(), seed)
        super().__init__()

    def _lead(self) -> Step:
        return (yield from self._blind.choose(BEFORE, AFTER))

    def _leave(self) -> None:
        return None


def pressed(script: Choosing, at_s: float, held_s: float) -> list[Action]:
    """Press the pedal for so long."""
    down = script.hear(Heard(at_s, 0, DOWN, ()))
    return [*down, *script.hear(Heard(at_s + held_s, 0, UP, ()))]


def sounds(actions: list[Action]) -> list[Preset]:
    return [action.tone.preset for action in actions if isinstance(action, Sound)]


def first(seed: int) -> Preset:
    return sounds(list(Choosing(seed).start(0.0)))[0]


def test_which_sound_comes_first_is_drawn() -> None:
    assert {id(first(seed)) for seed in range(20)} == {id(BEFORE), id(AFTER)}


def test_a_tap_changes_to_the_other_sound_and_back() -> None:
    script = Choosing(1)
    (one,) = sounds(list(script.start(0.0)))
    (other,) = sounds(pressed(script, 1.0, 0.1))
    (again,) = sounds(pressed(script, 2.0, 0.1))
    assert one is again
    assert other is not one


def test_nothing_can_be_chosen_before_both_were_heard() -> None:
    script = Choosing(1)
    script.start(0.0)
    assert pressed(script, 1.0, 1.0) == []


def test_what_is_heard_while_holding_is_chosen() -> None:
    for seed in range(6):
        script = Choosing(seed)
        script.start(0.0)
        (heard,) = sounds(pressed(script, 1.0, 0.1))
        (end,) = [one for one in pressed(script, 2.0, 1.0) if isinstance(one, Done)]
        assert end.result == (FACTORY if heard is BEFORE else YOURS)


def test_the_pages_are_called_by_letters_alone() -> None:
    script = Choosing(2)
    shown = [*script.start(0.0), *pressed(script, 1.0, 0.1)]
    assert [one.title for one in shown if isinstance(one, Show)] == list(LETTERS)
