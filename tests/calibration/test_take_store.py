from pathlib import Path

import pytest

from calibration.demonstrations import take_store
from calibration.demonstrations.take import TakeError, take_of
from calibration.demonstrations.take_store import TakeStore, read_take, read_takes
from mapper.performance import read
from tests.calibration.test_takes import PLAYED, gesture, target


@pytest.fixture
def store(tmp_path: Path) -> TakeStore:
    made = TakeStore(tmp_path / "takes")
    for key in ("one", "two"):
        made.keep(take_of(target(), gesture(), PLAYED, key))
    return made


def keys(store: TakeStore) -> list[str]:
    return [take.key for take in store.takes()]


def test_takes_are_kept_in_order(store: TakeStore) -> None:
    assert keys(store) == ["one", "two"]


def test_what_was_sent_lies_beside_a_take_as_a_midi_file(store: TakeStore) -> None:
    played = read(store.folder / "one.mid")
    assert [one.data for one in played] == [one.data for one in PLAYED]
    assert [one.time_s for one in played] == pytest.approx([0.0, 0.5], abs=1e-4)


def test_an_undone_take_counts_no_more_but_stays(store: TakeStore) -> None:
    store.undo("two")
    assert keys(store) == ["one"]
    assert read_take(store.folder / "two.take").key == "two"


def test_takes_are_read_from_folders_and_files(store: TakeStore) -> None:
    read_in = read_takes([store.folder, store.folder / "one.take"])
    assert [take.key for take in read_in] == ["one", "two", "one"]


def test_the_takes_of_a_session_are_read_by_its_name(
    store: TakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(take_store, "takes_folder", lambda: store.folder.parent)
    assert [take.key for take in read_takes([Path(store.folder.name)])] == ["one", "two"]


def test_an_empty_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(TakeError, match="there is no take in"):
        read_takes([tmp_path])


@pytest.mark.parametrize("name", ["solo.mid", "solo.journal", "solo.json"])
def test_a_session_is_not_said_to_be_a_damaged_take(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"MThd")
    with pytest.raises(TakeError, match=r"only played, and no take .*; name \.take files, or"):
        read_take(tmp_path / name)


def test_a_damaged_take_is_said(tmp_path: Path) -> None:
    (tmp_path / "broken.take").write_bytes(b"MThd")
    with pytest.raises(TakeError, match="damaged or not a take"):
        read_take(tmp_path / "broken.take")


def test_a_missing_take_is_said(tmp_path: Path) -> None:
    with pytest.raises(TakeError, match="cannot be read"):
        read_take(tmp_path / "lost.take")


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(TakeError, match="cannot be written"):
        TakeStore(tmp_path / "file").keep(take_of(target(), gesture(), (), "key"))
    with pytest.raises(TakeError, match="cannot be written"):
        TakeStore(tmp_path / "file").undo("key")
