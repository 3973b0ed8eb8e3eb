"""The rules of the MIDI byte stream, one test a rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.bytestream import ByteStream


def cut(*reads: str, keep_sysex: bool = False) -> list[str]:
    """Messages, in hex, that the hex reads give."""
    stream = ByteStream(keep_sysex=keep_sysex)
    return [message.hex(" ") for read in reads for message in stream.feed(bytes.fromhex(read))]


@pytest.mark.parametrize("status", ["80", "90", "a5", "bf", "e3"])
def test_a_message_of_three_bytes(status: str):
    assert cut(f"{status} 01 7f") == [f"{status} 01 7f"]


@pytest.mark.parametrize("status", ["c0", "df"])
def test_a_message_of_two_bytes(status: str):
    assert cut(f"{status} 7f") == [f"{status} 7f"]


def test_running_status_repeats_the_last_status():
    assert cut("90 3c 40 3e 41") == ["90 3c 40", "90 3e 41"]


def test_running_status_reaches_into_the_next_read():
    assert cut("90 3c 40", "3e 41") == ["90 3c 40", "90 3e 41"]


def test_a_real_time_byte_inside_a_message_does_not_end_it():
    assert cut("90 f8 3c fe 40") == ["90 3c 40"]


def test_a_real_time_byte_keeps_running_status():
    assert cut("90 3c 40 f8 3e 41") == ["90 3c 40", "90 3e 41"]


def test_sysex_is_skipped():
    assert cut("f0 43 10 4c 00 f7 90 3c 40") == ["90 3c 40"]


def test_a_status_byte_ends_an_unfinished_sysex():
    assert cut("f0 43 10 90 3c 40") == ["90 3c 40"]


def test_sysex_ends_running_status():
    assert cut("90 3c 40 f0 01 f7 3e 41") == ["90 3c 40"]


def test_sysex_is_kept_where_it_is_wanted():
    assert cut("f0 43 10", "4c f7 90 3c 40", keep_sysex=True) == ["f0 43 10 4c f7", "90 3c 40"]


def test_a_real_time_byte_inside_sysex_does_not_end_it():
    assert cut("f0 43 f8 10 f7", keep_sysex=True) == ["f0 43 10 f7"]


@pytest.mark.parametrize("other", ["90 3c 40", "f6", "f0"])
def test_sysex_that_another_status_ends_is_dropped(other: str):
    assert not any(m.startswith("f0 43") for m in cut(f"f0 43 {other}", "f7", keep_sysex=True))


@pytest.mark.parametrize("system", ["f1 20", "f2 10 20", "f3 05", "f6", "f4", "f5"])
def test_other_system_messages_are_skipped_and_end_running_status(system: str):
    assert cut(f"90 3c 40 {system} 3e 41") == ["90 3c 40"]


def test_data_bytes_without_a_status_are_dropped():
    assert cut("3c 40 7f", "90 3c 40") == ["90 3c 40"]


def test_a_new_status_abandons_an_unfinished_message():
    assert cut("90 3c 80 3e 40") == ["80 3e 40"]


def test_a_whole_message_abandons_an_unfinished_one():
    assert cut("90 3c", "80 3e 40", "3f 41") == ["80 3e 40", "80 3f 41"]


@given(st.binary(max_size=60), st.booleans(), st.data())
def test_any_cutting_into_reads_gives_the_same_messages(
    data: bytes,
    keep_sysex: bool,  # noqa: FBT001
    draw: st.DataObject,
):
    cuts = sorted(draw.draw(st.lists(st.integers(0, len(data)), max_size=20)))
    reads = [data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)], strict=True)]
    stream, whole = ByteStream(keep_sysex=keep_sysex), ByteStream(keep_sysex=keep_sysex)
    assert [m for read in reads for m in stream.feed(read)] == whole.feed(data)


@given(st.binary(max_size=60))
def test_every_message_is_a_channel_status_and_its_data_bytes(data: bytes):
    for message in ByteStream().feed(data):
        assert 0x80 <= message[0] < 0xF0
        assert len(message) == (2 if message[0] >> 4 in {0xC, 0xD} else 3)
        assert max(message[1:]) < 0x80
