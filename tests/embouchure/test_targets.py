"""`encode` and `targets`: sounds that a player wants, from recordings and from drawings."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from calibration.targets.target import load
from calibration.targets.target_store import find, names
from embouchure.cli import main
from embouchure.space_file import load_space
from presets.factory.loudness import TARGET_LUFS, preset_lufs
from presets.store import load as load_preset
from synth.space import save_space
from tests.embouchure.test_cli import Ran
from tests.presets.test_exchange import another_space
from tests.synth.analysis.test_unpitched import door

TRUMPET = Path(__file__).parents[1] / "synth/notes/trumpet-72.flac"
Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run_command(*arguments: str | Path) -> Ran:
        monkeypatch.setattr(sys, "argv", ["embouchure", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        return Ran(int(ended.value.code or 0), *capsys.readouterr())

    return run_command


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr("presets.factory.design.N_DEMONSTRATED", 12)


def test_encode_keeps_a_target_and_says_what_it_heard(run: Run, tmp_path: Path):
    ran = run("encode", TRUMPET, "--no-preset", "--wav", tmp_path / "again.wav")
    assert ran.code == 0
    assert "trumpet-72: 1 note in" in ran.out
    assert "C5 to C5" in ran.out
    assert names() == ["trumpet-72"]
    assert find("trumpet-72").note == 72.0
    assert soundfile.info(tmp_path / "again.wav").duration > 1.0


def test_encode_says_it_in_the_space_that_is_named(run: Run, tmp_path: Path):
    other = another_space(tmp_path / "other.safetensors")
    run("encode", TRUMPET, "--no-preset", "--space", tmp_path / "other.safetensors")
    assert find("trumpet-72").space_sha256 == other.sha256


def test_a_space_without_an_encoder_is_refused(run: Run, tmp_path: Path):
    deaf = {k: v for k, v in load_space().arrays.items() if not k.startswith("encoder.")}
    save_space(tmp_path / "deaf.safetensors", load_space().card, deaf)
    ran = run("encode", TRUMPET, "--no-preset", "--space", tmp_path / "deaf.safetensors")
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert "cannot encode; give one that was trained with its encoder" in ran.err


def test_encode_writes_a_file_and_json_where_asked(run: Run, tmp_path: Path):
    ran = run("encode", TRUMPET, "--name", "horn", "--out", tmp_path / "horn.target", "--json")
    (said,) = json.loads(ran.out)["phrases"]
    assert said["target"] == "horn"
    assert said["files"] == [str(tmp_path / "horn.target")]
    assert 0.0 < said["distance_db"] < 10.0
    assert load(tmp_path / "horn.target").name == "horn"
    assert names() == []


def sung(track: NDArray[np.float64]) -> NDArray[np.float64]:
    """A voice-like tone: harmonics under two formants, on a track of one note number a sample."""
    hz = 440 * 2 ** ((track - 69) / 12)
    turns = np.cumsum(hz) / 48_000
    formants = [0.1 + np.exp(-(((k * hz.mean() - 700) / 300) ** 2)) for k in range(1, 20)]
    return 0.05 * np.sum(
        [gain * np.sin(2 * np.pi * k * turns) for k, gain in enumerate(formants, start=1)], axis=0
    )


T_S = np.arange(36_000) / 48_000
SOUNDS = {
    "voice": (sung(57 + 0.4 * np.sin(2 * np.pi * 5.5 * T_S)), 1),
    "whale": (sung(50 + 9 * np.sin(np.pi * T_S / T_S[-1]) ** 2), None),
    "door": (door(), 0),
}


@pytest.mark.parametrize("kind", SOUNDS)
def test_any_sound_ends_in_something_to_play(run: Run, tmp_path: Path, kind: str):
    sound, n_notes = SOUNDS[kind]
    soundfile.write(tmp_path / f"{kind}-of-mine.wav", sound, 48_000)
    told = json.loads(run("encode", tmp_path / f"{kind}-of-mine.wav", "--json").out)
    (phrase,) = told["phrases"]
    assert n_notes in (None, phrase["n_notes"])
    preset = load_preset(told["preset"])
    assert told["preset"] == f"{kind}-of-mine"
    assert preset.card.space.sha256 == load_space().sha256
    assert preset_lufs(preset, load_space()) == pytest.approx(TARGET_LUFS, abs=3.0)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["none.wav"], "there is no file none.wav; give a WAV, FLAC or OGG file"),
        ([TRUMPET, "--name", "My Solo"], "'My Solo' cannot name a target"),
        ([TRUMPET, "--name", "scoop"], "scoop is built in: every instrument has it"),
        ([TRUMPET, "--wav", "heard.flac"], "heard.flac is no name for a WAV"),
        ([TRUMPET, "--wav", "gone/heard.wav"], "gone/heard.wav cannot be written: No such file"),
        ([TRUMPET, "--like", "kazoo"], "there is no instrument 'kazoo'; choose one of breath"),
    ],
)
def test_encode_refuses_in_one_sentence(run: Run, arguments: list[str | Path], sentence: str):
    ran = run("encode", *arguments)
    assert ran.code == 1
    assert sentence in ran.err
    assert ran.err.count("\n") == 1
    assert names() == []


def test_a_target_is_drawn_listed_shown_exported_and_removed(run: Run, tmp_path: Path):
    drawing = tmp_path / "Wide Swell.csv"
    drawing.write_text("time_s,loudness_db,brightness\n0,-40,0.2\n1,-15,0.9\n2,-45,0.3\n")
    drawn = run("targets", "draw", drawing, "--like", "trumpet", "--note", "65", "--json")
    assert json.loads(drawn.out)["name"] == "wide-swell"
    assert "drawn, 2.0 s at F4" in run("targets", "list").out
    shown = json.loads(run("targets", "show", "wide-swell", "--json").out)
    assert shown["loudness_db"] == [-45.0, -15.0]
    exported = run("targets", "export", "wide-swell", tmp_path / "again.json")
    assert "points." in exported.out
    assert json.loads((tmp_path / "again.json").read_text())["note"] == 65.0
    removed = run("targets", "remove", "wide-swell")
    assert "its file is now" in removed.out
    assert names() == []


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("swell", "swell is built in"), ("My Swell", "'My Swell' cannot be a name; use a to z")],
)
def test_a_target_that_could_not_be_asked_for_is_not_drawn(
    run: Run, tmp_path: Path, name: str, sentence: str
):
    drawing = tmp_path / "drawing.csv"
    drawing.write_text("time_s,loudness_db,brightness\n0,-40,0.2\n1,-15,0.9\n")
    ran = run("targets", "draw", drawing, "--name", name)
    assert ran.code == 1
    assert sentence in ran.err
    assert names() == []


def test_the_list_tells_the_articulations_that_every_instrument_has(run: Run):
    listed = json.loads(run("targets", "list", "--json").out)
    assert listed["targets"] == []
    assert {"swell", "free", "vibrato-trumpet"} <= {one["name"] for one in listed["articulations"]}


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A space of its own, with the factory's sounds."""
    path, space = tmp_path / "other.safetensors", load_space()
    save_space(path, space.card.model_copy(update={"name": "other"}), space.arrays)
    return path


