"""Files that are written whole or not at all."""

import os
import shutil
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

OLD_SUFFIX: Final = ".old"
PARTIAL_SUFFIX: Final = ".partial"
LEFT_AFTER_S: Final = 3600.0
"""No file takes this long to write; one that is older was left by a process that was killed."""


def write_whole(path: Path, data: bytes, *, keeps_old: bool = True) -> None:
    """Replace the file by `data`: temporary file beside it, on the disk itself, then rename.

    Unless told otherwise the version that was there before is kept with `OLD_SUFFIX` added to its
    name. After a crash at any moment the file is either the old version or the new one.

    Raises
    ------
    OSError
        When the folder cannot be written to; the file is then as it was.
    """
    temporary = _write_beside(path, data)
    try:
        if keeps_old and path.exists():
            _keep_old(path)
        temporary.replace(path)
    except OSError:
        temporary.unlink()
        raise
    _sync_folder(path.parent)


def write_new(path: Path, data: bytes) -> None:
    """Write a file that does not exist yet, whole or not at all.

    Raises
    ------
    FileExistsError
        When it does exist, even if another process made it just now.
    OSError
        When the folder cannot be written to.
    """
    temporary = _write_beside(path, data)
    try:
        _link(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(path.parent)


def remove_partials(folder: Path, older_than_s: float = LEFT_AFTER_S) -> None:
    """Remove temporary files that killed processes left in a folder."""
    oldest_s = time.time() - older_than_s
    for partial in folder.glob(f".*{PARTIAL_SUFFIX}"):
        with suppress(OSError):
            if partial.stat().st_mtime < oldest_s:
                partial.unlink()


def _write_beside(path: Path, data: bytes) -> Path:
    partial = _beside(path)
    try:
        with partial.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        partial.unlink(missing_ok=True)
        raise
    return partial


def _beside(path: Path, role: str = "") -> Path:
    own = f"{os.getpid()}-{threading.get_ident()}{role}"
    return path.with_name(f".{path.name}.{own}{PARTIAL_SUFFIX}")


def _keep_old(path: Path) -> None:
    """Let the old name mean what the path means now; never a part of it, nor nothing at all."""
    old = path.with_name(path.name + OLD_SUFFIX)
    partial = _beside(old)
    partial.unlink(missing_ok=True)
    _link(path, partial)
    partial.replace(old)


def _link(path: Path, new: Path) -> None:
    """Give a file a second name, which must be new; where there are no links, a copy."""
    try:
        new.hardlink_to(path)
    except FileExistsError:
        raise
    except OSError:
        _copy_new(path, new)


def _copy_new(path: Path, new: Path) -> None:
    if new.exists():
        raise FileExistsError(f"{new} exists")
    copy = _beside(new, "-copy")
    try:
        shutil.copy2(path, copy)
        copy.replace(new)
    except OSError:
        copy.unlink(missing_ok=True)
        raise


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":  # elsewhere a folder cannot be opened, and need not be
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
