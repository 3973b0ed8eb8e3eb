"""The file of a space: the one that comes with the program, or another that a preset needs."""

from pathlib import Path

from presets.refusal import PresetError
from presets.spaces import factory_space, find_by_hash
from presets.store import load
from synth.space import Space


def load_space(path: Path | None = None) -> Space:
    """Load a space, or the factory's.

    Raises
    ------
    SpaceError
        When its file is missing or damaged.
    """
    return Space.load(path) if path else factory_space()


def space_for(preset: str | Path) -> Space:
    """Load the space that a preset needs.

    Where there is no such preset or space it is the factory's, on which the preset's own opening
    then says what is wrong.

    Raises
    ------
    SpaceError
        When a space is damaged.
    """
    try:
        needed = load(preset).card.space.sha256
    except PresetError:
        return factory_space()
    return find_by_hash(needed) or factory_space()
