"""Finding MIDI inputs by name, without hardware."""

import sys

import pytest

from mapper.ports import PortError, find_input, input_names


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


def test_without_the_systems_library_one_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.delitem(sys.modules, "mapper.rtmidi_ports", raising=False)
    monkeypatch.setitem(sys.modules, "rtmidi", None)
    with pytest.raises(PortError, match="install libasound2"):
        input_names()


class Twins:
    """RtMidi's client where two controllers have one name, as on macOS."""

    opened = -1

    def get_ports(self) -> list[str]:
        return ["Seaboard", "Erae", "Seaboard"]

    def open_port(self, place: int, name: str) -> None:
        self.opened = place

    def ignore_types(self, **_: bool) -> None:
        pass


def test_two_controllers_of_one_name_are_told_apart(monkeypatch: pytest.MonkeyPatch):
    rtmidi = pytest.importorskip("rtmidi")
    from mapper.rtmidi_ports import RtMidiSystem

    twins = Twins()
    monkeypatch.setattr(rtmidi, "MidiIn", lambda *_, **__: twins)
    system = RtMidiSystem()
    assert system.input_names() == ["Seaboard", "Erae", "Seaboard (2)"]
    system.open("Seaboard (2)")
    assert twins.opened == 2
