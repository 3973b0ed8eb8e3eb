"""Zones: which channels a configuration message gives to whom, and what it stops."""

import pytest

from mapper.receiver import Receiver
from mapper.rpn import zone_messages
from tests.mapper.hearing import ABOVE, configure, kinds, pitches, play, set_range


def zones_of(receiver: Receiver) -> str:
    """The zone of each channel 1-16 as a hex digit."""
    events = [play(receiver, f"9{channel:x} 3c 40")[-1] for channel in range(16)]
    return "".join(f"{event.zone:x}" for event in events)


ALONE = "0123456789abcdef"


def test_it_begins_as_one_lower_zone_of_fifteen_members():
    assert zones_of(Receiver()) == 16 * "0"


@pytest.mark.parametrize(
    ("lower", "upper", "layout"),
    [
        (7, 7, 8 * "0" + 8 * "f"),
        (3, 2, "0000" + ALONE[4:13] + "fff"),
        (14, 1, 14 * "0" + "ff"),
        (10, 7, 8 * "0" + 8 * "f"),
        (15, 0, 16 * "0"),
        (14, 0, 15 * "0" + "f"),
        (0, 15, 16 * "f"),
        (0, 14, "0" + 15 * "f"),
        (0, 0, ALONE),
        (5, 14, "0" + 15 * "f"),
    ],
)
def test_the_newest_message_wins_an_overlap(lower: int, upper: int, layout: str):
    receiver = Receiver()
    configure(receiver, 0, lower)
    configure(receiver, 15, upper)
    assert zones_of(receiver) == layout


def test_a_new_lower_zone_shrinks_the_upper():
    receiver = Receiver()
    configure(receiver, 15, 7)
    configure(receiver, 0, 10)
    assert zones_of(receiver) == 11 * "0" + 5 * "f"


def test_more_than_fifteen_members_are_ignored():
    receiver = Receiver()
    configure(receiver, 0, 16)
    assert zones_of(receiver) == 16 * "0"


@pytest.mark.parametrize("channel", [1, 8, 14])
def test_only_the_two_manager_channels_configure(channel: int):
    receiver = Receiver()
    play(receiver, *(m.hex() for m in zone_messages(channel, 3)))
    assert zones_of(receiver) == 16 * "0"


def test_nrpn_6_configures_nothing():
    receiver = Receiver()
    play(receiver, "b0 65 00", "b0 64 06", "b0 63 00", "b0 62 06", "b0 06 03")
    assert zones_of(receiver) == 16 * "0"


def test_it_puts_bend_ranges_back():
    receiver = Receiver()
    set_range(receiver, 0, 12)
    set_range(receiver, 1, 12)
    configure(receiver, 0, 15)
    assert pitches(play(receiver, f"e0 {ABOVE}", f"e1 {ABOVE}", "91 3c 40")) == {60.0: 50.0}


def test_putting_ranges_back_pitches_held_notes_anew():
    receiver = Receiver()
    set_range(receiver, 1, 12)
    play(receiver, f"e1 {ABOVE}", "91 3c 40")
    assert [event.glide_semitones for event in configure(receiver, 0, 15)] == [48.0]


def test_it_stops_the_notes_of_channels_that_leave():
    receiver = Receiver()
    play(receiver, "91 3c 40", "99 40 40")
    events = configure(receiver, 0, 7)
    assert [(event.kind.name, event.note) for event in events] == [("STOP", 64.0)]


def test_it_stops_a_note_that_only_a_pedal_holds_there():
    receiver = Receiver()
    play(receiver, "b0 40 7f", "99 40 40", "89 40 40")
    assert kinds(configure(receiver, 0, 7)) == ["STOP"]


def test_it_leaves_notes_whose_zone_stays():
    receiver = Receiver()
    play(receiver, "91 3c 40")
    assert configure(receiver, 0, 15) == []


def test_it_resets_the_controls_of_channels_that_change_zone():
    receiver = Receiver()
    play(receiver, f"ee {ABOVE}", "de 7f", "be 4a 00")
    configure(receiver, 15, 7)
    (event,) = play(receiver, "9e 3c 40")
    assert (event.glide_semitones, event.press, event.slide) == (0.0, 0.0, 0.5)


def test_a_zone_switched_on_begins_with_its_pedals_up_and_its_bend_centred():
    receiver = Receiver()
    play(receiver, "b0 40 7f", f"e0 {ABOVE}")
    configure(receiver, 0, 0)
    configure(receiver, 0, 7)
    events = play(receiver, "91 3c 40", "81 3c 40")
    assert kinds(events) == ["STRIKE", "LIFT"]
    assert pitches(play(receiver, "91 3c 40")) == {60.0: 0.0}


def test_each_zone_follows_its_own_manager():
    receiver = Receiver()
    configure(receiver, 0, 7)
    configure(receiver, 15, 7)
    events = play(receiver, "91 3c 40", "9e 40 40", f"ef {ABOVE}")
    assert pitches(events) == {60.0: 0.0, 64.0: 2.0}


def test_a_channel_outside_every_zone_is_an_ordinary_one():
    receiver = Receiver()
    configure(receiver, 0, 7)
    assert pitches(play(receiver, "9a 3c 40", f"ea {ABOVE}")) == {60.0: 2.0}
