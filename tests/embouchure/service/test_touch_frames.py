"""The bytes in which a surface tells its fingers."""

import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embouchure.service.touch_frames import (
    MAX_BYTES,
    FrameError,
    TouchFrame,
    echo,
    pack,
    parse,
)
from mapper.surface import MAX_FINGERS, Finger, Phase

number = st.floats(allow_nan=False, allow_infinity=False, width=32)
fingers = st.builds(
    Finger, st.integers(0, 65535), st.sampled_from(Phase), number, number, number, number, number
)
frames = st.builds(
    TouchFrame,
    st.integers(0, 65535),
    st.integers(0, 2**32 - 1),
    st.lists(fingers, max_size=MAX_FINGERS, unique_by=lambda one: one.number).map(tuple),
)
ONE = TouchFrame(7, 1234, (Finger(3, Phase.BEGAN, 60.5, -1.0, 0.25, 0.5, 0.75),))


def read_or_refused(data: bytes) -> TouchFrame | str:
    try:
        return parse(data)
    except FrameError as error:
        return str(error)


def test_the_layout_is_as_documented() -> None:
    told = struct.pack("<BBHI", 1, 1, 7, 1234)
    told += struct.pack("<HBBfffff", 3, 0, 0, 60.5, -1.0, 0.25, 0.5, 0.75)
    assert parse(told) == ONE


def test_the_answer_says_which_frame_it_is_to() -> None:
    assert echo(ONE) == b"\x01\x00\x07\x00"


@given(frames)
def test_a_frame_is_read_as_it_was_written(frame: TouchFrame) -> None:
    packed = pack(frame)
    assert parse(packed) == frame
    assert len(packed) <= MAX_BYTES


@given(st.binary(max_size=2 * MAX_BYTES))
def test_any_bytes_are_a_sane_frame_or_refused_in_a_sentence(data: bytes) -> None:
    answer = read_or_refused(data)
    if isinstance(answer, TouchFrame):
        assert len({finger.number for finger in answer.fingers}) == len(answer.fingers)
        assert all(math.isfinite(x) for finger in answer.fingers for x in finger[2:])
    else:
        assert 0 < len(answer) < 120


@given(frames, st.data())
def test_a_spoilt_frame_is_read_or_refused(frame: TouchFrame, data: st.DataObject) -> None:
    packed = bytearray(pack(frame))
    packed[data.draw(st.integers(0, len(packed) - 1))] = data.draw(st.integers(0, 255))
    assert read_or_refused(bytes(packed))


@pytest.mark.parametrize(
    ("spoilt", "reason"),
    [
        (b"", "8 bytes at least"),
        (pack(ONE)[:-1], "32 bytes, not 31"),
        (pack(ONE) + b"\0", "32 bytes, not 33"),
        (b"\x02" + pack(ONE)[1:], "version 2"),
        (pack(TouchFrame(0, 0, ONE.fingers * 2)), "an id of its own"),
        (pack(TouchFrame(0, 0, (ONE.fingers[0]._replace(note=math.nan),))), "finite"),
        (pack(TouchFrame(0, 0, (ONE.fingers[0]._replace(phase=3),))), "0, 1 or 2, not 3"),
        (struct.pack("<BBHI", 1, 17, 0, 0) + bytes(17 * 24), "16 touches at most"),
    ],
)
def test_what_is_no_frame_is_refused(spoilt: bytes, reason: str) -> None:
    with pytest.raises(FrameError, match=reason):
        parse(spoilt)
