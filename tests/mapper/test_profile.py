"""Profiles: what a controller is known by, and what is not music in what it sends."""

import pytest

from mapper import profile
from mapper.profile import PROFILES, Profile, recognise


@pytest.mark.parametrize(
    ("port_name", "word"),
    [
        ("Seaboard RISE 49", "seaboard"),
        ("Seaboard BLOCK:Seaboard BLOCK MIDI 1 24:0", "seaboard"),
        ("LinnStrument MIDI", "linnstrument-mpe"),
        ("Osmose Play", "osmose"),
        ("Osmose Port 1", "osmose"),
        ("Osmose Haken", "osmose-haken"),
        ("MIDIIN2 (Osmose)", "osmose-haken"),
        ("ContinuuMini SN000321", "continuum"),
        ("EaganMatrix Module", "continuum"),
        ("Ableton Push 3 Live Port", "push-3"),
        ("Erae 2 MIDI", "erae"),
        ("Midi Through", "mpe"),
    ],
)
def test_a_port_is_recognised_by_its_name(port_name: str, word: str):
    assert recognise(port_name) is PROFILES[word]


def is_deaf(one: Profile, message: str) -> bool:
    """Whether a message written in hex is ignored."""
    data = bytes.fromhex(message)
    return (data[0] << 7 | data[1]) in one.deaf


@pytest.mark.parametrize("message", ["9e 3c 40", "bf 4a 10", "df 10", "ef 00 40"])
def test_an_osmoses_editor_channels_are_not_heard(message: str):
    assert is_deaf(profile.OSMOSE_HAKEN, message)


def test_an_osmoses_other_channels_are():
    assert not is_deaf(profile.OSMOSE_HAKEN, "9d 3c 40")
    assert not is_deaf(profile.OSMOSE, "9e 3c 40")


def test_a_continuums_configuration_is_not_heard_and_its_notes_are():
    assert is_deaf(profile.CONTINUUM, "bf 6f 10")
    assert is_deaf(profile.CONTINUUM, "af 01 10")
    assert not any(is_deaf(profile.CONTINUUM, m) for m in ("9f 3c 7f", "bf 4a 10", "bf 57 10"))
    assert not is_deaf(profile.CONTINUUM, "be 6f 10")


def test_a_push_3s_knobs_are_not_keys():
    assert is_deaf(profile.PUSH_3, "90 08 7f")
    assert is_deaf(profile.PUSH_3, "b0 4a 7f")
    assert not is_deaf(profile.PUSH_3, "90 24 40")
    assert not is_deaf(profile.PUSH_3, "b1 4a 40")


def test_a_slide_behind_press_rests_in_the_centre_and_opens_upwards():
    assert [profile.OSMOSE.slide_at(value) for value in (0, 127)] == [0.5, 1.0]


def test_any_other_slide_has_64_in_its_centre():
    assert [profile.GENERIC.slide_at(value) for value in (0, 64, 127)] == [0.0, 0.5, 1.0]
