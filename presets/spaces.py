"""The spaces that are installed, the factory's and the player's own, found by their content hash."""

import re
from contextlib import suppress
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from platformdirs import user_data_path

from mapper.whole_file import write_whole
from presets.archive import SPACE, limit_bytes
from presets.card import UNPRINTABLE, SpaceNeeded
from presets.refusal import PresetError
from synth.space import SUFFIX, Space, SpaceError

FEWEST_DIGITS: Final = 8
"""So much of a hash tells one space from another."""
FACTORY: Final = "spaces/fluid.safetensors"
OLDER: Final = "spaces/older"
"""Where the program keeps what was the factory's before, so that presets made for it still play."""
_SHA256: Final = re.compile("[0-9a-f]{64}")
_UNPRINTABLE: Final = re.compile(f"[{UNPRINTABLE}]")


def user_folder() -> Path:
    """Where spaces are kept that did not come with the program, each named after its hash."""
    return user_data_path("embouchure", appauthor=False) / "spaces"


def factory_space() -> Space:
    """Load the space that comes with the program.

    Raises
    ------
    SpaceError
        When its file is missing or damaged.
    """
    with as_file(files("synth").joinpath(FACTORY)) as installed:
        return Space.load(installed)


def find_by_hash(sha256: str) -> Space | None:
    """Load an installed space by the hash of its content; None when there is none.

    Raises
    ------
    SpaceError
        When it is damaged.
    """
    with as_file(_place(sha256)) as installed:
        space = Space.load(installed)
    return space if space.sha256 == sha256 else None


def _place(sha256: str) -> Traversable:
    """Tell where a space is kept, the factory's where no other has this hash."""
    shipped = files("synth")
    kept = (user_folder() / f"{sha256}{SUFFIX}", shipped.joinpath(OLDER, f"{sha256}{SUFFIX}"))
    found = (place for place in kept if _SHA256.fullmatch(sha256) and place.is_file())
    return next(found, shipped.joinpath(FACTORY))


def find_space(needed: SpaceNeeded) -> Space:
    """Load the space that a preset needs.

    Raises
    ------
    SpaceError
        When it is not installed or damaged.
    """
    space = find_by_hash(needed.sha256)
    if space is None:
        raise SpaceError(
            f"the space {needed.name} {needed.sha256[:12]} is not installed; import a preset that "
            "brings it, or keep its file with embouchure space add"
        )
    return space


def named_space(name: str | None) -> Space:
    """Load a space that the player names: an installed one by its hash, or else a file, installed.

    Without a name it is the one that comes with the program.

    Raises
    ------
    PresetError, SpaceError
        When there is none, or its file is damaged.
    """
    if name is None:
        return factory_space()
    if known := find_by_hash(name):
        return known
    for space in installed_spaces():
        if len(name) >= FEWEST_DIGITS and space.sha256.startswith(name):
            return space
    return add_space(Path(name))


def is_installed(needed: SpaceNeeded) -> bool:
    """Whether `find_space` finds it."""
    try:
        find_space(needed)
    except SpaceError:
        return False
    return True


def packed_space(needed: SpaceNeeded) -> bytes:
    """Read the file of an installed space, to travel with a preset.

    Raises
    ------
    SpaceError
        When it is not installed.
    """
    find_space(needed)
    return _place(needed.sha256).read_bytes()


def install_space(content: bytes, called: str = "the space") -> Space:
    """Keep a space, after reading it as anyone's; installed already it stays as it is.

    An error calls it as said.

    Raises
    ------
    PresetError
        When it is too large, or its names hold what cannot be printed.
    SpaceError
        When it is damaged, or cannot be written.
    """
    limit = limit_bytes(SPACE) or 0
    if len(content) > limit:
        raise PresetError(f"{called} is too large; at most {limit} bytes are kept")
    space = _read(content, called)
    if any(map(_UNPRINTABLE.search, _texts(space))):
        raise PresetError(
            "the names in the space hold what cannot be printed; get it from elsewhere"
        )
    if not is_installed(SpaceNeeded(name="space", sha256=space.sha256)):
        _write(user_folder() / f"{space.sha256}{SUFFIX}", content)
    return space


def add_space(path: Path) -> Space:
    """Install a space from its file.

    Raises
    ------
    PresetError, SpaceError
        As `install_space` does, or when the file cannot be read.
    """
    limit = limit_bytes(SPACE) or 0
    try:
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except OSError as error:
        raise SpaceError(
            f"the space {path} cannot be read ({error.strerror}); name a file that can"
        ) from None
    return install_space(content, str(path))


def installed_spaces() -> list[Space]:
    """Load every space that is installed, the factory's first, and leave damaged ones out."""
    found = [factory_space()]
    for path in sorted(user_folder().glob(f"*{SUFFIX}")):
        with suppress(SpaceError):
            found.append(Space.load(path))
    return found


def _read(content: bytes, called: str) -> Space:
    """Read a space from where nothing looks for one yet."""
    folder = user_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder, prefix=".incoming-") as incoming:
            path = Path(incoming, "it")
            path.write_bytes(content)
            return Space.load(path, called)
    except OSError as error:
        raise SpaceError(_unwritable(folder, error)) from None


def _texts(space: Space) -> list[str]:
    card = space.card
    named = [text for sound in card.sounds for text in (sound.name, sound.family)]
    figures = [word for system, row in card.evaluation.items() for word in (system, *row)]
    sources = [text for one in card.sources for text in (one.name, one.licence, *one.provenance)]
    axes = [
        text
        for axis in card.axes
        for text in (axis.name, axis.low, axis.high, axis.unit, *axis.effects)
    ]
    return [card.name, card.licence, *card.provenance, *sources, *named, *figures, *axes]


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content, keeps_old=False)
    except OSError as error:
        raise SpaceError(_unwritable(path, error)) from None


def _unwritable(path: Path, error: OSError) -> str:
    return f"the space cannot be written to {path} ({error.strerror}); make room there"
