"""The player's hands on disk: one JSON file for each player and controller."""

import re
from pathlib import Path
from typing import Final, NamedTuple

from platformdirs import user_data_path

from mapper.hand import MAX_FILE_BYTES, Hand, HandError
from mapper.whole_file import OLD_SUFFIX, write_whole

SUFFIX: Final = ".json"


class Shelf(NamedTuple):
    """Every hand there is by its name, and a sentence for each file that is none."""

    hands: dict[str, Hand]
    troubles: list[str]


def folder() -> Path:
    """Where hands are kept; it may not exist yet."""
    return user_data_path("embouchure", appauthor=False) / "hands"


def name_of(hand: Hand) -> str:
    """Name a hand after its player and controller, as its file is.

    >>> name_of(Hand(player="Ada", controller="LinnStrument, MPE"))
    'ada-linnstrument-mpe'
    """
    words = re.findall(r"\w+", f"{hand.player} {hand.controller}".casefold())
    return "-".join(words)[:120] or "hand"


def names() -> list[str]:
    """Names of every hand, sorted."""
    return sorted(path.name.removesuffix(SUFFIX) for path in folder().glob(f"*{SUFFIX}"))


def load(name: str) -> Hand:
    """Load a hand by its name.

    Raises
    ------
    HandError
        When there is none of that name, or its file is damaged.
    """
    path = _path_of(name)
    try:
        with path.open("rb") as file:
            return Hand.from_json(file.read(MAX_FILE_BYTES))
    except HandError as error:
        raise HandError(
            f"the hand {name} cannot be used: {error}; measure it again with "
            f"embouchure calibrate hand, or remove {path}"
        ) from None
    except OSError as error:
        raise HandError(f"the hand {name} cannot be read ({error.strerror}: {path})") from None


def load_all() -> Shelf:
    """Load every hand; a damaged one hides no other."""
    shelf = Shelf({}, [])
    for name in names():
        try:
            shelf.hands[name] = load(name)
        except HandError as error:
            shelf.troubles.append(str(error))
    return shelf


def save(hand: Hand) -> Path:
    """Keep a hand, whole or not at all; the one before it stays beside it as `.old`.

    Raises
    ------
    HandError
        When the folder cannot be written.
    """
    path = folder() / f"{name_of(hand)}{SUFFIX}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, hand.to_json().encode())
    except OSError as error:
        raise HandError(
            f"the hand cannot be kept ({error.strerror}: {path.parent}); make room there, or make "
            "it writable"
        ) from None
    return path


def remove(name: str) -> Path:
    """Take a hand away; returns the file that it can be brought back from by renaming.

    Raises
    ------
    HandError
        When there is none of that name, or it cannot be moved.
    """
    path = _path_of(name)
    kept = path.with_name(path.name + OLD_SUFFIX)
    try:
        path.replace(kept)
    except OSError as error:
        raise HandError(f"the hand {name} cannot be removed ({error.strerror}: {path})") from None
    return kept


def _path_of(name: str) -> Path:
    if name not in names():
        known = ", ".join(names())
        raise HandError(
            f"there is no hand {name!r}; " + (f"choose one of {known}" if known else NO_HAND)
        )
    return folder() / f"{name}{SUFFIX}"


NO_HAND: Final = "measure one with embouchure calibrate hand"
