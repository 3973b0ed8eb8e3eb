"""Commands in their order, and what goes before them."""

import threading
from collections.abc import Iterator

import pytest

from embouchure.desk import Command, Desk
from embouchure.own_inputs import OSC, SURFACES

PATIENCE_S = 5.0


class Case:
    """A desk at which presets take as long to open as the test wants."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.said: list[str] = []
        self.has_begun = threading.Event()
        self.may_end = threading.Event()
        self.desk = Desk(self._do, self.said.append)

    def _do(self, command: Command) -> None:
        if command["command"] == "select":
            self.has_begun.set()
            assert self.may_end.wait(PATIENCE_S)
        if command["command"] == "tune":
            raise KeyError("notes")
        self.done.append(command["command"])

    def while_a_preset_opens(self, *commands: Command) -> list[str]:
        """Take commands while a preset is opened, and tell what was done before it was open."""
        self.desk.take({"command": "select"})
        assert self.has_begun.wait(PATIENCE_S)
        for command in commands:
            self.desk.take(command)
        return list(self.done)

    def close(self) -> None:
        self.may_end.set()
        self.desk.close()


@pytest.fixture
def case() -> Iterator[Case]:
    made = Case()
    yield made
    made.close()


@pytest.mark.parametrize(
    "command",
    [
        {"command": "hear", "input": SURFACES[0]},
        {"command": "close", "input": SURFACES[3]},
        {"command": "macro"},
        {"command": "silence"},
    ],
    ids=["touch", "close", "macro", "panic"],
)
def test_what_nothing_may_hold_up_is_done_while_a_preset_opens(case: Case, command: Command):
    assert case.while_a_preset_opens(command) == [command["command"]]


def test_osc_keeps_its_notes_after_the_preset_that_they_are_for(case: Case):
    assert case.while_a_preset_opens({"command": "hear", "input": OSC}) == []
    case.close()
    assert case.done == ["select", "hear"]


def test_after_panic_nothing_sounds_that_was_asked_for_before(case: Case):
    prompt = {"command": "prompt"}
    case.while_a_preset_opens(prompt, {"command": "silence"}, {"command": "step"}, prompt)
    case.close()
    assert case.done == ["silence", "select", "step", "prompt"]


def test_a_command_that_fails_is_told_and_the_next_is_done(case: Case):
    case.desk.take({"command": "tune"})
    case.desk.take({"command": "step"})
    case.close()
    assert case.done == ["step"]
    assert case.said == ["The command tune failed; the engine's log says why."]
