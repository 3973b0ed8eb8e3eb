"""Inputs that the service plays into the engine process."""

import pytest

from embouchure.cues import PROMPT_PORT
from embouchure.own_inputs import OLD_S, OSC, PORTS, SILENT_S, SURFACES, OwnInputs
from mapper.inputs import MAX_INPUTS

ONE = SURFACES[0]


class Session:
    """Notes what it is asked; whoever is released held something."""

    def __init__(self) -> None:
        self.asked: list[tuple[object, ...]] = []

    def name(self, port: int, name: str) -> None:
        self.asked.append(("name", port, name))

    def hear(self, time_s: float, port: int, data: bytes) -> None:
        self.asked.append(("hear", time_s, port, data))

    def release(self, time_s: float, port: int) -> bool:
        self.asked.append(("release", time_s, port))
        return True


class Case:
    def __init__(self) -> None:
        self.now_s = 10.0
        self.session = Session()
        self.said: list[str] = []
        self.inputs = OwnInputs(self.session, self.said.append, lambda: self.now_s)


@pytest.fixture
def case() -> Case:
    return Case()


def test_no_controller_and_no_prompt_has_their_numbers() -> None:
    assert set(PORTS) == {OSC, *SURFACES}
    assert set(PORTS.values()) == set(range(MAX_INPUTS, PROMPT_PORT))


def test_an_input_is_named_once_and_then_heard(case: Case) -> None:
    case.inputs.hear(ONE, 9.9, b"\x90\x40\x40")
    case.inputs.hear(ONE, 9.95, b"\x80\x40\x40")
    assert case.session.asked == [
        ("name", PORTS[ONE], ONE),
        ("hear", 9.9, PORTS[ONE], b"\x90\x40\x40"),
        ("hear", 9.95, PORTS[ONE], b"\x80\x40\x40"),
    ]


def test_messages_that_came_together_are_heard_one_by_one(case: Case) -> None:
    case.inputs.hear(ONE, 9.9, b"\xd0\x40\x90\x40\x40")
    assert [asked[3] for asked in case.session.asked[1:]] == [b"\xd0\x40", b"\x90\x40\x40"]


def test_nothing_is_heard_before_it_happens(case: Case) -> None:
    case.inputs.hear(ONE, 11.0, b"\x90\x40\x40")
    assert case.session.asked[-1][1] == case.now_s


def test_what_waited_until_an_engine_was_there_is_no_longer_played(case: Case) -> None:
    case.inputs.hear(ONE, 10.0 - OLD_S, b"\x90\x40\x40")
    assert [asked[0] for asked in case.session.asked] == ["name"]


def test_what_a_closed_input_held_is_ended(case: Case) -> None:
    case.inputs.hear(ONE, 10.0, b"\x90\x40\x40")
    case.inputs.close(ONE)
    case.inputs.close(ONE)
    assert case.session.asked[2:] == [("release", 10.0, PORTS[ONE])]


def test_of_a_silent_input_everything_is_ended_and_the_player_is_told(case: Case) -> None:
    case.inputs.hear(ONE, 10.0, b"\x90\x40\x40")
    case.now_s += SILENT_S + 0.01
    case.inputs.look()
    case.inputs.look()
    assert case.session.asked[2:] == [("release", case.now_s, PORTS[ONE])]
    assert case.said == ["Surface 1 is heard of no more; its notes are ended."]


def test_a_sign_of_life_keeps_notes(case: Case) -> None:
    case.inputs.hear(ONE, 10.0, b"\x90\x40\x40")
    for _ in range(5):
        case.now_s += SILENT_S / 2
        case.inputs.hear(ONE, case.now_s, b"")
        case.inputs.look()
    assert [asked[0] for asked in case.session.asked] == ["name", "hear"]
