"""Volume, expression, macros and programs: what a manager says of its whole zone."""

import pytest

from mapper.receiver import Receiver
from mapper.touch import Kind, TouchEvent
from mapper.zones import Mode
from tests.mapper.hearing import kinds, play


def levels(events: list[TouchEvent]) -> list[float]:
    """Every level told."""
    return [event.press for event in events if event.kind is Kind.LEVEL]


def macros(events: list[TouchEvent]) -> list[tuple[int, float]]:
    """Number and value of every macro told."""
    return [(event.touch, event.press) for event in events if event.kind is Kind.MACRO]


@pytest.mark.parametrize("control", ["07", "0b"])
def test_volume_and_expression_set_the_level_by_their_square(control: str):
    assert levels(play(Receiver(), f"b0 {control} 00", f"b0 {control} 40")) == [
        0.0,
        (64 / 127) ** 2,
    ]


def test_volume_and_expression_multiply():
    assert levels(play(Receiver(), "b0 07 40", "b0 0b 40"))[-1] == pytest.approx((64 / 127) ** 4)


@pytest.mark.parametrize("control", ["07", "0b"])
def test_full_volume_and_expression_are_where_a_zone_begins(control: str):
    assert play(Receiver(), f"b0 {control} 7f") == []


def test_a_level_repeated_tells_nothing():
    assert len(levels(play(Receiver(), "b0 07 40", "b0 07 40"))) == 1


def test_reset_all_controllers_restores_expression_and_keeps_volume():
    events = play(Receiver(), "b0 07 40", "b0 0b 40", "b0 79 00")
    assert levels(events)[-1] == (64 / 127) ** 2


def test_reset_all_controllers_lowers_the_modulation_wheel_and_keeps_the_knobs():
    events = play(Receiver(), "b0 01 7f", "b0 11 7f", "b0 79 00")
    assert macros(events) == [(0, 1.0), (1, 1.0), (0, 0.0)]


@pytest.mark.parametrize(("control", "number"), [("01", 0), ("11", 1), ("12", 2), ("13", 3)])
def test_the_modulation_wheel_and_three_knobs_turn_the_macros(control: str, number: int):
    assert macros(play(Receiver(), f"b0 {control} 7f")) == [(number, 1.0)]


def test_any_four_controllers_may_turn_the_macros():
    receiver = Receiver(macro_controls=(2, 20, 21, 22))
    assert macros(play(receiver, "b0 02 7f", "b0 16 7f", "b0 01 7f")) == [(0, 1.0), (3, 1.0)]


def test_a_program_change_asks_for_a_preset():
    (event,) = play(Receiver(), "c0 05")
    assert (event.kind, event.touch, event.zone) == (Kind.PROGRAM, 5, 0)


def test_the_same_program_may_be_asked_for_again():
    assert kinds(play(Receiver(), "c0 05", "c0 05")) == ["PROGRAM", "PROGRAM"]


@pytest.mark.parametrize("message", ["b1 07 40", "b1 0b 40", "b1 01 40", "c1 05"])
def test_a_member_channel_says_nothing_of_its_zone(message: str):
    assert play(Receiver(), message) == []


def test_zones_are_told_apart():
    receiver = Receiver(port=2, mode=Mode.ONE_CHANNEL)
    assert [event.zone for event in play(receiver, "b3 07 40", "b4 07 40")] == [35, 36]


def test_with_a_channel_per_note_every_channel_speaks_for_the_one_zone():
    events = play(Receiver(mode=Mode.CHANNEL_PER_NOTE), "b0 07 40", "b1 07 40", "b2 01 20")
    assert kinds(events) == ["LEVEL", "MACRO"]
    assert {event.zone for event in events} == {0}


def test_other_faders_are_brought_to_where_these_are():
    first, second = Receiver(), Receiver()
    play(first, "b0 07 40", "b0 0b 20", "b0 01 7f", "b0 13 05", "b0 11 30", "b0 11 00")
    for message in first.fader_configuration():
        second.receive(message, 0.0)
    assert second.fader_configuration() == first.fader_configuration()
    assert len(first.fader_configuration()) == 4


def test_faders_at_rest_need_no_message():
    assert Receiver().fader_configuration() == []


def test_a_macro_that_somebody_else_turned_follows_the_controllers_next_word_though_it_is_the_same():
    receiver = Receiver()
    assert macros(play(receiver, "b0 11 7f", "b0 11 7f")) == [(1, 1.0)]
    receiver.let_macro_go(1)
    assert macros(play(receiver, "b0 11 7f", "b0 11 7f")) == [(1, 1.0)]
