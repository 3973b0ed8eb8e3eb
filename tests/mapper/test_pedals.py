"""Pedals and channel mode messages."""

import pytest

from mapper.receiver import Receiver
from tests.mapper.hearing import ABOVE, fold, kinds, pitches, play


def test_sustain_holds_a_touch_until_it_is_raised():
    receiver = Receiver()
    assert kinds(play(receiver, "b0 40 7f", "91 3c 40", "81 3c 40")) == ["STRIKE"]
    assert kinds(play(receiver, "b0 40 00")) == ["LIFT"]


def test_a_touch_held_by_a_pedal_keeps_its_release_velocity_for_the_end():
    events = play(Receiver(), "b0 40 7f", "91 3c 40", "81 3c 7f", "b0 40 00")
    assert events[-1].lift == 1.0


def test_sustain_leaves_keys_that_are_down():
    assert kinds(play(Receiver(), "b0 40 7f", "91 3c 40", "b0 40 00")) == ["STRIKE"]


@pytest.mark.parametrize(("value", "kept"), [("40", 1), ("3f", 0)])
def test_a_pedal_is_down_from_64(value: str, kept: int):
    assert len(fold(play(Receiver(), f"b0 40 {value}", "91 3c 40", "81 3c 40"))) == kept


def test_a_pedal_on_a_member_channel_is_ignored():
    assert kinds(play(Receiver(), "b1 40 7f", "91 3c 40", "81 3c 40")) == ["STRIKE", "LIFT"]


def test_a_touch_held_only_by_a_pedal_ignores_its_channel():
    events = play(
        Receiver(), "b0 40 7f", "91 3c 40", "81 3c 40", f"e1 {ABOVE}", "d1 7f", "b1 4a 00"
    )
    assert kinds(events) == ["STRIKE"]


def test_a_note_struck_again_under_the_pedal_lifts_the_old_one():
    events = play(Receiver(), "b0 40 7f", "91 3c 40", "81 3c 40", "91 3c 40")
    assert kinds(events) == ["STRIKE", "LIFT", "STRIKE"]


def test_sostenuto_holds_only_the_keys_that_were_down():
    receiver = Receiver()
    play(receiver, "91 3c 40", "b0 42 7f", "92 40 40")
    assert [e.note for e in play(receiver, "81 3c 40", "82 40 40")] == [64.0]


def test_sostenuto_frees_them_when_raised():
    events = play(Receiver(), "91 3c 40", "b0 42 7f", "81 3c 40", "b0 42 00")
    assert kinds(events) == ["STRIKE", "LIFT"]


def test_sostenuto_pressed_further_catches_nothing_new():
    events = play(Receiver(), "b0 42 50", "91 3c 40", "b0 42 7f", "81 3c 40")
    assert kinds(events) == ["STRIKE", "LIFT"]


def test_raising_sustain_leaves_what_sostenuto_holds():
    receiver = Receiver()
    play(receiver, "91 3c 40", "b0 42 7f", "b0 40 7f", "81 3c 40")
    assert play(receiver, "b0 40 00") == []


def test_all_sound_off_stops_held_and_pedalled_touches():
    events = play(Receiver(), "b0 40 7f", "91 3c 40", "92 40 40", "82 40 40", "b0 78 00")
    assert kinds(events)[2:] == ["STOP", "STOP"]


def test_all_sound_off_stops_tails_too():
    strike, _, stop = play(Receiver(), "91 3c 40", "81 3c 40", "b0 78 00")
    assert (stop.kind.name, stop.touch) == ("STOP", strike.touch)


def test_all_sound_off_stops_a_tail_once():
    assert play(Receiver(), "91 3c 40", "81 3c 40", "b0 78 00", "b0 78 00")[3:] == []


def test_all_notes_off_lifts_everything_pedal_or_not():
    events = play(Receiver(), "b0 40 7f", "91 3c 40", "92 40 40", "82 40 40", "b0 7b 00")
    assert kinds(events)[2:] == ["LIFT", "LIFT"]


@pytest.mark.parametrize("control", ["78", "79", "7b"])
def test_a_mode_message_on_a_member_channel_is_ignored(control: str):
    assert kinds(play(Receiver(), "91 3c 40", "d1 20", f"b1 {control} 00")) == ["STRIKE", "MOVE"]


def test_reset_all_controllers_puts_every_dimension_back_and_ends_no_note():
    receiver = Receiver()
    play(receiver, "91 3c 40", f"e1 {ABOVE}", "d1 7f", "b1 4a 00", f"e0 {ABOVE}", "d0 20")
    events = play(receiver, "b0 79 00")
    assert kinds(events) == ["MOVE", "ZONE_GLIDE"]
    assert (events[0].glide_semitones, events[0].press, events[0].slide) == (0.0, 0.0, 0.5)
    assert events[1].glide_semitones == 0.0


def test_reset_all_controllers_raises_the_pedals():
    events = play(Receiver(), "b0 40 7f", "91 3c 40", "81 3c 40", "b0 79 00")
    assert kinds(events) == ["STRIKE", "LIFT"]


def test_reset_all_controllers_keeps_the_bend_range():
    receiver = Receiver()
    play(receiver, "b1 65 00", "b1 64 00", "b1 06 0c", "b0 79 00")
    assert pitches(play(receiver, f"e1 {ABOVE}", "91 3c 40")) == {60.0: 12.0}


def test_reset_all_controllers_closes_the_parameter():
    receiver = Receiver()
    play(receiver, "b1 65 00", "b1 64 00", "b0 79 00", "b1 06 0c")
    assert pitches(play(receiver, f"e1 {ABOVE}", "91 3c 40")) == {60.0: 48.0}
