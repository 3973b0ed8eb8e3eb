"""A house in which nothing of the player's own is touched."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.embouchure.service.house import House, opened


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    with opened() as made:
        yield made
