"""The caches: where decoders are kept that were evaluated in advance, and how they are found."""

from pathlib import Path
from typing import Final

from platformdirs import user_cache_path

from presets.preset import ARRAYS, Preset
from synth.lattice import Lattice
from synth.lattice_file import open_lattice
from synth.lattice_plan import key_of

SUFFIX: Final = ".cache"
SOUNDS: Final = b"sounds"


def folder() -> Path:
    """Where caches are kept; they can be built again at any time."""
    return user_cache_path("embouchure", appauthor=False) / "controls"


def place_of(preset: Preset) -> Path:
    """Tell where a preset's cache is kept; another mapping or space has another place."""
    needed = preset.card.space.sha256.encode()
    return folder() / f"{key_of(needed, preset.members()[ARRAYS])}{SUFFIX}"


def place_of_sounds(space_sha256: str) -> Path:
    """Tell where the cache of a space's sounds is kept."""
    return folder() / f"{key_of(space_sha256.encode(), SOUNDS)}{SUFFIX}"


def find_cache(preset: Preset) -> Lattice | None:
    """Open a preset's own cache, or that of its space's sounds; None when there is neither.

    Raises
    ------
    SpaceError
        When it is damaged.
    """
    for place in (place_of(preset), place_of_sounds(preset.card.space.sha256)):
        if place.exists():
            return open_lattice(place)
    return None


def open_cache(key: str) -> Lattice | None:
    """Open a cache by its key; None when it is gone."""
    place = folder() / f"{Path(key).name}{SUFFIX}"
    return open_lattice(place) if place.exists() else None
