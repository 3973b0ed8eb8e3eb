"""Two presets play the same, equally loud."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from embouchure.cli import main
from embouchure.comparison import compare
from embouchure.errors import ProgramError
from mapper.recorder import Recorder
from presets import store
from presets.factory.loudness import loudness_lufs


@pytest.fixture
def performance(tmp_path: Path) -> Path:
    recorder = Recorder()
    for start_s, key in ((0.0, 60), (0.6, 67)):
        recorder.record(start_s, 0, bytes((0x91, key, 0x60)))
        recorder.record(start_s + 0.02, 0, b"\xd1\x50")
        recorder.record(start_s + 0.5, 0, bytes((0x81, key, 0x40)))
    recorder.export(tmp_path / "two.mid")
    return tmp_path / "two.mid"


def test_both_files_are_equally_loud_and_below_full_scale(performance: Path, tmp_path: Path):
    told = compare(("breath", "pluck"), tmp_path, performance)
    assert [side.path.name for side in told.sides] == ["A breath.wav", "B pluck.wav"]
    for side in told.sides:
        sound, _ = soundfile.read(side.path)
        assert loudness_lufs(sound) == pytest.approx(told.lufs, abs=0.05)
        assert 20 * np.log10(np.abs(sound).max()) <= -0.99
        assert side.lufs + side.gain_db == pytest.approx(told.lufs)
    assert told.distance_db > 3.0
    assert told.sides[0].brightness_hz != pytest.approx(told.sides[1].brightness_hz, rel=0.01)


def test_a_preset_does_not_differ_from_itself(performance: Path, tmp_path: Path):
    assert compare(("bow", "bow"), tmp_path, performance).distance_db < 0.01


def test_progress_is_told_to_its_end(performance: Path, tmp_path: Path):
    told: list[float] = []
    compare(("bow", "pluck"), tmp_path, performance, told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0


@pytest.mark.parametrize(
    ("presets", "folder", "sentence"),
    [
        (("bow", "kazoo"), "", "there is no preset 'kazoo'"),
        (("bow", "pluck"), "none", "none is no folder for the two files"),
    ],
)
def test_what_would_fail_in_the_end_is_refused_before_anything_is_rendered(
    performance: Path, tmp_path: Path, presets: tuple[str, str], folder: str, sentence: str
):
    told: list[float] = []
    with pytest.raises(ValueError, match=sentence):
        compare(presets, tmp_path / folder, performance, told.append)
    assert told == []


def test_a_performance_that_makes_no_sound_is_refused(tmp_path: Path):
    Recorder().export(tmp_path / "rest.mid")
    with pytest.raises(ProgramError, match="makes no sound"):
        compare(("bow", "pluck"), tmp_path, tmp_path / "rest.mid")


def test_the_command_tells_the_figures(
    performance: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    arguments = ["presets", "compare", "breath", "bow", "--performance", str(performance), "--json"]
    monkeypatch.setattr(sys, "argv", ["embouchure", *arguments, "--out", str(tmp_path)])
    monkeypatch.setattr(store, "user_folder", lambda: tmp_path / "presets")
    with pytest.raises(SystemExit):
        main()
    told = json.loads(capsys.readouterr().out)
    assert [Path(side["path"]).exists() for side in told["sides"]] == [True, True]
    assert told["distance_db"] > 0
