"""The exchange of presets with others: a file out, a stranger's file in."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from mapper.whole_file import write_whole
from presets import store
from presets.archive import SPACE
from presets.bundle import Bundle
from presets.library import copy, open_bundle, refuse_taken, save
from presets.names import check_name, free_name
from presets.refusal import PresetError
from presets.spaces import install_space, is_installed, packed_space
from presets.store import SUFFIX


class Imported(NamedTuple):
    """A preset that was imported, and whether it can be played here."""

    name: str
    has_space: bool


def export(name: str, path: Path, *, with_space: bool = False, with_sources: bool = True) -> Path:
    """Write a preset to a file that can be given to others, and return where it is.

    Parameters
    ----------
    path
        The file, or a folder in which it takes the preset's name. An older file there is kept
        beside it as `.old`.
    with_space
        Whether the space that it needs goes with it.
    with_sources
        Whether the takes and targets that it was learned from go with it.

    Raises
    ------
    PresetError, SpaceError
        When there is no such preset or space, or the place cannot be written.
    """
    path = path / f"{open_bundle(name).preset.card.name}{SUFFIX}" if path.is_dir() else path
    if path.suffix != SUFFIX:
        raise PresetError(
            f"{path} is no name for a preset's file; choose one that ends in {SUFFIX}"
        )
    content = pack(name, with_space=with_space, with_sources=with_sources)
    try:
        write_whole(path, content)
    except OSError as error:
        raise PresetError(
            f"{path} cannot be written ({error.strerror}); choose another place"
        ) from None
    return path


def pack(name: str, *, with_space: bool = False, with_sources: bool = True) -> bytes:
    """Return the content of a preset's file as `export` writes it.

    Raises
    ------
    PresetError, SpaceError
        When there is no such preset or space.
    """
    bundle = open_bundle(name)
    space = packed_space(bundle.preset.card.space) if with_space else None
    sources = bundle.sources if with_sources else {}
    return replace(bundle, space=space, sources=sources).to_bytes()


def import_file(path: Path, name: str | None = None) -> Imported:
    """Keep a preset from a file of anyone's, and the space that it brings.

    Without `name` it keeps its own, with a number when that is taken.

    Raises
    ------
    PresetError, SpaceError
        When it is no preset, damaged, or the name is taken.
    """
    return _import(str(path), path, name)


def import_bytes(content: bytes, name: str | None = None) -> Imported:
    """Keep a preset from the content of anyone's file, as `import_file` does."""
    return _import("that was sent", content, name)


def _import(called: str, source: Path | bytes, name: str | None) -> Imported:
    try:
        bundle = Bundle.open(source)
    except PresetError as error:
        raise PresetError(f"the preset {called} cannot be imported: {error}") from None
    if name:
        refuse_taken(check_name(name))
    kept = name or free_name(check_name(bundle.preset.card.name), set(store.names()))
    _install_space(called, bundle)
    save(copy(replace(bundle, space=None), kept))
    return Imported(kept, is_installed(bundle.preset.card.space))


def _install_space(called: str, bundle: Bundle) -> None:
    """Install the space that a preset brings, if it is the one that the preset needs."""
    if bundle.space is None:
        return
    if hashlib.sha256(bundle.space).hexdigest() != bundle.preset.card.space.sha256:
        raise PresetError(
            f"the preset {called} brings another {SPACE} than it needs; get the file again"
        )
    install_space(bundle.space)
