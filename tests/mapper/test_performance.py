"""Performances read from files."""

from pathlib import Path

import mido
import pytest

from mapper.midi_file import FileEvent, MidiFile, encode
from mapper.performance import MAX_LENGTH_S, PerformanceError, hear, read
from mapper.touch import Kind

NOTE_ON, NOTE_OFF = b"\x91\x3c\x40", b"\x81\x3c\x40"


def saved(folder: Path, *tracks: list[tuple[int, bytes]], division: int = 480) -> Path:
    """A file of format 1 with these tracks."""
    path = folder / "some.mid"
    events = [[FileEvent(*event) for event in track] for track in tracks]
    path.write_bytes(encode(MidiFile(1, division, events)))
    return path


def tempo(beat_s: float) -> bytes:
    """A tempo event."""
    return b"\xff\x51" + round(beat_s * 1e6).to_bytes(3)


def test_without_a_tempo_a_beat_is_half_a_second(tmp_path: Path):
    assert read(saved(tmp_path, [(480, NOTE_ON)])) == [(0.5, 0, NOTE_ON)]


def test_a_tempo_in_one_track_counts_for_all(tmp_path: Path):
    path = saved(tmp_path, [(0, tempo(1.0)), (480, tempo(0.25))], [(960, NOTE_ON)])
    assert read(path) == [(1.25, 0, NOTE_ON)]


def test_smpte_time_has_no_tempo(tmp_path: Path):
    twenty_five_by_forty = -25 * 256 + 40
    path = saved(tmp_path, [(0, tempo(9.0)), (500, NOTE_ON)], division=twenty_five_by_forty)
    assert read(path)[0].time_s == pytest.approx(0.5)


def test_tracks_are_merged_in_the_order_of_time(tmp_path: Path):
    path = saved(tmp_path, [(0, NOTE_ON), (20, NOTE_OFF)], [(10, b"\xd1\x40")])
    assert [played.data for played in read(path)] == [NOTE_ON, b"\xd1\x40", NOTE_OFF]


def test_a_track_may_name_its_port(tmp_path: Path):
    path = saved(tmp_path, [(0, NOTE_ON)], [(0, b"\xff\x21\x02"), (0, NOTE_ON)])
    assert [played.port for played in read(path)] == [0, 2]


def test_times_agree_with_another_reader():
    path = Path(__file__).parents[2] / "embouchure" / "performance.mid"
    time_s, expected = 0.0, []
    for message in mido.MidiFile(path):
        time_s += message.time
        if not message.is_meta:
            expected.append((time_s, bytes(message.bytes())))
    found = [(played.time_s, played.data) for played in read(path)]
    assert [data for _, data in found] == [data for _, data in expected]
    assert [t for t, _ in found] == pytest.approx([t for t, _ in expected])


def test_hearing_it_ends_with_every_touch_lifted(tmp_path: Path):
    events = list(hear(read(saved(tmp_path, [(0, NOTE_ON), (480, b"\x92\x40\x40")]))))
    assert [event.kind for event in events[2:]] == [Kind.LIFT, Kind.LIFT]


def test_ports_are_heard_apart(tmp_path: Path):
    path = saved(tmp_path, [(0, NOTE_ON)], [(0, b"\xff\x21\x01"), (0, NOTE_ON)])
    first, second = list(hear(read(path)))[:2]
    assert first.touch != second.touch


def refusal(path: Path) -> str:
    """The sentence with which a file is refused."""
    with pytest.raises(PerformanceError) as caught:
        read(path)
    return str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path):
    path = tmp_path / "no.mid"
    assert refusal(path) == f"there is no file {path}; give a Standard MIDI File"


def test_a_folder_is_refused(tmp_path: Path):
    assert "cannot be read (Is a directory)" in refusal(tmp_path)


def test_another_kind_of_file_is_refused(tmp_path: Path):
    path = tmp_path / "some.wav"
    path.write_bytes(b"RIFF" + bytes(100))
    assert "it is not a Standard MIDI File" in refusal(path)


def test_a_truncated_file_is_refused(tmp_path: Path):
    path = saved(tmp_path, [(0, NOTE_ON), (480, NOTE_OFF)])
    path.write_bytes(path.read_bytes()[:-3])
    assert "it breaks off 3 bytes before its end" in refusal(path)


def test_a_file_of_format_2_is_refused(tmp_path: Path):
    path = tmp_path / "some.mid"
    path.write_bytes(encode(MidiFile(2, 480, [[]])))
    assert "format 2" in refusal(path)


def test_a_file_longer_than_a_day_is_refused(tmp_path: Path):
    path = saved(tmp_path, [(round(MAX_LENGTH_S) + 1, NOTE_ON)], division=1)
    path.write_bytes(
        encode(MidiFile(1, 1, [[FileEvent(0, tempo(1.1)), FileEvent(90000, NOTE_ON)]]))
    )
    assert "24 hours" in refusal(path)


def test_a_refusal_is_one_line(tmp_path: Path):
    path = tmp_path / "some.mid"
    path.write_bytes(b"nothing")
    assert "\n" not in refusal(path)
