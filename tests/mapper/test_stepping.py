"""Pedals and keys that step through a setlist, and the transposition that comes with a step."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.listener import Listener
from mapper.listeners import Listeners
from mapper.stepping import StepControls, Stepper
from mapper.touch import Kind
from mapper.tuning import EQUAL_TUNING, read_tuning
from mapper.zones import Mode

CONTROLS = StepControls(next_control=67, previous_control=65, next_key=21, previous_key=22)


def steps(*messages: bytes) -> list[int | None]:
    stepper = Stepper(CONTROLS)
    return [stepper.hear(message) for message in messages]


def test_a_pedal_steps_once_while_it_is_down():
    down, deeper, up = b"\xb0\x43\x50", b"\xb0\x43\x7f", b"\xb0\x43\x00"
    assert steps(down, deeper, up, down) == [1, 0, 0, 1]


def test_a_key_steps_each_time_it_is_struck_and_its_release_is_nobodys():
    assert steps(b"\x91\x15\x40", b"\xa1\x15\x20", b"\x81\x15\x40", b"\x91\x16\x40") == [
        1,
        0,
        0,
        -1,
    ]
    assert steps(b"\x91\x15\x00") == [0]


def test_the_other_pedal_goes_back():
    assert steps(b"\xb0\x41\x7f") == [-1]


def test_pedals_of_two_channels_are_two():
    assert steps(b"\xb0\x43\x7f", b"\xb1\x43\x7f") == [1, 1]


@pytest.mark.parametrize(
    "message", [b"\xb0\x40\x7f", b"\x91\x45\x40", b"\xd0\x15", b"\xe0\x43\x15"]
)
def test_other_messages_are_left_to_the_music(message: bytes):
    assert steps(message) == [None]


@given(st.lists(st.binary(min_size=1, max_size=3), max_size=20))
def test_any_messages_give_steps_of_one(messages: list[bytes]):
    stepper = Stepper(CONTROLS)
    assert {stepper.hear(message) for message in messages} <= {None, -1, 0, 1}


def a_listener() -> Listener:
    listener = Listener(mode=Mode.MPE)
    listener.step_by(CONTROLS)
    return listener


def test_a_step_is_told_in_its_place_among_the_notes():
    events = a_listener().hear(b"\x91\x45\x60\xb0\x43\x7f\x92\x47\x60", 0.0)
    assert [event.kind for event in events] == [Kind.STRIKE, Kind.STEP, Kind.STRIKE]
    assert events[1].touch == 1


def test_a_key_that_steps_sounds_nothing_even_cut_anywhere():
    listener, heard = a_listener(), []
    for byte in b"\x91\x15\x40\xb1\x4a\x20\x81\x15\x40\x91\x45\x60":
        heard += listener.hear(bytes([byte]), 0.0)
    assert [event.kind for event in heard] == [Kind.STEP, Kind.STRIKE]
    assert heard[1].note == 69.0


def struck(listeners: Listeners, key: int, channel: int = 1, port: int = 0) -> float:
    events = listeners.hear(bytes((0x90 | channel, key, 0x60)), 0.0, port)
    return next(event.note for event in events if event.kind is Kind.STRIKE)


def test_strikes_to_come_are_transposed_and_held_ones_are_lifted_as_they_were():
    listeners = Listeners(mode=Mode.MPE)
    assert struck(listeners, 60) == 60.0
    listeners.transpose(12)
    assert [touch.note for touch in listeners.touches()] == [60.0]
    assert struck(listeners, 60, channel=2) == 72.0
    assert struck(listeners, 60, port=3) == 72.0
    (lifted,) = listeners.hear(b"\x81\x3c\x40", 0.1, 0)
    assert (lifted.kind, lifted.note) == (Kind.LIFT, 60.0)
    listeners.transpose(0)
    assert struck(listeners, 60, channel=3) == 60.0


def test_a_transposition_is_on_top_of_the_tuning_and_leaves_it():
    listeners = Listeners(mode=Mode.MPE)
    listeners.transpose(-5)
    tuning = read_tuning(a4_hz=442)
    listeners.set_tuning(tuning)
    assert listeners.tuning is tuning
    assert struck(listeners, 69) == pytest.approx(tuning.notes[69] - 5)


def test_keys_transposed_beyond_hearing_are_silent():
    notes = EQUAL_TUNING.transposed(36).notes
    assert (notes[103], notes[104]) == (139.0, None)
    assert EQUAL_TUNING.transposed(0) == EQUAL_TUNING
