"""The setlists that the player made, and every version of them."""

from contextlib import suppress
from pathlib import Path
from typing import Final

from platformdirs import user_data_path
from pydantic import ValidationError

from presets.history import History, Version, keep
from presets.names import check_name, perhaps
from presets.refusal import PresetError
from presets.setlist import Setlist, explain

SUFFIX: Final = ".json"
MAX_FILE_BYTES: Final = 256 * 2**10


def folder() -> Path:
    """Where setlists are kept; it may not exist yet."""
    return user_data_path("embouchure", appauthor=False) / "setlists"


def setlist_names() -> list[str]:
    """Names of all setlists, sorted."""
    return sorted(path.stem for path in folder().glob(f"*{SUFFIX}"))


def load_setlist(name: str) -> Setlist:
    """Load a setlist by its name.

    Raises
    ------
    PresetError
        When there is none, or its file is damaged.
    """
    path = _path(check_name(name))
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError:
        raise PresetError(_unknown(name, setlist_names())) from None
    except OSError as error:
        raise PresetError(f"the setlist {path} cannot be read ({error.strerror})") from None
    return read_setlist(name, content)


def read_setlist(name: str, content: bytes) -> Setlist:
    """Read the content of a setlist's file; it is called by the file's name.

    Raises
    ------
    PresetError
        When it is damaged or too large.
    """
    if len(content) > MAX_FILE_BYTES:
        raise PresetError(
            f"the setlist {name} is too large; at most {MAX_FILE_BYTES} bytes are read"
        )
    try:
        setlist = Setlist.model_validate_json(content)
    except ValidationError as error:
        raise PresetError(f"the setlist {name} cannot be opened: {explain(error)}") from None
    return setlist.model_copy(update={"name": name})


def save_setlist(setlist: Setlist) -> int:
    """Keep a setlist, whole or not at all; the version before stays. Returns the version's number.

    Raises
    ------
    PresetError
        When the name is impossible or the place cannot be written.
    """
    path = _path(check_name(setlist.name))
    try:
        return keep(path, setlist.model_dump_json(indent=2).encode(), _history(setlist.name))
    except OSError as error:
        raise PresetError(f"{path} cannot be written ({error.strerror}); make room there") from None


def new_setlist(name: str) -> Setlist:
    """Make an empty setlist.

    Raises
    ------
    PresetError
        When the name is taken or impossible.
    """
    if check_name(name) in setlist_names():
        raise PresetError(f"there is a setlist {name} already; choose another name")
    setlist = Setlist(name=name)
    save_setlist(setlist)
    return setlist


def follow_rename(preset: str, new: str) -> list[str]:
    """Let every setlist play a preset by its new name, and return the names of those that did.

    A setlist that cannot be read or written stays as it is.
    """
    followed = []
    for name in setlist_names():
        with suppress(PresetError):
            setlist = load_setlist(name)
            places = [i + 1 for i, entry in enumerate(setlist.entries) if entry.preset == preset]
            if places:
                followed.append(name)
                for place in places:
                    setlist = setlist.changed(place, preset=new)
                save_setlist(setlist)
    return followed


def delete_setlist(name: str) -> None:
    """Remove a setlist; its versions stay, and `revert_setlist` brings it back.

    Raises
    ------
    PresetError
        When there is none, or it cannot be removed.
    """
    load_setlist(name)
    path = _path(name)
    try:
        _history(name).add(path.read_bytes())
        path.unlink()
    except OSError as error:
        raise PresetError(f"{path} cannot be removed ({error.strerror})") from None


def setlist_versions(name: str) -> list[Version]:
    """List every version of a setlist that was saved, oldest first, deleted ones too."""
    return _history(check_name(name)).versions()


def revert_setlist(name: str, number: int | None = None) -> Setlist:
    """Bring a version of a setlist back, without a number the newest, even of a deleted one.

    Raises
    ------
    PresetError
        When there is no such version.
    """
    saved = setlist_versions(name)
    wanted = [version for version in saved if number in (None, version.number)]
    if not saved:
        load_setlist(name)  # which says so where there is none
    if not wanted:
        known = ", ".join(str(version.number) for version in saved) or "none"
        raise PresetError(f"the setlist {name} has no such version; the versions kept are {known}")
    setlist = read_setlist(name, wanted[-1].path.read_bytes())
    save_setlist(setlist)
    return setlist


def _path(name: str) -> Path:
    return folder() / f"{name}{SUFFIX}"


def _history(name: str) -> History:
    return History(folder() / "history" / name, SUFFIX)


def _unknown(name: str, known: list[str]) -> str:
    if not known:
        return (
            f"there is no setlist {name!r}, nor any other yet; embouchure setlist new {name} "
            "begins it"
        )
    return f"there is no setlist {name!r}{perhaps(name, known)}; choose one of {', '.join(known)}"
