"""A rendered journal is what the live engine put out, sample for sample."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from embouchure.commands.render import replay_to
from embouchure.errors import ProgramError
from embouchure.instrument import load_sound
from embouchure.journal import read_lines
from embouchure.replay import sound_of_segment
from embouchure.segments import read_segments
from mapper.manner import Manner
from mapper.traffic import storm
from tests.embouchure.stage import Stage


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path / "a.journal", "breath")


def rendered(path: Path) -> NDArray[np.float32]:
    segments = read_segments(path)
    assert not any(segment.doubt() for segment in segments)
    return np.concatenate(
        [block for segment in segments for block in sound_of_segment(segment, tail_s=1.0)]
    )


def assert_same(stage: Stage) -> None:
    heard = stage.end()
    assert np.abs(heard).max() > 0.001
    np.testing.assert_array_equal(rendered(stage.path), heard)


def test_a_played_note_is_rendered_as_it_was_heard(stage: Stage) -> None:
    stage.hear(0.01, b"\x91\x45\x60")
    stage.hear(0.30, b"\x81\x45\x40")
    assert_same(stage)


def test_random_playing_is_rendered_as_it_was_heard(stage: Stage) -> None:
    for time_s, data in storm(7, 2.0, 600.0):
        stage.hear(time_s, data)
    assert_same(stage)


def test_a_preset_change_under_a_held_note_is_rendered_as_it_was_heard(stage: Stage) -> None:
    stage.hear(0.01, b"\x91\x45\x60")
    stage.select(0.2, "pluck")
    stage.hear(0.25, b"\x92\x40\x60")
    stage.hear(0.4, b"\xd1\x50")
    assert_same(stage)


def test_more_preset_changes_than_slots_are_rendered_as_they_were_heard(stage: Stage) -> None:
    for turn in range(40):
        stage.select(0.1 * turn, ("bow", "pluck", "mallet")[turn % 3])
        stage.hear(0.1 * turn + 0.03, bytes((0x91 + turn % 8, 40 + turn, 100)))
        stage.hear(0.1 * turn + 0.08, bytes((0x81 + turn % 8, 40 + turn, 64)))
    assert_same(stage)


def test_a_presets_file_is_in_the_journal_once_however_often_it_is_chosen(stage: Stage) -> None:
    pluck, bow = (load_sound(name, stage.engine.space) for name in ("pluck", "bow"))
    for turn in range(20):
        stage.run_ahead(0.1 * turn)
        stage.session.select(0.1 * turn, (pluck, bow)[turn % 2])
        stage.hear(0.1 * turn, bytes((0x91, 40 + turn, 100)))
    assert_same(stage)
    assert [line.word for line in read_lines(stage.path)].count("preset") == 3


def test_late_events_are_rendered_where_they_acted(stage: Stage) -> None:
    stage.hear(0.01, b"\x91\x45\x60")
    stage.run_ahead(0.5)
    for turn in range(1, 21):
        stage.hear(0.02 + turn * 0.01, bytes((0xD1, 6 * turn)))
    stage.run_ahead(0.51)
    assert stage.engine.snapshot().late_events >= 20
    assert_same(stage)


def test_volume_and_macros_are_rendered_as_they_were_heard(stage: Stage) -> None:
    stage.hear(0.01, b"\x91\x45\x60\xd1\x50")
    for turn in range(60):
        stage.hear(0.1 + 0.01 * turn, bytes((0xB0, (7, 11, 1, 17)[turn % 4], 127 - 2 * turn)))
    assert_same(stage)


def test_mono_legato_is_rendered_as_it_was_heard(stage: Stage) -> None:
    stage.set_manner(0.0, Manner(mono=True, relative_slide=True))
    for turn in range(12):
        stage.hear(0.1 + 0.1 * turn, bytes((0x91 + turn, 50 + turn, 90, 0xD1 + turn, 70)))
        stage.hear(0.12 + 0.1 * turn, bytes((0xB1 + turn, 74, 100)))
    for turn in range(12):
        stage.hear(1.4 + 0.05 * turn, bytes((0x8C - turn, 61 - turn, 64)))
    assert max(len(stage.session.chosen()), stage.engine.snapshot().n_voices) == 1
    assert_same(stage)


def test_voices_shed_and_paces_changed_under_overload_are_rendered_as_they_were_heard(
    stage: Stage,
) -> None:
    for turn in range(15):
        stage.hear(0.01, bytes((0x91 + turn % 15, 40 + turn, 120, 0xD1 + turn % 15, 90)))
    for turn in range(10):
        stage.hear(0.3, bytes((0x81 + turn, 40 + turn, 1)))
    stage.run_ahead(0.32)
    stage.device.load = 0.95
    stage.run_ahead(0.8)
    stage.device.load = 0.1
    stage.hear(0.9, b"\x91\x45\x60")
    stage.run_ahead(3.0)
    assert stage.engine.snapshot().shed > 0
    assert_same(stage)


def test_everything_at_once_is_rendered_as_it_was_heard(stage: Stage) -> None:
    for place, (time_s, data) in enumerate(storm(11, 4.0, 800.0)):
        stage.device.load = 0.9 if 1.0 < time_s < 2.0 else 0.1
        if place % 400 == 0:
            stage.select(time_s, ("pluck", "bow", "voice")[place // 400 % 3])
            stage.set_manner(time_s, Manner(mono=place % 800 == 0))
        stage.hear(time_s, data)
    assert_same(stage)


def test_panic_is_rendered_as_it_was_heard(stage: Stage) -> None:
    stage.hear(0.01, b"\x91\x45\x60")
    stage.panic(0.33)
    stage.hear(0.5, b"\x92\x40\x60")
    assert_same(stage)


def test_what_a_hanging_device_made_the_ring_let_go_is_rendered_as_it_was_heard(
    stage: Stage,
) -> None:
    stage.hear(0.01, b"\x91\x45\x60")
    stage.run_ahead(0.1)
    with stage.hung():
        for turn in range(20_000):
            stage.hear(0.1, bytes((0xE1, turn % 128, turn % 100)))
        stage.hear(0.1, b"\x81\x45\x40")
    assert_same(stage)


def test_the_segments_of_several_engines_follow_one_another(tmp_path: Path) -> None:
    path, heard = two_engines(tmp_path)
    assert np.array_equal(rendered(path), heard)


def two_engines(folder: Path) -> tuple[Path, NDArray[np.float32]]:
    """Play on two engines, one after the other, and write one journal of both."""
    stages = [Stage(folder / f"{name}.journal", name) for name in ("pluck", "bow")]
    for stage in stages:
        stage.hear(0.01, b"\x91\x45\x60")
    heard = np.concatenate([stage.end() for stage in stages])
    _, _, later = stages[1].path.read_text().partition("\n")
    with stages[0].path.open("a") as journal:
        journal.write(later)
    return stages[0].path, heard


def test_where_the_rate_changes_a_further_file_begins(tmp_path: Path) -> None:
    path, _ = two_engines(tmp_path)
    first, middle, last = path.read_text().rpartition('"rate_hz": 48000')
    path.write_text(first + middle.replace("48000", "44100") + last)
    replay_to(path, tmp_path / "a.wav", tail_s=0.1)
    rates = [soundfile.info(tmp_path / name).samplerate for name in ("a.wav", "a (2).wav")]
    assert rates == [48_000, 44_100]


def test_a_journal_cut_short_renders_up_to_there_and_a_tail(stage: Stage) -> None:
    stage.hear(0.01, b"\x91\x45\x60")
    heard = stage.end()
    whole = stage.path.read_bytes()
    stage.path.write_bytes(whole[: whole.rindex(b"end")])
    (segment,) = read_segments(stage.path)
    assert "the engine was lost" in segment.doubt()
    sound = np.concatenate(list(sound_of_segment(segment, tail_s=0.2)))
    assert 0.2 * 48_000 <= len(sound) < len(heard)
    assert np.array_equal(sound, heard[: len(sound)])


def test_a_damaged_line_of_events_is_counted(stage: Stage) -> None:
    stage.hear(0.01, b"\x91\x45\x60")
    stage.end()
    lines = stage.path.read_text().splitlines(keepends=True)
    place = max(i for i, line in enumerate(lines) if line.startswith("events"))
    lines[place] = "events " + lines[place][12:]
    stage.path.write_text("".join(lines))
    (segment,) = read_segments(stage.path)
    assert segment.doubt() == "1 events or lines of the journal are missing"


def test_a_journal_without_an_engine_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.journal").write_text('{"format": 2}\n1.0 0 913c40\n')
    with pytest.raises(ProgramError, match="render its MIDI file"):
        read_segments(tmp_path / "a.journal")


def test_a_journal_of_the_first_format_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.journal").write_text("{}\n1.0 0 913c40\n")
    with pytest.raises(ProgramError, match="render the take's MIDI file"):
        read_segments(tmp_path / "a.journal")
