"""Files that appear whole or not at all."""

from pathlib import Path

import pytest

from synth.training.whole_file import whole


def test_a_file_appears_when_all_of_it_is_written(tmp_path: Path):
    path = tmp_path / "one.npz"
    with whole(path) as file:
        file.write(b"all of it")
        assert not path.exists()
    assert path.read_bytes() == b"all of it"
    assert [*tmp_path.iterdir()] == [path]


def test_what_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path):
    path = tmp_path / "one.npz"
    path.write_bytes(b"old")

    def fail() -> None:
        with whole(path) as file:
            file.write(b"ne")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert path.read_bytes() == b"old"
    assert [*tmp_path.iterdir()] == [path]


def test_another_process_that_writes_the_same_file_takes_nothing_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "one.npz"
    with whole(path) as file:
        file.write(b"same")
        monkeypatch.setattr("os.getpid", lambda: 1)
        with whole(path) as other:
            other.write(b"same")
    assert path.read_bytes() == b"same"
