"""Files that are written whole or not at all."""

import os
import shutil
import threading
from pathlib import Path
from typing import Final

OLD_SUFFIX: Final = ".old"


def write_whole(path: Path, data: bytes) -> None:
    """Replace the file by `data`: temporary file beside it, on the disk itself, then rename.

    The version that was there before is kept with `OLD_SUFFIX` added to its name. After a crash at
    any moment the file is either the old version or the new one.

    Raises
    ------
    OSError
        When the folder cannot be written to; the file is then as it was.
    """
    temporary = _write_beside(path, data)
    try:
        if path.exists():
            shutil.copy2(path, path.with_name(path.name + OLD_SUFFIX))
        temporary.replace(path)
    except OSError:
        temporary.unlink()
        raise
    _sync_folder(path.parent)


def _write_beside(path: Path, data: bytes) -> Path:
    partial = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.partial")
    try:
        with partial.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        partial.unlink(missing_ok=True)
        raise
    return partial


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":  # elsewhere a folder cannot be opened, and need not be
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
