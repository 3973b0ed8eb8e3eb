"""The recorder."""

import io
from itertools import pairwise, takewhile
from pathlib import Path

import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.midi_file import MAX_DELTA_TICKS, decode
from mapper.performance import Played, hear, read
from mapper.receiver import Receiver
from mapper.recorder import TICK_S, Recorder
from mapper.traffic import storm, ten_fingers
from mapper.whole_file import OLD_SUFFIX
from mapper.zones import Mode

N_OPENING = len(Receiver().configuration())

messages = st.builds(
    lambda status, a, b: bytes((status, a, b)),
    st.integers(0x80, 0xBF), st.integers(0, 127), st.integers(0, 127),
) | st.lists(st.integers(0, 127)).map(lambda inside: b"\xf0" + bytes(inside) + b"\xf7")  # fmt: skip
moments = st.floats(0.0, 30_000.0, allow_nan=False)
performances = st.lists(
    st.builds(Played, moments, st.integers(0, 3), messages), min_size=1, max_size=30
).map(sorted)


def recorded(performance: list[Played], **options: object) -> Recorder:
    """A recorder that heard the performance."""
    recorder = Recorder(**options)
    for played in performance:
        recorder.record(*played)
    return recorder


def opening(recorder: Recorder) -> list[bytes]:
    """Messages at the beginning of the first port's track, its first note too if that is at 0."""
    track = decode(recorder.encode()).tracks[1]
    played = takewhile(lambda message: message.is_meta or message.time == 0, track)
    return [bytes(message.bytes()) for message in played if not message.is_meta]


def replayed(recorder: Recorder, folder: Path) -> list[Played]:
    """What is read from the exported file, the openings of its tracks left out."""
    recorder.export(folder / "take.mid")
    found = read(folder / "take.mid")
    counts = dict.fromkeys(range(16), N_OPENING)
    kept = []
    for played in found:
        if counts[played.port]:
            counts[played.port] -= 1
        else:
            kept.append(played)
    return kept


@given(performances)
def test_what_is_replayed_is_what_was_recorded(
    tmp_path_factory: pytest.TempPathFactory, performance: list[Played]
):
    found = replayed(recorded(performance), tmp_path_factory.mktemp("take"))
    for port in range(4):
        before = [played.data for played in performance if played.port == port]
        assert [played.data for played in found if played.port == port] == before


@given(performances)
def test_times_are_within_half_a_tick(
    tmp_path_factory: pytest.TempPathFactory, performance: list[Played]
):
    found = replayed(recorded(performance), tmp_path_factory.mktemp("take"))
    for port in range(4):
        before = [p.time_s - performance[0].time_s for p in performance if p.port == port]
        after = [p.time_s for p in found if p.port == port]
        assert after == pytest.approx(before, rel=0.0, abs=TICK_S / 2 + 1e-9)


@pytest.mark.parametrize("inside", ["f8 fe", "f1 20", "f2 10 20", "f6", "40", "90 3c", "f0 01"])
def test_what_a_file_has_no_place_for_changes_nothing_else(tmp_path: Path, inside: str):
    note = b"\x91\x3c\x40"
    performance = [Played(0.0, 0, bytes.fromhex(inside)), Played(0.0, 0, note)]
    assert [played.data for played in replayed(recorded(performance), tmp_path)] == [note]


def test_a_pause_too_long_for_the_format_keeps_its_length(tmp_path: Path):
    late_s = 3 * MAX_DELTA_TICKS * TICK_S + 5.0
    performance = [Played(0.0, 0, b"\x91\x3c\x40"), Played(late_s, 0, b"\x81\x3c\x40")]
    assert replayed(recorded(performance), tmp_path)[-1].time_s == pytest.approx(late_s, abs=TICK_S)


def test_the_resolution_is_finer_than_a_tenth_of_a_millisecond():
    assert TICK_S < 1e-4


