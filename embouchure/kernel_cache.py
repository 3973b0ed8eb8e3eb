"""The kernel cache: compiled kernels are kept on disk, one folder per version of their sources.

Numba notices an edited function but not an edited callee in another file, so it would go on
playing old machine code. A folder named after the hash of every kernel source cannot be stale.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from platformdirs import user_cache_path

KERNEL_PACKAGES: Final = ("mapper", "synth")
N_VERSIONS_KEPT: Final = 3
COMPLETE: Final = "complete"
"""Name of the file that says that every kernel of a version has been compiled."""


def _sources(folder: Traversable) -> list[tuple[str, bytes]]:
    """Name and content of every Python file below a folder, training code left out."""
    found: list[tuple[str, bytes]] = []
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.is_dir() and item.name != "training":
            found += _sources(item)
        elif item.name.endswith(".py"):
            found.append((item.name, item.read_bytes()))
    return found


def kernel_version() -> str:
    """Hash of all kernel sources and of their compiler's version, 64 hexadecimal digits."""
    digest = hashlib.sha256(f"numba {version('numba')}\n".encode())
    for package in KERNEL_PACKAGES:
        for name, content in _sources(files(package)):
            digest.update(f"{package} {name} {len(content)}\n".encode())
            digest.update(content)
    return digest.hexdigest()


def remove_old_versions(folder: Path, keep: int = N_VERSIONS_KEPT) -> None:
    """Delete all but the most recently used versions below `folder`."""
    versions = sorted(folder.iterdir(), key=_last_used_s, reverse=True)
    for old in versions[keep:]:
        shutil.rmtree(old, ignore_errors=True)


def _last_used_s(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except FileNotFoundError:  # another process that starts now was quicker
        return 0.0


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.touch()
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def use_kernel_cache(parent: Path | None = None) -> Path:
    """Point numba at the folder of these sources and return it; call before numba is imported.

    Where the user's cache folder cannot be written, a temporary folder is used instead: every
    start then compiles anew.

    Raises
    ------
    RuntimeError
        When numba is imported already and would not notice.
    """
    parent = parent or user_cache_path("embouchure", appauthor=False) / "kernels"
    folder = parent / kernel_version()
    if "numba" in sys.modules and os.environ.get("NUMBA_CACHE_DIR") != str(folder):
        raise RuntimeError("numba was imported before the kernel cache was chosen")
    if _writable(folder):
        remove_old_versions(parent)
    else:
        folder = Path(tempfile.mkdtemp(prefix="embouchure-kernels-"))
    os.environ["NUMBA_CACHE_DIR"] = str(folder)
    return folder


def is_compiled() -> bool:
    """Whether every kernel of these sources is in the cache; `use_kernel_cache` comes first."""
    return (Path(os.environ["NUMBA_CACHE_DIR"]) / COMPLETE).exists()


def compile_kernels() -> None:
    """Compile every kernel into the cache, in a process of its own.

    The compiler leaves a quarter of a gigabyte of memory behind, which ends with that process.
    Should it fail, kernels are compiled where they are used, and the error shows itself there.
    """
    command = [sys.executable, "-P", "-c", "import embouchure.instrument as i; i.compile_all()"]
    done = subprocess.run(command, env=own_environment(), capture_output=True, check=False)
    if done.returncode == 0:
        (Path(os.environ["NUMBA_CACHE_DIR"]) / COMPLETE).touch()


def own_environment() -> dict[str, str]:
    """Give a process that this one starts what it needs to import the same packages."""
    source = str(Path(__file__).parents[1])
    path = os.pathsep.join(filter(None, [source, os.environ.get("PYTHONPATH")]))
    return {**os.environ, "PYTHONPATH": path}
