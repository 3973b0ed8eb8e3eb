import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from embouchure.play_settings import DEFAULT_PRESET
from presets.store import factory_names, load

ROOT = Path(__file__).parents[2]


def imported_by(statement: str) -> set[str]:
    """Names of the top-level packages that a fresh process has imported after a statement."""
    code = f"{statement}; import sys; print(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    return set(done.stdout.decode().split())


def test_the_changelog_begins_with_the_installed_version() -> None:
    newest = re.search(r"^## (\d\S*)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert newest
    assert newest[1] == version("embouchure")


def test_the_preset_that_plays_unasked_comes_with_the_program() -> None:
    assert DEFAULT_PRESET in factory_names()


@pytest.mark.parametrize("name", factory_names())
def test_the_readme_describes_every_preset(name: str) -> None:
    assert f"| `{name}` | {load(name).card.description} |" in (ROOT / "README.md").read_text()


def test_the_packages_arrows_point_one_way() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")], cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout.decode()


@pytest.mark.parametrize(
    ("statement", "heavy"),
    [
        ("import embouchure.cli", {"numba", "numpy", "scipy", "sklearn", "torch", "soundfile"}),
        ("import embouchure.player", {"numba", "scipy", "sklearn", "torch", "soundfile"}),
        ("import mapper.receiver, mapper.ports", {"numba", "numpy", "torch", "rtmidi"}),
        ("import synth.engine.engine", {"torch", "sklearn", "soundfile", "typer", "fastapi"}),
        ("import embouchure.engine_process", {"numba", "torch", "sklearn", "typer", "rich"}),
        (
            "import embouchure.service.serving, embouchure.service.live_session",
            {"fastapi", "starlette", "uvicorn", "websockets", "segno", "tomlkit", "sklearn"},
        ),
        ("import presets.store", {"torch", "sklearn", "soundfile", "typer"}),
    ],
)
def test_imports_are_light(statement: str, heavy: set[str]) -> None:
    assert not imported_by(statement) & heavy
