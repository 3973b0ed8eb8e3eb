"""Every version that was saved stays, numbered."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mapper.whole_file import write_new
from presets.history import History


def contents(history: History) -> list[bytes]:
    return [version.path.read_bytes() for version in history.versions()]


def test_versions_are_numbered_from_1_in_the_order_of_saving(tmp_path: Path):
    history = History(tmp_path / "reed", ".preset")
    assert [history.add(data) for data in (b"a", b"b", b"a")] == [1, 2, 3]
    assert contents(history) == [b"a", b"b", b"a"]


def test_saving_the_same_again_adds_nothing(tmp_path: Path):
    history = History(tmp_path, ".preset")
    assert [history.add(b"a"), history.add(b"a")] == [1, 1]


def test_versions_that_are_adopted_stay_as_old_as_they_are(tmp_path: Path):
    old, new = History(tmp_path / "reed", ".preset"), History(tmp_path / "horn", ".preset")
    old.add(b"a")
    os.utime(old.versions()[0].path, (1e9, 1e9))
    new.adopt(old)
    assert [version.saved_s for version in new.versions()] == [1e9]


def test_what_is_no_version_is_left_alone(tmp_path: Path):
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "7.preset").write_text("x")
    history = History(tmp_path, ".preset")
    assert history.add(b"a") == 1
    assert history.find(7) is None


def test_two_that_save_at_once_lose_nothing(tmp_path: Path):
    history = History(tmp_path, ".preset")
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(history.add, [bytes([i]) for i in range(40)]))
    assert sorted(numbers) == list(range(1, 41))
    assert sorted(contents(history)) == [bytes([i]) for i in range(40)]


def test_a_new_file_never_replaces_another(tmp_path: Path):
    write_new(tmp_path / "a", b"first")
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "a", b"second")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a", b"first")]


def test_where_there_are_no_links_files_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(path: Path, target: Path) -> None:
        raise OSError(f"no links here, {path} {target}")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    history = History(tmp_path, ".preset")
    assert [history.add(b"a"), history.add(b"b")] == [1, 2]
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "000001.preset", b"c")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["000001.preset", "000002.preset"]
