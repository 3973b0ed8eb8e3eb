"""Detection: which verdict each kind of traffic leads to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.bytestream import ByteStream
from mapper.detection import N_STRIKES, Detection
from mapper.rpn import zone_messages
from mapper.zones import Mode
from tests.mapper.test_receiver_invariants import reads

MPE, ONE_CHANNEL, CHANNEL_PER_NOTE = Mode


def verdict(*messages: str, first: Mode = MPE) -> Mode:
    """The verdict after messages written in hex."""
    detection = Detection(first)
    for message in messages:
        detection.hear(bytes.fromhex(message))
    return detection.mode


def announced(detection: Detection, manager: int, n_members: int) -> bool:
    """Send a configuration message; return whether it was taken as certain."""
    return True in [detection.hear(message) for message in zone_messages(manager, n_members)]


@pytest.mark.parametrize("first", Mode)
def test_a_configuration_message_is_certain(first: Mode):
    detection = Detection(first)
    assert announced(detection, 0, 7)
    assert detection.mode is MPE


def test_nothing_outweighs_a_configuration_message():
    detection = Detection(MPE)
    announced(detection, 0, 7)
    for message in ("90 3c 40", "91 40 40", "b0 40 7f", "b1 40 7f", "a1 40 20"):
        detection.hear(bytes.fromhex(message))
    assert detection.mode is MPE


def test_with_both_zones_off_it_is_an_ordinary_keyboard_again():
    detection = Detection(MPE)
    announced(detection, 0, 7)
    announced(detection, 15, 7)
    announced(detection, 0, 0)
    assert detection.mode is MPE
    announced(detection, 15, 0)
    assert detection.mode is ONE_CHANNEL


def test_a_non_registered_parameter_6_announces_nothing():
    assert verdict("b0 63 00", "b0 62 06", "b0 06 07", first=ONE_CHANNEL) is ONE_CHANNEL


@pytest.mark.parametrize("first", [MPE, ONE_CHANNEL])
def test_notes_on_several_of_the_channels_2_to_16_are_mpe(first: Mode):
    assert verdict("91 3c 40", "92 40 40", first=first) is MPE


def test_a_note_on_channel_1_only_is_a_keyboard():
    assert verdict("90 3c 40") is ONE_CHANNEL


def test_a_keyboard_that_begins_to_use_members_is_mpe():
    assert verdict("90 3c 40", "80 3c 40", "91 3c 40") is MPE


def test_single_notes_on_one_member_channel_change_nothing():
    assert verdict("94 3c 40", "84 3c 40", "94 40 40") is MPE
    assert verdict("94 3c 40", "84 3c 40", "94 40 40", first=ONE_CHANNEL) is ONE_CHANNEL


def test_a_chord_on_one_member_channel_is_a_keyboard():
    assert verdict("94 3c 40", "94 40 40") is ONE_CHANNEL


def test_the_same_key_struck_twice_is_no_chord():
    assert verdict("94 3c 40", "94 3c 40") is MPE


@pytest.mark.parametrize("message", ["a4 3c 20", "b4 40 7f", "b4 42 7f"])
def test_what_no_member_sends_makes_a_keyboard_of_its_only_channel(message: str):
    assert verdict("94 3c 40", message) is ONE_CHANNEL


@pytest.mark.parametrize("message", ["a4 3c 20", "b4 40 7f"])
def test_and_says_nothing_where_other_channels_are_played_too(message: str):
    assert verdict("94 3c 40", "95 40 40", message) is MPE


def test_notes_at_once_on_channel_1_and_another_are_a_channel_per_note():
    assert verdict("90 3c 40", "91 40 40") is CHANNEL_PER_NOTE
    assert verdict("91 40 40", "90 3c 40") is CHANNEL_PER_NOTE


def test_a_pedal_repeated_on_several_channels_is_a_channel_per_note():
    assert verdict("b1 40 7f", "b2 40 7f") is CHANNEL_PER_NOTE


def test_two_different_pedals_are_not_a_repeated_one():
    assert verdict("b1 40 7f", "b2 42 7f") is MPE


def test_a_channel_per_note_is_believed_until_one_channel_was_used_for_long():
    notes = N_STRIKES * ["90 3c 40", "80 3c 40"]
    chord = ["90 3c 40", "91 40 40", "80 3c 40", "81 40 40"]
    assert verdict(*chord, *notes[:-2]) is CHANNEL_PER_NOTE
    assert verdict(*chord, *notes) is ONE_CHANNEL


@pytest.mark.parametrize("end", ["81 40 40", "91 40 00", "b1 7b 00", "b1 78 00", "b0 7b 00"])
def test_a_note_that_has_ended_is_not_held(end: str):
    assert verdict("91 40 40", end, "90 3c 40") is not CHANNEL_PER_NOTE


@given(st.sampled_from(Mode), reads, st.sampled_from((0, 15)), st.integers(1, 15))
def test_whatever_came_before_a_configuration_message_decides(
    first: Mode, chunks: list[bytes], manager: int, n_members: int
):
    detection, stream = Detection(first), ByteStream()
    for message in stream.feed(b"".join(chunks)):
        detection.hear(message)
    assert announced(detection, manager, n_members)
    assert (detection.mode, detection.is_announced) == (MPE, True)


@given(st.sampled_from(Mode), reads)
def test_expression_never_changes_the_verdict(first: Mode, chunks: list[bytes]):
    detection = Detection(first)
    for message in ByteStream().feed(b"".join(chunks)):
        before = detection.mode
        detection.hear(message)
        is_expression = message[0] >= 0xC0 or (message[0] >= 0xB0 and message[1] == 74)
        assert detection.mode is before or not is_expression
