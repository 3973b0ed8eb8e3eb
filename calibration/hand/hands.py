"""The player's hands on disk: one JSON file for each player and controller."""

import re
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from platformdirs import user_data_path

from mapper.hand import MAX_FILE_BYTES, Hand, HandError
from mapper.whole_file import OLD_SUFFIX, write_whole
from presets.history import History

SUFFIX: Final = ".json"
VERSIONS: Final = "versions"
"""Folder within the shelf for every measurement that was ever kept."""
LONGEST_PLAYER: Final = 40
"""In characters; a file named after the player and a controller is then short enough anywhere."""


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


def check_player(name: str) -> str:
    """Return a player's name that hands can be kept and told apart under.

    Raises
    ------
    HandError
        When it is not such a name.
    """
    if not re.search(r"\w", name) or len(name) > LONGEST_PLAYER:
        raise HandError(
            f"{name[:LONGEST_PLAYER]!r} is no name for a player; use at most {LONGEST_PLAYER} "
            "characters, and a letter or a digit among them"
        )
    return name


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
    """Keep a hand, whole or not at all; every one that was kept under its name can be restored.

    Raises
    ------
    HandError
        When the folder cannot be written.
    """
    path = folder() / f"{name_of(hand)}{SUFFIX}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remember(path)
        write_whole(path, hand.to_json().encode())
        _remember(path)
    except OSError as error:
        raise HandError(
            f"the hand cannot be kept ({error.strerror}: {path.parent}); make room there, or make "
            "it writable"
        ) from None
    return path


def _remember(path: Path) -> None:
    """Put a hand's file among its versions, if there is one."""
    if path.exists():
        _history(path.name.removesuffix(SUFFIX)).add(path.read_bytes())


def _history(name: str) -> History:
    return History(folder() / VERSIONS / name, SUFFIX)


def versions(name: str) -> dict[int, Hand]:
    """List every measurement that was kept under a name, by number, the first one first.

    One that is damaged is left out.

    Raises
    ------
    HandError
        When there never was one.
    """
    kept = {one.name for one in (folder() / VERSIONS).glob("*")} | set(names())
    if name not in kept:
        raise _unknown(name)
    found: dict[int, Hand] = {}
    for number, path, _ in _history(name).versions():
        with suppress(HandError), path.open("rb") as file:
            found[number] = Hand.from_json(file.read(MAX_FILE_BYTES))
    return found


def restore(name: str, number: int) -> Hand:
    """Let a measurement that was kept under a name be the one that is played with again.

    Raises
    ------
    HandError
        When there is no such version, or it cannot be kept.
    """
    known = versions(name)
    if number not in known:
        raise HandError(
            f"there is no version {number} of the hand {name}; choose one of "
            f"{', '.join(map(str, known)) or 'none'}"
        )
    hand = known[number]
    save(hand)
    return hand


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
        raise _unknown(name)
    return folder() / f"{name}{SUFFIX}"


def _unknown(name: str) -> HandError:
    known = ", ".join(names())
    return HandError(
        f"there is no hand {name!r}; " + (f"choose one of {known}" if known else NO_HAND)
    )


NO_HAND: Final = "measure one with embouchure calibrate hand"
