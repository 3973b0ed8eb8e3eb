"""The target store: where the player's own targets are kept and found by name."""

from pathlib import Path
from typing import Final

from platformdirs import user_data_path

from calibration.targets.target import SUFFIX, Target, TargetError, load, save

REMOVED: Final = "removed"
"""Folder within the store for what the player took out of it."""


def folder() -> Path:
    """Where targets are kept; it may not exist yet."""
    return user_data_path("embouchure", appauthor=False) / "targets"


def names() -> list[str]:
    """Names of the targets kept, sorted."""
    return sorted(path.name.removesuffix(SUFFIX) for path in folder().glob(f"*{SUFFIX}"))


def find(name_or_path: str | Path) -> Target:
    """Load a target by name, or from a file.

    Raises
    ------
    TargetError
        When there is none, or the file is no target.
    """
    name = str(name_or_path)
    if name in names():
        return load(folder() / (name + SUFFIX))
    path = Path(name_or_path)
    if path.suffix == SUFFIX:
        return load(path)
    raise _unknown(name)


def keep(target: Target) -> Path:
    """Keep a target under its name; one that had it before stays beside it as `.old`.

    Raises
    ------
    TargetError
        When its name is a built-in target's, or the folder cannot be written to.
    """
    refuse_built_in(target.name)
    path = folder() / (target.name + SUFFIX)
    save(target, path)
    return path


def remove(name: str) -> Path:
    """Take a target out of the store and return where its file now lies.

    Raises
    ------
    TargetError
        When there is none of this name, or it cannot be moved.
    """
    if name not in names():
        raise _unknown(name)
    path, removed = folder() / (name + SUFFIX), folder() / REMOVED
    try:
        removed.mkdir(exist_ok=True)
        return path.replace(_free(removed, name))
    except OSError as error:
        raise TargetError(
            f"the target {name} cannot be removed: {error.strerror}; look at the rights of {removed}"
        ) from None


def _free(removed: Path, name: str) -> Path:
    """Find a file name that no target removed earlier has."""
    path, number = removed / (name + SUFFIX), 1
    while path.exists():
        number += 1
        path = removed / f"{name} ({number}){SUFFIX}"
    return path


def refuse_built_in(name: str) -> None:
    """Refuse a name that always means what every instrument has.

    Raises
    ------
    TargetError
        When it is such a name.
    """
    if _is_built_in(name):
        raise TargetError(f"{name} is built in: every instrument has it; choose another name")


def _is_built_in(name: str) -> bool:
    from calibration.targets.articulations import ARTICULATIONS  # which takes most of a second

    return name in ARTICULATIONS


def _unknown(name: str) -> TargetError:
    kept = ", ".join(names()) or "none are kept yet"
    named = f"name a {SUFFIX} file or one that is kept ({kept})"
    if _is_built_in(name):
        return TargetError(
            f"{name} is built in: every instrument has it, and nothing is kept of it to show, export "
            f"or remove; {named}"
        )
    return TargetError(f"there is no target {name!r}; {named}")
