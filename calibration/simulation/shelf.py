"""A shelf: arrays that take long to make, kept on disk under what they were made from."""

import hashlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_cache_path

Array = NDArray[np.float64]

FOLDER: Final = user_cache_path("embouchure", appauthor=False) / "study"


def name_of(parts: Iterable[bytes | str]) -> str:
    """Name what is made from these parts; other parts, another name."""
    content = hashlib.sha256()
    for part in parts:
        content.update(part if isinstance(part, bytes) else part.encode())
        content.update(b"\0")
    return content.hexdigest()[:32]


def kept(folder: Path | None, name: str, make: Callable[[], Array]) -> Array:
    """Take an array from the shelf, or make it and leave it there; without a folder only make it."""
    if folder is None:
        return make()
    path = folder / f"{name}.npy"
    try:
        return np.load(path, allow_pickle=False)
    except (OSError, ValueError):
        array = make()
    folder.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{name}.{os.getpid()}.partial.npy")
    np.save(partial, array, allow_pickle=False)
    partial.replace(path)
    return array
