"""A preset made for another space brings it along, and is played on it."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from embouchure.cli import main
from embouchure.instrument import load_sound
from embouchure.play_settings import PlaySettings
from embouchure.rendering import sound_of
from embouchure.space_file import load_space, space_for
from mapper.recorder import Recorder
from presets import library, setlists, spaces, store
from presets.bundle import Bundle
from presets.card import SpaceNeeded
from presets.exchange import import_file
from presets.refusal import PresetError
from tests.presets.shelf import some_sources
from tests.presets.test_exchange import another_space

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "user_folder", lambda: tmp_path / "presets")
    monkeypatch.setattr(spaces, "user_folder", lambda: tmp_path / "spaces")
    monkeypatch.setattr(setlists, "folder", lambda: tmp_path / "setlists")


def stranger(folder: Path, *, brings_space: bool) -> Path:
    """The factory's breath, as made for another space, which sounds like the factory's."""
    space = another_space(folder / "old.safetensors")
    needed = SpaceNeeded(name=space.card.name, sha256=space.sha256)
    preset = library.with_fields(store.load("breath"), name="old-breath", space=needed)
    brought = (folder / "old.safetensors").read_bytes() if brings_space else None
    path = folder / "old-breath.preset"
    path.write_bytes(Bundle(preset=preset, space=brought).to_bytes())
    return path


def heard(preset: str, folder: Path) -> np.ndarray:
    recorder = Recorder()
    recorder.record(0.0, 0, b"\x91\x45\x60")
    recorder.record(0.3, 0, b"\x81\x45\x40")
    recorder.export(folder / "note.mid")
    blocks = sound_of(folder / "note.mid", PlaySettings(preset=preset), 0.2)
    return np.concatenate([block for _, block in blocks])


def test_it_sounds_on_the_space_that_it_brought(tmp_path: Path):
    assert import_file(stranger(tmp_path, brings_space=True)) == ("old-breath", True)
    sound = heard("old-breath", tmp_path)
    assert np.abs(sound).max() > 0.01
    np.testing.assert_array_equal(sound, heard("breath", tmp_path))
    assert space_for("old-breath").card.name == "old"


def test_without_its_space_it_is_refused_in_words(tmp_path: Path):
    import_file(stranger(tmp_path, brings_space=False))
    with pytest.raises(PresetError, match="made for the space old"):
        heard("old-breath", tmp_path)


def test_it_is_not_mixed_with_presets_of_the_space_that_is_played(tmp_path: Path):
    import_file(stranger(tmp_path, brings_space=True))
    with pytest.raises(PresetError, match="play this one by itself"):
        load_sound("old-breath", load_space())


def test_a_damaged_space_among_the_installed_is_said(tmp_path: Path):
    import_file(stranger(tmp_path, brings_space=True))
    (installed,) = (tmp_path / "spaces").glob("*.safetensors")
    changed = bytearray(installed.read_bytes())
    changed[-1] ^= 1
    installed.write_bytes(changed)
    with pytest.raises(PresetError, match="made for the space old"):
        heard("old-breath", tmp_path)


def test_spaces_are_added_and_listed_from_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    space = another_space(tmp_path / "old.safetensors")

    def run(*arguments: str) -> str:
        monkeypatch.setattr(sys, "argv", ["embouchure", "space", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        assert not ended.value.code
        return capsys.readouterr().out

    assert json.loads(run("add", str(tmp_path / "old.safetensors"), "--json"))["name"] == "old"
    assert [one["name"] for one in json.loads(run("list", "--json"))] == ["fluid", "old"]
    assert space.sha256 in run("list")
    assert spaces.named_space(space.sha256[:8]).card.name == "old"


def test_what_is_played_is_the_preset_without_its_takes(tmp_path: Path):
    preset = library.with_fields(store.load("breath"), name="mine")
    library.save(Bundle(preset=preset, sources=some_sources(tmp_path)))
    assert load_sound("mine", load_space()).packed == preset.to_bytes()


def test_the_space_that_the_program_came_with_before_is_still_there():
    (older,) = (ROOT / "synth/spaces/older").glob("*.safetensors")
    needed = SpaceNeeded(name="fluid", sha256=older.stem)
    assert older.stem != load_space().sha256
    assert spaces.find_space(needed).sha256 == older.stem
    assert spaces.packed_space(needed) == older.read_bytes()
    assert spaces.named_space(older.stem).sha256 == older.stem
