"""What is played goes on to another program."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.ports import PortError
from mapper.through import VIRTUAL, Through
from tests.mapper.fake_ports import FakeMidiSystem, FakeOutlet

SILENCE = [bytes((0xB0 | channel, 123, 0)) for channel in range(16)]
STRIKE, BEND, LIFT = b"\x91\x40\x50", b"\xe1\x11\x40", b"\x81\x40\x30"


class Case:
    def __init__(self, name: str = "Synth") -> None:
        self.system = FakeMidiSystem(["Synth"])
        self.said: list[str] = []
        self.through = Through(self.system, name, self.said.append)
        assert self.system.outlet
        self.outlet: FakeOutlet = self.system.outlet

    def sent(self, play: Callable[[Through], None]) -> list[bytes]:
        """What the other program was sent, without the silence at the end."""
        play(self.through)
        self.through.close()
        assert self.outlet.sent[-16:] == SILENCE
        return self.outlet.sent[:-16]


def test_what_is_played_goes_on_as_it_was() -> None:
    messages = [STRIKE, BEND, b"\xd1\x22", b"\xb1\x4a\x05", LIFT]

    def play(through: Through) -> None:
        for message in messages:
            through.hear(0, message)

    assert Case().sent(play) == messages


@given(st.lists(st.integers(0, 40), max_size=12))
def test_however_bytes_are_cut_whole_messages_go_on(cuts: list[int]) -> None:
    played = STRIKE + BEND + b"\xd1\x22" + LIFT
    edges = [0, *sorted(cut for cut in cuts if cut < len(played)), len(played)]

    def play(through: Through) -> None:
        for start, end in pairwise(edges):
            through.hear(0, played[start:end])

    assert Case().sent(play) == [STRIKE, BEND, b"\xd1\x22", LIFT]


def test_ports_do_not_cut_into_each_other() -> None:
    def play(through: Through) -> None:
        through.hear(0, STRIKE[:2])
        through.hear(1, LIFT)
        through.hear(0, STRIKE[2:])

    assert Case().sent(play)[:2] == [LIFT, STRIKE]


def test_what_an_unplugged_port_held_is_ended_and_nothing_else() -> None:
    def play(through: Through) -> None:
        through.hear(0, STRIKE)
        through.hear(1, b"\x92\x41\x50")
        through.release(0)

    assert Case().sent(play)[2] == b"\x81\x40\x40"


def test_in_the_end_every_note_is_ended() -> None:
    assert Case().sent(lambda through: through.hear(0, STRIKE)) == [STRIKE, b"\x81\x40\x40"]


def test_what_an_unplugged_pedal_held_is_ended_too() -> None:
    def play(through: Through) -> None:
        through.hear(0, b"\xb0\x40\x7f")
        through.hear(0, STRIKE)
        through.hear(0, LIFT)
        through.release(0)

    assert Case().sent(play)[-1] == b"\xb0\x40\x00"


def test_panic_silences_the_other_program_too() -> None:
    def play(through: Through) -> None:
        through.hear(0, STRIKE)
        through.release()

    assert Case().sent(play) == [STRIKE, b"\x81\x40\x40", *SILENCE]


def test_an_output_that_is_lost_is_told_once() -> None:
    case = Case()
    case.outlet.is_gone = True
    case.through.hear(0, STRIKE)
    case.through.hear(0, LIFT)
    case.through.close()
    assert case.said == ["the MIDI output 'Synth' is gone."]


def test_one_can_offer_a_port_of_ones_own() -> None:
    assert Case(VIRTUAL).through.name == "Embouchure"


def test_an_output_that_is_not_there_is_refused() -> None:
    with pytest.raises(PortError, match="no MIDI output"):
        Through(FakeMidiSystem(), "Synth", print)
