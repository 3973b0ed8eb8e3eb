"""Inputs: which are opened at the start, and what becomes of them while controllers come and go."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.inputs import MAX_INPUTS, Change, Inputs
from mapper.ports import OWN_NAME, PortError
from tests.mapper.fake_ports import FakeMidiSystem

Message = tuple[float, int, bytes]
NOTE_ON = b"\x90\x3c\x40"


class Room:
    """Inputs of a fake system, with everything heard and every refusal."""

    def __init__(
        self,
        system: FakeMidiSystem,
        wanted: Sequence[str] | None = None,
        known: Sequence[str] = (),
    ) -> None:
        self.system = system
        self.heard: list[Message] = []
        self.refusals: list[str] = []
        self.told: dict[int, str] = {}
        self.inputs = Inputs(
            lambda *message: self.heard.append(message),
            wanted,
            name=self.told.__setitem__,
            spare=lambda error: self.refusals.append(str(error)),
            known=known,
            system=system,
        )

    def look(self) -> list[Change]:
        return self.inputs.look()


def opened(system: FakeMidiSystem, wanted: list[str] | None = None) -> list[str]:
    return Room(system, wanted).inputs.open_names


def test_the_virtual_input_and_every_controller_are_opened():
    assert opened(FakeMidiSystem(["Osmose", "Erae"])) == [OWN_NAME, "Osmose", "Erae"]


def test_only_the_wanted_ones_are_opened_beside_the_virtual_one():
    assert opened(FakeMidiSystem(["Osmose", "Erae"]), ["erae"]) == [OWN_NAME, "Erae"]


def test_a_port_that_repeats_anothers_notes_is_opened_only_when_it_is_wanted():
    system = FakeMidiSystem(["Osmose Port 1", "Osmose Port 2"])
    assert opened(system) == [OWN_NAME, "Osmose Port 1"]
    assert opened(system, ["Osmose Port 2"]) == [OWN_NAME, "Osmose Port 2"]


def test_one_wanted_twice_is_opened_once():
    assert opened(FakeMidiSystem(["Osmose"]), ["osmose", "OSMOSE"]) == [OWN_NAME, "Osmose"]


def test_a_system_without_virtual_ports_opens_the_controllers():
    assert opened(FakeMidiSystem(["Osmose"], offers_virtual=False)) == ["Osmose"]


def test_an_input_beyond_those_that_have_a_number_is_left_closed_and_named_once():
    names = [f"Keyboard {k}" for k in range(MAX_INPUTS)]
    room = Room(FakeMidiSystem(names))
    room.look()
    assert room.inputs.open_names == [OWN_NAME, *names[:-1]]
    assert len(room.refusals) == 1
    assert f"'{names[-1]}' is left closed" in room.refusals[0]


def test_more_wanted_inputs_than_there_are_numbers_are_refused():
    names = [f"Keyboard {k}" for k in range(MAX_INPUTS)]
    with pytest.raises(PortError, match=f"'Keyboard {MAX_INPUTS - 1}' is left closed"):
        Room(FakeMidiSystem(names), names)


def test_messages_carry_the_number_of_their_port():
    room = Room(FakeMidiSystem(["Osmose"]))
    room.system.opened[OWN_NAME].send(NOTE_ON, 1.0)
    room.system.opened["Osmose"].send(b"\x91\x40\x40", 2.0)
    assert room.heard == [(1.0, 0, NOTE_ON), (2.0, 1, b"\x91\x40\x40")]


def test_names_are_told_by_number_the_new_one_too():
    room = Room(FakeMidiSystem(["Osmose"]))
    assert room.told == {0: OWN_NAME, 1: "Osmose"}
    room.system.plug_in("Erae")
    room.look()
    assert room.told[2] == "Erae"


def test_a_closed_port_is_not_heard():
    room = Room(FakeMidiSystem())
    room.inputs.close()
    room.system.opened[OWN_NAME].send(NOTE_ON)
    assert room.heard == []


def test_a_wanted_one_that_is_not_there_is_an_error_at_the_start():
    with pytest.raises(PortError, match="no MIDI input is named like 'Erae'"):
        Room(FakeMidiSystem(["Osmose"]), ["Erae"])


def test_when_a_wanted_one_cannot_be_opened_none_stays_open():
    system = FakeMidiSystem(["Osmose", "Erae"], busy=["Erae"])
    with pytest.raises(PortError, match="Erae"):
        Room(system, ["Osmose", "Erae"])
    assert [port.is_open for port in system.opened.values()] == [False, False]


def test_a_controller_that_cannot_be_opened_spares_the_others():
    room = Room(FakeMidiSystem(["Osmose", "Erae"], busy=["Osmose"]))
    assert room.inputs.open_names == [OWN_NAME, "Erae"]
    assert room.refusals == ["the MIDI input 'Osmose' cannot be opened"]


def test_what_another_program_kept_is_opened_once_it_is_free_and_told_of_once():
    room = Room(FakeMidiSystem(["Osmose"], busy=["Osmose"]))
    assert room.look() == []
    assert len(room.refusals) == 1
    room.system.busy.clear()
    assert room.look() == [Change(1, "Osmose", is_plugged=True)]


def test_where_nothing_changes_a_look_finds_nothing():
    assert Room(FakeMidiSystem(["Osmose"])).look() == []


def test_an_unplugged_input_is_told_of_once_and_closed():
    room = Room(FakeMidiSystem(["Osmose"]))
    room.system.unplug("Osmose")
    assert room.look() == [Change(1, "Osmose", is_plugged=False)]
    assert room.look() == []
    assert not room.system.opened["Osmose"].is_open


def test_whoever_vanishes_may_have_played_to_the_virtual_input():
    room = Room(FakeMidiSystem(["Osmose", "Erae"]), ["Osmose"])
    room.system.unplug("Erae")
    assert room.look() == [Change(0, "Erae", is_plugged=False)]
    assert room.look() == []
    assert room.inputs.open_names == [OWN_NAME, "Osmose"]


def test_without_a_virtual_input_nothing_is_told_of_one_that_is_not_heard():
    room = Room(FakeMidiSystem(["Osmose", "Erae"], offers_virtual=False), ["Osmose"])
    room.system.unplug("Erae")
    assert room.look() == []


def test_an_input_that_returns_is_heard_under_its_number():
    room = Room(FakeMidiSystem(["Osmose", "Erae"]))
    room.system.unplug("Osmose")
    room.look()
    room.system.plug_in("Osmose")
    assert room.look() == [Change(1, "Osmose", is_plugged=True)]
    room.system.opened["Osmose"].send(NOTE_ON, 1.0)
    assert room.heard == [(1.0, 1, NOTE_ON)]


def test_it_may_return_with_another_number_in_its_name():
    room = Room(FakeMidiSystem(["Osmose #1"]))
    room.system.unplug("Osmose #1")
    room.look()
    room.system.plug_in("Osmose #2")
    assert room.look() == [Change(1, "Osmose", is_plugged=True)]


def test_one_that_went_and_came_between_two_looks_is_let_go_and_opened():
    room = Room(FakeMidiSystem(["Osmose #1"]))
    room.system.unplug("Osmose #1")
    room.system.plug_in("Osmose #2")
    assert room.look() == [
        Change(1, "Osmose", is_plugged=False),
        Change(1, "Osmose", is_plugged=True),
    ]


def test_a_controller_plugged_in_later_is_opened_under_a_new_number():
    room = Room(FakeMidiSystem(["Osmose"]))
    room.system.plug_in("Erae")
    assert room.look() == [Change(2, "Erae", is_plugged=True)]


def test_one_plugged_in_later_is_left_alone_where_others_are_wanted():
    room = Room(FakeMidiSystem(["Osmose"]), ["Osmose"])
    room.system.plug_in("Erae")
    assert room.look() == []


def test_known_inputs_keep_their_numbers_and_the_missing_are_waited_for():
    room = Room(FakeMidiSystem(["Erae"]), known=[OWN_NAME, "Osmose", "Erae"])
    assert room.inputs.open_names == [OWN_NAME, "Erae"]
    room.system.plug_in("Osmose")
    assert room.look() == [Change(1, "Osmose", is_plugged=True)]


def test_a_wanted_one_that_is_known_may_be_missing():
    room = Room(FakeMidiSystem([]), ["Osmose"], known=[OWN_NAME, "Osmose"])
    room.system.plug_in("Osmose")
    assert room.look() == [Change(1, "Osmose", is_plugged=True)]


KEYS = ["Osmose", "Erae", "Push"]
DOINGS = st.lists(
    st.sampled_from([(verb, key) for verb in ("turn", "look", "busy") for key in KEYS])
)


@given(DOINGS)
def test_whatever_comes_and_goes_each_input_keeps_one_number_and_is_heard_when_there(
    doings: list[tuple[str, str]],
):
    room = Room(FakeMidiSystem())
    numbers: dict[str, int] = {}
    for verb, key in [*doings, ("look", "")]:
        if verb == "turn":
            (room.system.unplug if key in room.system.names else room.system.plug_in)(key)
        elif verb == "busy":
            room.system.busy = [] if key in room.system.busy else [key]
        else:
            for change in room.look():
                if change.number > 0:  # else someone who may have played to the virtual input
                    assert numbers.setdefault(change.name, change.number) == change.number
    open_now = set(room.inputs.open_names) - {OWN_NAME}
    assert open_now <= set(room.system.names)
    assert set(room.system.names) - open_now <= set(room.system.busy)
    assert len(set(numbers.values())) == len(numbers)
