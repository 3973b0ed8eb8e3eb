"""Performances read from files."""

import subprocess
import sys
from pathlib import Path

import mido
import pytest

from mapper.midi_file import encode
from mapper.performance import MAX_LENGTH_S, PerformanceError, hear, read
from mapper.touch import Kind
from tests.mapper.raw_midi_file import END, raw_file

NOTE_ON, NOTE_OFF = b"\x91\x3c\x40", b"\x81\x3c\x40"


def at(tick: int, data: bytes) -> mido.Message:
    """A message that many ticks after the one before it."""
    return mido.Message.from_bytes(data, time=tick)


def saved(folder: Path, *tracks: list[mido.Message], division: int = 480) -> Path:
    """A file of format 1 with these tracks."""
    path = folder / "some.mid"
    path.write_bytes(encode(division, tracks))
    return path


def tempo(beat_s: float, tick: int = 0) -> mido.MetaMessage:
    """A change of tempo."""
    return mido.MetaMessage("set_tempo", tempo=round(beat_s * 1e6), time=tick)


def to_port(port: int) -> mido.MetaMessage:
    """The name of a track's port."""
    return mido.MetaMessage("midi_port", port=port)


def test_without_a_tempo_a_beat_is_half_a_second(tmp_path: Path):
    assert read(saved(tmp_path, [at(480, NOTE_ON)])) == [(0.5, 0, NOTE_ON)]


def test_a_tempo_in_one_track_counts_for_all(tmp_path: Path):
    path = saved(tmp_path, [tempo(1.0), tempo(0.25, 480)], [at(960, NOTE_ON)])
    assert read(path) == [(1.25, 0, NOTE_ON)]


def test_smpte_time_has_no_tempo(tmp_path: Path):
    twenty_five_by_forty = -25 * 256 + 40
    path = saved(tmp_path, [tempo(9.0), at(500, NOTE_ON)], division=twenty_five_by_forty)
    assert read(path)[0].time_s == pytest.approx(0.5)


def test_tracks_are_merged_in_the_order_of_time(tmp_path: Path):
    path = saved(tmp_path, [at(0, NOTE_ON), at(20, NOTE_OFF)], [at(10, b"\xd1\x40")])
    assert [played.data for played in read(path)] == [NOTE_ON, b"\xd1\x40", NOTE_OFF]


def test_nothing_after_the_end_of_a_track_is_read(tmp_path: Path):
    path = tmp_path / "some.mid"
    path.write_bytes(raw_file(f"00 91 3c 40 {END} 00 81 3c 40"))
    assert [played.data for played in read(path)] == [NOTE_ON]


@pytest.mark.parametrize("system", ["f1 20", "f2 10 20", "f3 05", "f6", "f8", "fe"])
def test_system_messages_are_left_out_and_their_time_is_kept(tmp_path: Path, system: str):
    path = tmp_path / "some.mid"
    path.write_bytes(raw_file(f"60 {system} 83 00 91 3c 40"))
    assert read(path) == [(0.5, 0, NOTE_ON)]


def test_sysex_is_read_with_the_rest(tmp_path: Path):
    path = saved(tmp_path, [at(0, b"\xf0\x01\xf7"), at(480, NOTE_ON)])
    assert read(path) == [(0.0, 0, b"\xf0\x01\xf7"), (0.5, 0, NOTE_ON)]


@pytest.mark.parametrize("file_format", [0, 1])
def test_formats_0_and_1_are_read(tmp_path: Path, file_format: int):
    path = tmp_path / "some.mid"
    path.write_bytes(raw_file(f"00 91 3c 40 {END}", file_format=file_format))
    assert read(path) == [(0.0, 0, NOTE_ON)]


def test_a_track_may_name_its_port(tmp_path: Path):
    path = saved(tmp_path, [at(0, NOTE_ON)], [to_port(2), at(0, NOTE_ON)])
    assert [played.port for played in read(path)] == [0, 2]


def test_times_agree_with_midos_own_playback():
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
    events = list(hear(read(saved(tmp_path, [at(0, NOTE_ON), at(480, b"\x92\x40\x40")]))))
    assert [event.kind for event in events[2:]] == [Kind.LIFT, Kind.LIFT]


def test_ports_are_heard_apart(tmp_path: Path):
    path = saved(tmp_path, [at(0, NOTE_ON)], [to_port(1), at(0, NOTE_ON)])
    first, second = list(hear(read(path)))[:2]
    assert first.touch != second.touch


def test_reading_needs_no_heavy_library():
    code = "import sys, mapper.performance; print(*{name.split('.')[0] for name in sys.modules})"
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    heavy = {"numpy", "numba", "scipy", "sklearn", "soundfile", "rtmidi", "torch"}
    assert not heavy & set(answer.stdout.split())


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
    path = saved(tmp_path, [at(0, NOTE_ON), at(480, NOTE_OFF)])
    path.write_bytes(path.read_bytes()[:-3])
    assert "it breaks off 3 bytes before its end" in refusal(path)


def test_a_file_of_format_2_is_refused(tmp_path: Path):
    path = tmp_path / "some.mid"
    path.write_bytes(raw_file(END, file_format=2))
    assert "format 2" in refusal(path)


def test_a_file_longer_than_a_day_is_refused(tmp_path: Path):
    beats = round(MAX_LENGTH_S)
    path = saved(tmp_path, [tempo(1.1), at(beats, NOTE_ON)], division=1)
    assert "24 hours" in refusal(path)


def test_a_refusal_is_one_line(tmp_path: Path):
    path = tmp_path / "some.mid"
    path.write_bytes(b"nothing")
    assert "\n" not in refusal(path)