def test_a_target_is_drawn_for_another_space(run: Run, tmp_path: Path, other: Path):
    drawing = tmp_path / "rise.csv"
    drawing.write_text("time_s,loudness_db,brightness\n0,-40,0.2\n1,-15,0.9\n")
    assert run("targets", "draw", drawing, "--like", "trumpet", "--space", other).code == 0
    assert find("rise").space_sha256 == load_space(other).sha256


def test_a_target_is_moved_to_another_space(run: Run, other: Path):
    run("encode", TRUMPET, "--name", "horn", "--no-preset")
    ran = run("targets", "move", "horn", other)
    assert (ran.code, ran.err) == (0, "")
    assert find("horn").space_sha256 == load_space(other).sha256
    assert "give the one it was made in" in run("targets", "move", "horn", other).err


def test_one_damaged_target_does_not_hide_the_rest(run: Run, tmp_path: Path):
    folder = tmp_path / "data/embouchure/targets"
    folder.mkdir(parents=True)
    (folder / "broken.target").write_bytes(b"no")
    ran = run("targets", "list")
    assert ran.code == 0
    assert "cannot be opened" in " ".join(ran.out.split())


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["show", "none"], "there is no target 'none'; name a .target file or one that is kept"),
        (["remove", "none"], "there is no target 'none'"),
        (["draw", "none.json"], "the drawing none.json cannot be read: No such file"),
        (["export", "none", "a.json"], "there is no target 'none'"),
    ],
)
def test_targets_refuse_in_one_sentence(run: Run, arguments: list[str], sentence: str):
    ran = run("targets", *arguments)
    assert ran.code == 1
    assert sentence in ran.err