def test_the_same_touches_are_heard_again(tmp_path: Path):
    performance = [Played(time_s, 0, data) for time_s, data in storm(2, 5.0, 1000.0)]
    recorded(performance).export(tmp_path / "take.mid")
    before, after = list(hear(performance)), list(hear(read(tmp_path / "take.mid")))
    assert [event[1:] for event in after] == [event[1:] for event in before]


def test_a_file_begins_with_the_zones_and_bend_ranges_in_force():
    receiver = Receiver()
    receiver.receive(bytes.fromhex("b0 64 06 b0 65 00 b0 06 07 b1 65 00 b1 64 00 b1 06 18"), 0.0)
    recorder = Recorder(receiver.configuration())
    recorder.record(5.0, 0, b"\x91\x3c\x40")
    other = Receiver()
    other.receive(b"".join(opening(recorder)), 0.0)
    assert other.configuration() == receiver.configuration()


def test_without_a_word_mpes_own_beginning_is_in_force():
    recorder = recorded([Played(0.0, 0, b"\x91\x3c\x40")])
    assert opening(recorder)[:-1] == Receiver().configuration()


def test_an_ordinary_keyboards_file_configures_no_zone():
    configuration = Receiver(mode=Mode.ONE_CHANNEL).configuration()
    assert not any(message[1:] == b"\x64\x06" for message in configuration)


def test_a_recording_may_begin_before_its_first_message(tmp_path: Path):
    recorder = recorded([Played(12.0, 0, b"\x91\x3c\x40")], start_s=10.0)
    assert replayed(recorder, tmp_path)[0].time_s == pytest.approx(2.0)


def test_messages_cut_by_reads_are_made_whole(tmp_path: Path):
    cut = [Played(0.0, 0, b"\x91\x3c"), Played(1.0, 0, b"\x40\x3e"), Played(2.0, 0, b"\x41")]
    found = [(played.time_s, played.data) for played in replayed(recorded(cut), tmp_path)]
    assert found == [(1.0, b"\x91\x3c\x40"), (2.0, b"\x91\x3e\x41")]


def test_each_port_has_a_track_of_its_own():
    performance = [Played(0.0, 0, b"\x91\x3c\x40"), Played(0.0, 2, b"\x91\x3c\x40")]
    file = mido.MidiFile(file=io.BytesIO(recorded(performance).encode()))
    assert [track.name for track in file.tracks] == ["", "Port 1", "Port 3"]


def test_mido_plays_it_at_the_right_times():
    performance = [Played(time_s, 0, data) for time_s, data in ten_fingers(1, 0.5)]
    recorder = Recorder()
    recorder.performance = performance
    times_s = []
    time_s = 0.0
    for message in mido.MidiFile(file=io.BytesIO(recorder.encode())):
        time_s += message.time
        times_s.append(time_s)
    assert times_s[-1] == pytest.approx(0.5, abs=1e-4)
    assert all(a <= b for a, b in pairwise(times_s))


def test_exporting_again_keeps_the_old_version(tmp_path: Path):
    path = tmp_path / "take.mid"
    recorded([Played(0.0, 0, b"\x91\x3c\x40")]).export(path)
    first = path.read_bytes()
    recorded([Played(0.0, 0, b"\x91\x3d\x40")]).export(path)
    assert (tmp_path / f"take.mid{OLD_SUFFIX}").read_bytes() == first != path.read_bytes()


def test_a_failed_export_leaves_no_file(tmp_path: Path):
    with pytest.raises(OSError, match="No such file"):
        recorded([Played(0.0, 0, b"\x91\x3c\x40")]).export(tmp_path / "no" / "take.mid")
    assert list(tmp_path.iterdir()) == []


def test_a_recorder_that_heard_nothing_still_writes_a_file(tmp_path: Path):
    Recorder().export(tmp_path / "take.mid")
    assert read(tmp_path / "take.mid") == []
