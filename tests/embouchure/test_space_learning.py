"""`space add`: what is given decides whether a space is installed or taught."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import soundfile

from embouchure.cli import main
from presets.spaces import installed_spaces
from presets.store import load
from synth.training.adding.new_sound import NewSound
from synth.training.corpus import CorpusError
from tests.embouchure.test_cli import Ran
from tests.synth.analysis.test_unpitched import door
from tests.synth.training.corpora.sounds import tone

Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run_command(*arguments: str | Path) -> Ran:
        monkeypatch.setattr(sys, "argv", ["embouchure", "space", "add", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        return Ran(int(ended.value.code or 0), *capsys.readouterr())

    return run_command


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr("presets.factory.design.N_DEMONSTRATED", 12)


def write(path: Path, sound) -> Path:  # noqa: ANN001
    soundfile.write(path, sound, 48_000)
    return path


@pytest.mark.long
def test_a_sound_becomes_a_space_and_a_preset_to_play(run: Run, tmp_path: Path):
    sound, out = write(tmp_path / "door.wav", door()), tmp_path / "mine.safetensors"
    ran = run(sound, "-o", out, "--minutes", "0.03", "--licence", "CC0-1.0", "--json")
    told = json.loads(ran.out)
    assert told["old_changed_db"] <= 0.1
    (door_told,) = told["sounds"]
    assert door_told["name"] == "door"
    assert door_told["after_db"] < door_told["before_db"]
    assert told["sha256"] in {space.sha256 for space in installed_spaces()}
    assert told["presets"] == ["door"]
    assert load("door").card.space.sha256 == told["sha256"]


def test_a_file_is_never_overwritten(run: Run, tmp_path: Path):
    hum = write(tmp_path / "hum.wav", tone(52, 48_000))
    (tmp_path / "mine.safetensors").write_text("precious")
    ran = run(hum, "--out", tmp_path / "mine.safetensors")
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert "exists already; choose another file with --out" in ran.err
    assert (tmp_path / "mine.safetensors").read_text() == "precious"


@pytest.mark.parametrize("name", ["gone.wav", "gone.safetensors"])
def test_a_missing_file_is_said_to_be_missing(run: Run, tmp_path: Path, name: str):
    ran = run(tmp_path / name)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(f"embouchure: there is no file {tmp_path / name}; give WAV, FLAC or")


@pytest.fixture
def learned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What would have been learned, note by note, where nothing is learned."""
    names: list[str] = []

    def listen(space: object, sounds: list[NewSound], *_: object, **__: object) -> None:
        names.extend(sound.name for sound in sounds)
        raise CorpusError("that is enough")

    monkeypatch.setattr("synth.training.adding.adding.add_sounds", listen)
    return names


def test_of_a_folder_every_sound_right_in_it_is_taken(run: Run, tmp_path: Path, learned: list[str]):
    folder = tmp_path / "sounds"
    (folder / "deeper").mkdir(parents=True)
    for name in ("hum.wav", "Buzz.FLAC", "deeper/lost.wav"):
        write(folder / name, tone(52, 48_000))
    (folder / "notes.txt").write_text("nothing to hear")
    run(folder, "-o", tmp_path / "mine.safetensors")
    assert set(learned) == {"hum", "buzz"}


def test_sounds_of_one_name_stay_two_and_a_sound_given_twice_is_one(
    run: Run, tmp_path: Path, learned: list[str]
):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder / "hum.wav", tone(52, 48_000))
    run(tmp_path / "a", tmp_path / "b", tmp_path / "a/hum.wav", "-o", tmp_path / "m.safetensors")
    assert learned == ["hum", "hum-2"]


def test_a_folder_without_sounds_says_what_to_put_there(run: Run, tmp_path: Path):
    (tmp_path / "empty").mkdir()
    ran = run(tmp_path / "empty")
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert f"the folder {tmp_path / 'empty'} holds no sounds; name one with WAV, FLAC" in ran.err


@pytest.mark.parametrize(
    ("out", "why"),
    [
        ("hum.wav/mine.safetensors", "cannot be written"),
        ("mine", "a space's file ends in .safetensors; call it mine.safetensors"),
    ],
)
def test_a_place_that_cannot_be_written_is_refused_before_anything_is_learned(
    run: Run, tmp_path: Path, learned: list[str], out: str, why: str
):
    hum = write(tmp_path / "hum.wav", tone(52, 48_000))
    ran = run(hum, "--out", tmp_path / out)
    assert (ran.code, ran.err.count("\n"), learned) == (1, 1, [])
    assert why in ran.err


def test_a_file_that_is_no_space_is_called_as_it_was_named(run: Run, tmp_path: Path):
    (tmp_path / "bad.safetensors").write_bytes(b"nothing good")
    ran = run(tmp_path / "bad.safetensors")
    assert ran.err.startswith(f"embouchure: {tmp_path / 'bad.safetensors'} is damaged or not a")


@pytest.mark.parametrize("names", [["gone.wav"], ["a.safetensors", "hum.wav"], ["text.wav"]])
def test_what_cannot_be_added_ends_in_one_sentence(run: Run, tmp_path: Path, names: list[str]):
    write(tmp_path / "hum.wav", tone(52, 48_000))
    (tmp_path / "text.wav").write_text("no sound")
    ran = run(*(tmp_path / name for name in names), "-o", tmp_path / "mine.safetensors")
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert not (tmp_path / "mine.safetensors").exists()
