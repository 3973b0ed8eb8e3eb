"""The shelf: arrays that were measured once, kept by what they were measured of."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from synth.training.whole_file import whole

Arrays = Mapping[str, Any]
"""Arrays by name."""


def recalled(store: Path, content: str, measure: Callable[[], Arrays]) -> Arrays:
    """Read arrays from the store, or measure and keep them.

    Parameters
    ----------
    content
        Everything that they depend on, in words.
    """
    path = store / f"{hashlib.blake2b(content.encode(), digest_size=16).hexdigest()}.npz"
    kept = _read(path)
    if kept is None:
        kept = measure()
        with whole(path) as file:
            np.savez(file, **kept)
    return kept


def _read(path: Path) -> Arrays | None:
    """Read what is kept; None where there is nothing, or what a lost disk left of it."""
    try:
        with path.open("rb") as file, np.load(file) as arrays:
            return dict(arrays)
    except (FileNotFoundError, BadZipFile, EOFError, ValueError):
        return None
