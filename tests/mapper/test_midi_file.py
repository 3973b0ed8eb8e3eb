"""Standard MIDI Files as bytes."""

from pathlib import Path

import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.midi_file import MAX_DELTA_TICKS, MidiFileError, decode, encode
from mapper.performance import PerformanceError, read
from tests.mapper.raw_midi_file import END, chunk, raw_file

data_bytes = st.integers(0, 127)
deltas = st.integers(0, MAX_DELTA_TICKS)
contents = st.one_of(
    st.builds(lambda s, a, b: bytes((s, a, b)), st.integers(0x80, 0xBF), data_bytes, data_bytes),
    st.builds(lambda s, a: bytes((s, a)), st.integers(0xC0, 0xDF), data_bytes),
    st.builds(lambda inside: b"\xf0" + bytes(inside) + b"\xf7", st.lists(data_bytes, max_size=200)),
)
messages = st.one_of(
    st.builds(lambda data, delta: mido.Message.from_bytes(data, time=delta), contents, deltas),
    st.builds(lambda tempo: mido.MetaMessage("set_tempo", tempo=tempo), st.integers(0, 0xFFFFFF)),
    st.builds(lambda text: mido.MetaMessage("text", text=text), st.text("aé ", max_size=200)),
)
tracks = st.lists(st.lists(messages, max_size=20), max_size=4)


def track(content: str) -> list[tuple[int, str]]:
    """Delta time and bytes of each message in a track of the given hex content."""
    (found,) = decode(raw_file(content)).tracks
    return [(message.time, message.hex(" ").lower()) for message in found]


WHOLE = raw_file(
    f"00 ff 51 03 07 a1 20 {END}",
    f"00 ff 03 02 61 62 05 f0 03 01 02 f7 00 91 3c 40 83 60 3e 41 10 81 3c 40 {END}",
)
"""Two tracks that hold a tempo, a text, SysEx, running status and a long time."""


@given(tracks)
def test_what_is_written_is_read_again(written: list[list[mido.Message]]):
    file = decode(encode(480, written))
    assert [list(found[:-1]) for found in file.tracks] == written
    assert (file.type, file.ticks_per_beat) == (1, 480)


def test_a_file_is_written_as_the_standard_says():
    notes = [mido.Message.from_bytes(b"\x91\x3c\x40", time=time) for time in (0, 480)]
    assert encode(480, [notes]) == raw_file(f"00 91 3c 40 83 60 3c 40 {END}")


def test_a_file_cut_at_any_byte_is_refused():
    decode(WHOLE)
    for length in range(len(WHOLE)):
        with pytest.raises(MidiFileError):
            decode(WHOLE[:length])


def test_a_player_is_told_of_any_cut_in_one_sentence(tmp_path: Path):
    path = tmp_path / "some.mid"
    for length in range(len(WHOLE)):
        path.write_bytes(WHOLE[:length])
        with pytest.raises(PerformanceError, match=r"^[^\n]+ cannot be played: [^\n]+$"):
            read(path)


@given(tracks, st.data())
def test_damage_is_read_or_refused_but_never_crashes(
    written: list[list[mido.Message]], data: st.DataObject
):
    damaged = bytearray(encode(480, written))
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        file = decode(bytes(damaged))
    except MidiFileError:
        return
    assert all(0 <= message.time <= MAX_DELTA_TICKS for found in file.tracks for message in found)


@given(st.binary(max_size=60))
def test_any_bytes_in_a_track_are_read_or_refused(content: bytes):
    try:
        found = track(content.hex())
    except MidiFileError:
        return
    assert all(bytes.fromhex(data)[0] >= 0x80 for _, data in found)


@given(st.binary(max_size=100))
def test_other_bytes_are_refused(data: bytes):
    with pytest.raises(MidiFileError):
        decode(data)


def test_running_status_is_filled_in():
    assert track("00 90 3c 40 0a 3e 41") == [(0, "90 3c 40"), (10, "90 3e 41")]


def test_running_status_reaches_over_a_meta_event():
    assert track("00 90 3c 40 00 ff 01 00 0a 3e 41")[-1] == (10, "90 3e 41")


def test_sysex_is_read_whole():
    assert track("05 f0 02 01 f7 05 90 3c 40") == [(5, "f0 01 f7"), (5, "90 3c 40")]


@pytest.mark.parametrize("kind", range(0x80))
def test_the_time_before_a_meta_event_of_any_kind_counts(kind: int):
    five_bytes = "00 00 00 00 00"
    (found, _) = track(f"0a ff {kind:02x} 05 {five_bytes} 0a 90 3c 40")
    assert found[0] == 10


def test_other_chunks_are_skipped():
    assert decode(WHOLE[:14] + chunk(b"XFIH", b"abc") + WHOLE[14:]).tracks == decode(WHOLE).tracks


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("00 3c 40", "not MIDI"),
        ("00 90 3c 80", "not MIDI"),
        ("00 90 f8 3c 40", "not MIDI"),
        ("00 f4", "not MIDI"),
        ("00 f7 02 f3 01", "not MIDI"),
        ("00 ff 59 02 09 00", "not MIDI"),
        ("00 90 3c", "breaks off"),
        ("00 ff 03 05 61", "breaks off"),
        ("00", "breaks off"),
        ("81 82 83 84 05 90 3c 40", "a time that is not MIDI"),
    ],
)
def test_a_damaged_track_is_refused_with_the_reason(content: str, reason: str):
    with pytest.raises(MidiFileError, match=reason):
        track(content)


def test_a_track_of_erased_memory_is_refused_at_once():
    with pytest.raises(MidiFileError, match="overwritten"):
        track(1_000_000 * "ff")


@pytest.mark.parametrize(("file_format", "division"), [(3, 480), (0, 0), (0, -6400)])
def test_a_header_without_sense_is_refused(file_format: int, division: int):
    with pytest.raises(MidiFileError, match="header"):
        decode(raw_file(END, file_format=file_format, division=division))


@pytest.mark.parametrize("n_tracks", [0, 1, 3, 40_000])
def test_a_file_with_another_number_of_tracks_than_it_says_is_refused(n_tracks: int):
    with pytest.raises(MidiFileError, match=f"promises {n_tracks} tracks and holds 2"):
        decode(raw_file(END, END, n_tracks=n_tracks))
