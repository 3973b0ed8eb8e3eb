"""A palette of the space that comes with the program, and a small exploration of it."""

from pathlib import Path

import pytest

from calibration.exploration.exploration import Exploration, begin
from calibration.exploration.palette import Palette
from calibration.exploration.preview import palette_of
from presets.spaces import factory_space
from synth.training.staff import Staff

SMALL = 18
ALONE = Staff(n_jobs=1)


@pytest.fixture(scope="session")
def palette() -> Palette:
    return palette_of(factory_space().sha256)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


def silently(_done: int, _wanted: int) -> None:
    """Watch a rendering without a word."""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Exploration:
    """An exploration that was rendered and that no test changes but by looking on."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("small")))
        exploration = begin("small", count=SMALL)
        exploration.render(silently, ALONE)
    return exploration
