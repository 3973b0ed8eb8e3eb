"""Opening MIDI inputs, without hardware."""

import sys

import pytest

from mapper.fake_ports import FakeMidiSystem
from mapper.ports import OWN_NAME, PortError, close_all, find_input, input_names, open_inputs

Message = tuple[float, int, bytes]


def heard_from(system: FakeMidiSystem, wanted: list[str] | None = None) -> list[Message]:
    """Open inputs; the list grows with every message heard."""
    heard: list[Message] = []
    open_inputs(lambda *message: heard.append(message), wanted, system)
    return heard


def opened(system: FakeMidiSystem, wanted: list[str] | None = None) -> list[str]:
    """Names of the inputs opened."""
    return [port.name for port in open_inputs(lambda *_: None, wanted, system)]


def test_a_name_may_be_written_in_any_case_and_in_part():
    assert find_input(["Seaboard RISE 49", "LinnStrument MIDI"], "linnstr") == "LinnStrument MIDI"


def test_the_exact_name_goes_before_one_that_contains_it():
    assert find_input(["Osmose Port 2", "Osmose"], "osmose") == "Osmose"


def test_of_several_the_first_is_taken():
    assert find_input(["Osmose Port 1", "Osmose Port 2"], "Osmose") == "Osmose Port 1"


def test_a_name_that_is_nowhere_is_answered_with_those_that_are():
    with pytest.raises(PortError) as caught:
        find_input(["Osmose Port 1", "LinnStrument MIDI"], "Continuum")
    assert str(caught.value) == (
        "no MIDI input is named like 'Continuum'; choose one of: Osmose Port 1, LinnStrument MIDI"
    )


def test_without_any_input_the_answer_says_so():
    with pytest.raises(PortError, match="none is connected now"):
        find_input([], "Continuum")


def test_the_virtual_input_and_every_controller_are_opened():
    assert opened(FakeMidiSystem(["Osmose", "Erae"])) == [OWN_NAME, "Osmose", "Erae"]


def test_only_the_wanted_ones_are_opened_beside_the_virtual_one():
    assert opened(FakeMidiSystem(["Osmose", "Erae"]), ["erae"]) == [OWN_NAME, "Erae"]


def test_one_wanted_twice_is_opened_once():
    assert opened(FakeMidiSystem(["Osmose"]), ["osmose", "OSMOSE"]) == [OWN_NAME, "Osmose"]


def test_a_system_without_virtual_ports_opens_the_controllers():
    assert opened(FakeMidiSystem(["Osmose"], offers_virtual=False)) == ["Osmose"]


def test_messages_carry_the_number_of_their_port():
    system = FakeMidiSystem(["Osmose"])
    heard = heard_from(system)
    system.opened[OWN_NAME].send(b"\x90\x3c\x40", 1.0)
    system.opened["Osmose"].send(b"\x91\x40\x40", 2.0)
    assert heard == [(1.0, 0, b"\x90\x3c\x40"), (2.0, 1, b"\x91\x40\x40")]


def test_a_closed_port_is_not_heard():
    system, heard = FakeMidiSystem(), []
    close_all(open_inputs(lambda *message: heard.append(message), None, system))
    system.opened[OWN_NAME].send(b"\x90\x3c\x40")
    assert heard == []


def test_when_one_cannot_be_opened_none_stays_open():
    system = FakeMidiSystem(["Osmose", "Erae"], busy=["Erae"])
    with pytest.raises(PortError, match="Erae"):
        opened(system)
    assert [port.is_open for port in system.opened.values()] == [False, False]


def test_a_controller_that_cannot_be_opened_spares_the_others():
    system, refused = FakeMidiSystem(["Osmose", "Erae"], busy=["Osmose"]), []
    ports = open_inputs(lambda *_: None, None, system, spare=refused.append)
    assert [port.name for port in ports] == [OWN_NAME, "Erae"]
    assert [str(error) for error in refused] == ["the MIDI input 'Osmose' cannot be opened"]


def test_one_asked_for_by_name_must_open():
    system = FakeMidiSystem(["Osmose", "Erae"], busy=["Osmose"])
    with pytest.raises(PortError, match="Osmose"):
        open_inputs(lambda *_: None, ["Osmose"], system, spare=lambda _: None)


def test_without_the_systems_library_one_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.delitem(sys.modules, "mapper.rtmidi_ports", raising=False)
    monkeypatch.setitem(sys.modules, "rtmidi", None)
    with pytest.raises(PortError, match="install libasound2"):
        input_names()
