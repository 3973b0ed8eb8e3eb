"""Every test has the player's folders to itself, empty at first."""

from pathlib import Path

import pytest

from presets import setlists, spaces, store


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "user_folder", lambda: tmp_path / "presets")
    monkeypatch.setattr(spaces, "user_folder", lambda: tmp_path / "spaces")
    monkeypatch.setattr(setlists, "folder", lambda: tmp_path / "setlists")
