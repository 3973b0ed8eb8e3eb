"""Relocation: presets of the library that were made for another space, moved to one."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from calibration.crossing.crossing import cross
from presets import library
from presets.card import SpaceNeeded
from presets.catalogue import read_card_of
from presets.names import free_name
from presets.refusal import PresetError
from presets.spaces import find_space, is_installed
from presets.store import factory_names, names
from synth.space import Space


class Relocated(NamedTuple):
    """A preset that was moved: its name, that under which it is kept, and what was measured."""

    name: str
    kept: str
    version: int
    apart_db: float
    unmoved_db: float


class Elsewhere(NamedTuple):
    """Presets made for another space: those that can be moved, and those whose space is not there."""

    movable: list[str]
    lost: list[str]


def elsewhere(space: Space) -> Elsewhere:
    """Find the presets that were made for another space than this; damaged ones are left out."""
    needed = {name: needs for name in names() if (needs := _needs(name)) is not None}
    others = {name: needs for name, needs in needed.items() if needs.sha256 != space.sha256}
    movable = [name for name, needs in others.items() if is_installed(needs)]
    return Elsewhere(movable, [name for name in others if name not in movable])


def _needs(name: str) -> SpaceNeeded | None:
    try:
        return read_card_of(name).space
    except PresetError:
        return None


def relocate(chosen: Sequence[str], space: Space) -> Iterator[Relocated]:
    """Move presets to a space, one after the other.

    The player's own keep their names, and what they were stays in their history; a factory preset
    stays as it is, and what comes of it is kept as one of the player's own.

    Raises
    ------
    PresetError, SpaceError, TargetError
        When one cannot be opened or moved; before anything is done if there is no such preset or
        its space is not installed.
    """
    needed = {name: find_space(read_card_of(name).space) for name in chosen}
    for name, old in needed.items():
        yield _relocated(name, old, space)


def _relocated(name: str, old: Space, space: Space) -> Relocated:
    crossing = cross(library.open_bundle(name), old, space)
    kept = free_name(name, set(names())) if name in factory_names() else name
    version = library.save(crossing.bundle.named(kept))
    return Relocated(name, kept, version, crossing.apart_db, crossing.unmoved_db)
