"""The store: where presets are found by name, and how they are kept."""

from importlib.resources import files
from pathlib import Path
from typing import Final

from platformdirs import user_data_path

from mapper.whole_file import write_whole
from presets.preset import MAX_FILE_BYTES, Preset, PresetError

SUFFIX: Final = ".preset"


def factory_names() -> list[str]:
    """Names of the presets that come with the program, sorted."""
    entries = files("presets.factory").iterdir()
    return sorted(e.name.removesuffix(SUFFIX) for e in entries if e.name.endswith(SUFFIX))


def user_folder() -> Path:
    """Where the player's own presets are kept; it may not exist yet."""
    return user_data_path("embouchure", appauthor=False) / "presets"


def user_names() -> list[str]:
    """Names of the player's own presets, sorted."""
    return sorted(path.name.removesuffix(SUFFIX) for path in user_folder().glob(f"*{SUFFIX}"))


def names() -> list[str]:
    """Names that `load` knows: factory presets, then the player's own."""
    factory = factory_names()
    return factory + [name for name in user_names() if name not in factory]


def load(name_or_path: str | Path) -> Preset:
    """Load a preset by name, or from a file.

    Raises
    ------
    PresetError
        When there is none, or the file is not a preset; in one sentence.
    """
    return unpack(str(name_or_path), read_packed(name_or_path))


def read_packed(name_or_path: str | Path) -> bytes:
    """Read a preset's file, by its name or its path.

    Raises
    ------
    PresetError
        When there is none, or it cannot be read.
    """
    name = str(name_or_path)
    if name in factory_names():
        return files("presets.factory").joinpath(name + SUFFIX).read_bytes()
    own = user_folder() / (name + SUFFIX)
    path = own if name in user_names() else Path(name_or_path)
    if path.suffix != SUFFIX and not path.exists():
        known = ", ".join(names())
        raise PresetError(
            f"there is no preset {name!r}; choose one of {known}, or name a {SUFFIX} file"
        )
    return _read(path)


def unpack(name: str, packed: bytes) -> Preset:
    """Unpack a preset's file.

    Raises
    ------
    PresetError
        When it is no preset; the sentence tells its name.
    """
    try:
        return Preset.from_bytes(packed)
    except PresetError as error:
        raise PresetError(f"the preset {name} cannot be opened: {error}") from None


def save(preset: Preset, path: Path) -> None:
    """Keep a preset, whole or not at all; an older version stays beside it as `.old`.

    Raises
    ------
    PresetError
        When the place cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, preset.to_bytes())
    except OSError as error:
        raise PresetError(
            f"the preset cannot be written to {path}: {error.strerror}; choose another place"
        ) from None


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise PresetError(
            f"the preset {path} cannot be read: {error.strerror}; name a {SUFFIX} file that can"
        ) from None
