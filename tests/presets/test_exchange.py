"""Presets given to others, and taken from strangers."""

from dataclasses import replace
from pathlib import Path

import pytest

from presets import library, spaces, store
from presets.bundle import Bundle
from presets.card import SpaceNeeded
from presets.exchange import export, import_file
from presets.refusal import PresetError
from synth.space import Space, SpaceError, save_space
from tests.presets.shelf import a_bundle
from tests.presets.test_preset import a_preset


def another_space(path: Path) -> Space:
    """The factory's under another name, so with another hash."""
    space = spaces.factory_space()
    save_space(path, space.card.model_copy(update={"name": "old"}), space.arrays)
    return Space.load(path)


def needing(space: Space) -> Bundle:
    needed = SpaceNeeded(name=space.card.name, sha256=space.sha256)
    preset = a_preset("reed")
    return Bundle(preset=library.with_fields(preset, space=needed))


def test_a_preset_goes_out_and_comes_in_as_it_was(tmp_path: Path):
    library.save(a_bundle(tmp_path))
    path = export("reed", tmp_path)
    assert path == tmp_path / "reed.preset"
    library.delete("reed")
    assert import_file(path).name == "reed"
    assert library.open_bundle("reed").to_bytes() == a_bundle(tmp_path).to_bytes()


def test_takes_stay_at_home_when_asked(tmp_path: Path):
    library.save(a_bundle(tmp_path))
    assert Bundle.open(export("reed", tmp_path, with_sources=False)).sources == {}


def test_an_export_keeps_what_had_its_name(tmp_path: Path):
    library.save(a_preset("reed"))
    (tmp_path / "x.preset").write_bytes(b"mine")
    export("reed", tmp_path / "x.preset")
    assert (tmp_path / "x.preset.old").read_bytes() == b"mine"


def test_an_export_to_another_kind_of_file_is_refused(tmp_path: Path):
    with pytest.raises(PresetError, match=r"ends in \.preset"):
        export("bow", tmp_path / "x.mid")


def test_a_name_that_is_taken_gets_a_number(tmp_path: Path):
    path = export("bow", tmp_path)
    assert [import_file(path).name, import_file(path).name] == ["bow-2", "bow-3"]
    assert store.load("bow-3").card.name == "bow-3"
    assert [one.name for one in store.load("bow-3").card.provenance.ancestors] == ["bow"]


def test_a_name_asked_for_must_be_free(tmp_path: Path):
    path = export("bow", tmp_path)
    assert import_file(path, "viol").name == "viol"
    with pytest.raises(PresetError, match="a preset viol already"):
        import_file(path, "viol")


def test_a_space_comes_with_the_preset_that_needs_it(tmp_path: Path):
    space = another_space(tmp_path / "old.safetensors")
    bundle = needing(space)
    library.save(bundle)
    assert not spaces.is_installed(bundle.preset.card.space)
    with pytest.raises(SpaceError, match="not installed"):
        export("reed", tmp_path, with_space=True)
    brought = replace(bundle, space=(tmp_path / "old.safetensors").read_bytes())
    (tmp_path / "in.preset").write_bytes(brought.to_bytes())
    assert import_file(tmp_path / "in.preset", "cane") == ("cane", True)
    assert spaces.find_space(bundle.preset.card.space).card.name == "old"
    assert Bundle.open(export("cane", tmp_path, with_space=True)).space == brought.space


def test_a_preset_whose_space_is_unknown_is_kept_and_said_to_need_it(tmp_path: Path):
    (tmp_path / "in.preset").write_bytes(a_preset("reed").to_bytes())
    assert import_file(tmp_path / "in.preset") == ("reed", False)


def test_another_space_than_it_needs_is_refused_and_nothing_is_kept(tmp_path: Path):
    another_space(tmp_path / "old.safetensors")
    brought = replace(a_bundle(tmp_path), space=(tmp_path / "old.safetensors").read_bytes())
    (tmp_path / "in.preset").write_bytes(brought.to_bytes())
    with pytest.raises(PresetError, match="another space"):
        import_file(tmp_path / "in.preset")
    assert store.user_names() == []
    assert not (tmp_path / "spaces").exists()


@pytest.mark.parametrize("content", [b"", b"\xff" * 99, b"\x02\0\0\0\0\0\0\0{}"])
def test_a_damaged_space_is_refused_and_leaves_nothing(content: bytes, tmp_path: Path):
    with pytest.raises(SpaceError, match="damaged"):
        spaces.install_space(content)
    assert list((tmp_path / "spaces").iterdir()) == []


def test_a_space_whose_names_cannot_be_printed_is_refused(tmp_path: Path):
    space = another_space(tmp_path / "old.safetensors")
    arrays = {"decoder.low": space.low, "decoder.high": space.high, **space.encoder}
    arrays |= {f"decoder.weight.{i}": weight for i, weight in enumerate(space.weights)}
    arrays |= {f"decoder.bias.{i}": bias for i, bias in enumerate(space.biases)}
    arrays |= {"codebook.codes": space.codes, "codebook.loudness_db": space.loudness_db}
    card = space.card.model_copy(update={"provenance": ["\x1b]0;owned\x07"], "axes": ()})
    save_space(tmp_path / "bad.safetensors", card, arrays)
    with pytest.raises(PresetError, match="cannot be printed"):
        spaces.install_space((tmp_path / "bad.safetensors").read_bytes())
