"""The library: the player's own presets, every version of them, and what can be done with them.

    presets/NAME.preset              a preset as it is now
    presets/history/NAME/000001.preset ...   every version that was saved
    presets/trash/NAME/000001.preset ...     what was deleted
    presets/marks/NAME.json          favourites, and tags of factory presets

Every file is whole at any moment. Saving adds to the history first, so that a crash between leaves
the older preset in force and the newer one in the history.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from mapper.complaint import complaint
from presets import store
from presets.bundle import Bundle
from presets.card import Ancestor, PresetCard
from presets.history import History, Version, keep
from presets.marks import read_marks, write_marks
from presets.names import check_name, free_name, perhaps
from presets.preset import Preset
from presets.refusal import PresetError
from presets.setlists import follow_rename
from presets.store import SUFFIX


def open_bundle(name: str) -> Bundle:
    """Open a preset by name or path with all that travels with it.

    Raises
    ------
    PresetError
        When there is none, or it is damaged.
    """
    source = store.find(name)
    try:
        return Bundle.open(source)
    except PresetError as error:
        raise PresetError(f"the preset {name} cannot be opened: {error}") from None


def save(bundle: Bundle | Preset) -> int:
    """Keep a preset under its name; what was there stays in its history.

    Returns
    -------
    int
        The number of the version.

    Raises
    ------
    PresetError
        When the name is a factory preset's or impossible, or the place cannot be written.
    """
    bundle = Bundle(preset=bundle) if isinstance(bundle, Preset) else bundle
    name = check_name(bundle.preset.card.name)
    _refuse_factory(name)
    data, path = bundle.to_bytes(), _path(name)
    with told(path):
        return keep(path, data, history(name))


def change(name: str, **fields: Any) -> int:  # noqa: ANN401
    """Save a preset with other fields of its card, such as `description` or `voice`.

    Raises
    ------
    PresetError
        When it is the factory's, or a value is not allowed.
    """
    _refuse_factory(name)
    bundle = open_bundle(name).named(name)
    return save(replace(bundle, preset=with_fields(bundle.preset, **fields)))


def with_fields(preset: Preset, **fields: Any) -> Preset:  # noqa: ANN401
    """Return a preset with other fields of its card.

    Raises
    ------
    PresetError
        When a value is not allowed.
    """
    try:
        card = PresetCard.model_validate({**preset.card.model_dump(), **fields})
    except ValidationError as error:
        wrong = complaint(error)
        raise PresetError(
            f"this {wrong.place} is not allowed ({wrong.words()}); choose another"
        ) from None
    return replace(preset, card=card)


def rename(name: str, new: str) -> None:
    """Give a preset another name; the old file goes to the trash, its versions go with it.

    Setlists play it by its new name from then on.

    Raises
    ------
    PresetError
        When it is the factory's, or the new name is taken or impossible.
    """
    _refuse_factory(name)
    bundle = open_bundle(known(name))
    refuse_taken(check_name(new))
    with told(_path(new)):
        history(new).adopt(history(name))
        save(bundle.named(new))
        write_marks(new, read_marks(name))
    follow_rename(name, new)
    delete(name)


def duplicate(name: str, new: str | None = None) -> str:
    """Keep a copy of any preset, the factory's too, and return its name.

    Raises
    ------
    PresetError
        When the new name is taken or impossible.
    """
    bundle = open_bundle(name)
    if new:
        refuse_taken(check_name(new))
    copied = new or free_name(bundle.preset.card.name, set(store.names()))
    save(copy(bundle, copied))
    return copied


def copy(bundle: Bundle, name: str) -> Bundle:
    """Return the same under another name; of a factory preset it says that it comes from there.

    By that it is known what it can be taught with.
    """
    card = bundle.preset.card
    if card.name not in store.factory_names() or card.provenance.ancestors:
        return bundle.named(name)
    origin = Ancestor(name=card.name, sha256=bundle.preset.sha256)
    provenance = card.provenance.model_copy(update={"ancestors": (origin,)})
    preset = with_fields(bundle.preset, provenance=provenance)
    return replace(bundle, preset=preset).named(name)


def delete(name: str) -> None:
    """Move a preset to the trash; its history stays.

    Raises
    ------
    PresetError
        When it is the factory's, or there is none.
    """
    _refuse_factory(known(name))
    with told(_path(name)):
        trash(name).add(_path(name).read_bytes())
        _path(name).unlink()


def restore(name: str) -> None:
    """Bring the preset of this name that was deleted last back from the trash.

    Raises
    ------
    PresetError
        When there is none, or another has taken the name.
    """
    deleted = trash(check_name(name)).versions()
    if not deleted:
        known = ", ".join(trashed()) or "nothing"
        raise PresetError(f"there is no {name} in the trash; it holds {known}")
    refuse_taken(name)
    with told(_path(name)):
        save(open_bundle(str(deleted[-1].path)).named(name))
        deleted[-1].path.unlink()


def trashed() -> list[str]:
    """Names of deleted presets that can be restored, sorted."""
    folder = store.user_folder() / "trash"
    found = folder.iterdir() if folder.is_dir() else []
    return sorted(path.name for path in found if trash(path.name).versions())


def revert(name: str, number: int) -> int:
    """Make an older version the newest one again and return its new number.

    Raises
    ------
    PresetError
        When there is no such version.
    """
    _refuse_factory(name)
    kept = versions(name)
    version = history(name).find(number)
    if version is None:
        numbers = ", ".join(str(one.number) for one in kept) or "none"
        raise PresetError(f"{name} has no version {number}; the versions kept are {numbers}")
    return save(open_bundle(str(version.path)).named(name))


def versions(name: str) -> list[Version]:
    """List every version of a preset that was saved, oldest first; of a deleted one too.

    Raises
    ------
    PresetError
        When there never was such a preset.
    """
    return history(check_name(name)).versions() or history(known(name)).versions()


def history(name: str) -> History:
    """Give the history of the presets that had this name."""
    return History(store.user_folder() / "history" / name, SUFFIX)


def trash(name: str) -> History:
    """Give the part of the trash for presets of this name."""
    return History(store.user_folder() / "trash" / name, SUFFIX)


def _path(name: str) -> Path:
    return store.user_folder() / (name + SUFFIX)


def known(name: str) -> str:
    """Return a name that there is a preset of.

    Raises
    ------
    PresetError
        When there is none.
    """
    if name not in store.names():
        raise PresetError(
            f"there is no preset {name!r}{perhaps(name, store.names())}; choose one of "
            f"{', '.join(store.names())}"
        )
    return name


def _refuse_factory(name: str) -> None:
    if name in store.factory_names():
        raise PresetError(
            f"{name} is a factory preset, which stays as it is; duplicate it, or choose another name"
        )


def refuse_taken(name: str) -> None:
    """Refuse a name that a preset has.

    Raises
    ------
    PresetError
        When one has it.
    """
    if name in store.names():
        advice = "" if name in store.factory_names() else ", or delete that"
        raise PresetError(f"there is a preset {name} already; choose another name{advice}")


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Say in a sentence what the disk refuses."""
    try:
        yield
    except OSError as error:
        raise PresetError(
            f"{path} cannot be written ({error.strerror}); make room, or look at its rights"
        ) from None
