"""Standard MIDI Files as bytes."""

import io
import struct

import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.midi_file import (
    END_OF_TRACK,
    TEMPO,
    TRACK_NAME,
    FileEvent,
    MidiFile,
    MidiFileError,
    decode,
    encode,
)

data_bytes = st.integers(0, 127)
messages = st.one_of(
    st.builds(lambda s, a, b: bytes((s, a, b)), st.integers(0x80, 0xBF), data_bytes, data_bytes),
    st.builds(lambda s, a: bytes((s, a)), st.integers(0xC0, 0xDF), data_bytes),
    st.builds(lambda text: TRACK_NAME + text, st.binary(max_size=200)),
)
ticks = st.integers(0, 0x0FFFFFFF)


@st.composite
def tracks(draw: st.DrawFn) -> list[FileEvent]:
    """A track whose ticks never fall."""
    tick, events = 0, []
    for delta, data in draw(st.lists(st.tuples(ticks, messages), max_size=20)):
        tick += delta % 1000
        events.append(FileEvent(tick, data))
    return events


files = st.builds(
    MidiFile, st.integers(0, 1), st.integers(1, 32767), st.lists(tracks(), max_size=4)
)


def track(content: str) -> list[tuple[int, str]]:
    """Events of a file with one track of the given hex content."""
    body = bytes.fromhex(content)
    header = b"MThd" + struct.pack(">IHHh", 6, 0, 1, 480)
    (events,) = decode(header + b"MTrk" + struct.pack(">I", len(body)) + body).tracks
    return [(event.tick, event.data.hex(" ")) for event in events]


@given(files)
def test_what_is_written_is_read_again(file: MidiFile):
    assert decode(encode(file)) == file


@given(files)
def test_another_reader_finds_the_same_messages(file: MidiFile):
    read = mido.MidiFile(file=io.BytesIO(encode(file)))
    for track_read, written in zip(read.tracks, file.tracks, strict=True):
        tick, found = 0, []
        for message in track_read:
            tick += message.time
            if not message.is_meta:
                found.append((tick, bytes(message.bytes())))
        assert found == [(t, data) for t, data in written if data[0] != 0xFF]


@given(files, st.data())
def test_a_file_cut_anywhere_is_refused(file: MidiFile, data: st.DataObject):
    whole = encode(file)
    length = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(MidiFileError):
        decode(whole[:length])


@given(files, st.data())
def test_damage_is_read_or_refused_but_never_crashes(file: MidiFile, data: st.DataObject):
    whole = bytearray(encode(file))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        damaged = decode(bytes(whole))
    except MidiFileError:
        return
    for event in (event for events in damaged.tracks for event in events):
        assert event.data[0] == 0xFF or (event.data[0] >= 0x80 and max(event.data[1:]) < 0x80)


@given(st.binary(max_size=100))
def test_other_bytes_are_refused(data: bytes):
    with pytest.raises(MidiFileError):
        decode(data)


def test_running_status_is_filled_in():
    assert track("00 90 3c 40 0a 3e 41") == [(0, "90 3c 40"), (10, "90 3e 41")]


def test_sysex_is_left_out():
    assert track("05 f0 02 01 f7 05 90 3c 40") == [(10, "90 3c 40")]


def test_nothing_after_the_end_of_a_track_is_read():
    assert track("00 90 3c 40 00 ff 2f 00 00 90 3e 40") == [(0, "90 3c 40")]


def test_other_chunks_are_skipped():
    file = MidiFile(1, 480, [[FileEvent(0, b"\x90\x3c\x40")]])
    written = encode(file)
    extra = b"XFIH" + struct.pack(">I", 3) + b"abc"
    assert decode(written[:14] + extra + written[14:]) == file


def test_a_pause_too_long_for_the_format_keeps_its_length():
    late = 3 * 0x0FFFFFFF + 5
    events = decode(encode(MidiFile(1, 480, [[FileEvent(late, b"\x90\x3c\x40")]]))).tracks[0]
    assert events[-1] == (late, b"\x90\x3c\x40")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("00 3c 40", "not MIDI"),
        ("00 90 3c 80", "not MIDI"),
        ("00 f8", "not MIDI"),
        ("00 90 3c", "breaks off"),
        ("00 ff 03 05 61", "breaks off"),
        ("00", "breaks off"),
        ("81 82 83 84 05 90 3c 40", "a length"),
    ],
)
def test_a_damaged_track_is_refused_with_the_reason(content: str, reason: str):
    with pytest.raises(MidiFileError, match=reason):
        track(content)


@pytest.mark.parametrize("header", [(3, 0, 480), (0, 0, 0), (0, 0, -6400)])
def test_a_header_without_sense_is_refused(header: tuple[int, int, int]):
    with pytest.raises(MidiFileError, match="header"):
        decode(b"MThd" + struct.pack(">IHHh", 6, *header))


def test_a_missing_track_is_noticed():
    whole = encode(MidiFile(1, 480, [[FileEvent(0, TEMPO + b"\x07\xa1\x20")], []]))
    last_track = len(b"MTrk") + 4 + len(b"\x00" + END_OF_TRACK + b"\x00")
    with pytest.raises(MidiFileError, match="after 1 of 2 tracks"):
        decode(whole[:-last_track])
