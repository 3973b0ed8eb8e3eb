"""Where presets are found and kept."""

from pathlib import Path

import pytest

from presets import store
from presets.preset import PresetError
from tests.presets.test_preset import a_preset


def test_a_saved_preset_is_found_by_name():
    store.save(a_preset("reed"), store.user_folder() / "reed.preset")
    assert "reed" in store.names()
    assert store.load("reed").card.name == "reed"


def test_a_preset_is_loaded_from_a_path(tmp_path: Path):
    store.save(a_preset(), tmp_path / "any.preset")
    assert store.load(tmp_path / "any.preset").card == a_preset().card


def test_an_unknown_name_is_answered_with_the_known_ones():
    store.save(a_preset("reed"), store.user_folder() / "reed.preset")
    with pytest.raises(PresetError, match=r"no preset 'kazoo'; choose one of .*reed"):
        store.load("kazoo")


def test_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(
        PresetError, match=r"gone\.preset cannot be opened: it cannot be read \(No such file"
    ):
        store.load(tmp_path / "gone.preset")


def test_a_damaged_file_is_named(tmp_path: Path):
    (tmp_path / "bad.preset").write_bytes(b"PK")
    with pytest.raises(PresetError, match=r"bad\.preset cannot be opened: it is damaged"):
        store.load(tmp_path / "bad.preset")


def test_saving_again_keeps_the_older_version(tmp_path: Path):
    path = tmp_path / "reed.preset"
    store.save(a_preset("older"), path)
    store.save(a_preset("newer"), path)
    path.with_name("reed.preset.old").rename(tmp_path / "old.preset")
    assert store.load(tmp_path / "old.preset").card.name == "older"


def test_saving_leaves_nothing_half_written(tmp_path: Path):
    store.save(a_preset(), tmp_path / "reed.preset")
    assert [path.name for path in tmp_path.iterdir()] == ["reed.preset"]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(PresetError, match="choose another place"):
        store.save(a_preset(), tmp_path / "file" / "reed.preset")
