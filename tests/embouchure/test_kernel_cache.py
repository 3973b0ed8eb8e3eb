import os
import subprocess
import sys
from pathlib import Path

import pytest

from embouchure import kernel_cache
from embouchure.kernel_cache import kernel_version, remove_old_versions, use_kernel_cache


def version_of(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(kernel_cache, "files", lambda package: folder / package)
    return kernel_version()


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    for name in ("mapper/kernel.py", "synth/engine/voice.py", "synth/training/model.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text("x = 1\n")
    return tmp_path


def test_version_changes_when_a_kernel_source_changes(
    sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = version_of(sources, monkeypatch)
    (sources / "synth/engine/voice.py").write_text("x = 2\n")
    assert version_of(sources, monkeypatch) != before


def test_version_ignores_training_code(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = version_of(sources, monkeypatch)
    (sources / "synth/training/model.py").write_text("x = 2\n")
    assert version_of(sources, monkeypatch) == before


def test_version_changes_with_the_compiler(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = version_of(sources, monkeypatch)
    monkeypatch.setattr(kernel_cache, "version", lambda package: "0.0")
    assert version_of(sources, monkeypatch) != before


def test_only_the_newest_versions_are_kept(tmp_path: Path) -> None:
    for age, name in enumerate("abcde"):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (1e9 - age, 1e9 - age))
    remove_old_versions(tmp_path, keep=3)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b", "c"]


def test_the_running_tests_use_the_cache_of_these_sources() -> None:
    assert os.environ["NUMBA_CACHE_DIR"].endswith(kernel_version())


def test_a_cache_chosen_after_numba_is_refused(tmp_path: Path) -> None:
    import numba  # noqa: F401

    with pytest.raises(RuntimeError, match="before the kernel cache was chosen"):
        use_kernel_cache(tmp_path)


def test_an_unwritable_cache_is_replaced_by_a_temporary_one(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    code = f"""
import os
from pathlib import Path
from embouchure.kernel_cache import use_kernel_cache
folder = use_kernel_cache(Path({str(blocked)!r}))
assert folder.is_dir() and os.environ["NUMBA_CACHE_DIR"] == str(folder)
"""
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
