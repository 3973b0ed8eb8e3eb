"""The store: where presets are found by name."""

from importlib.resources import files
from pathlib import Path
from typing import Final

from platformdirs import user_data_path

from mapper.whole_file import write_whole
from presets.names import perhaps
from presets.preset import Preset
from presets.refusal import PresetError

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
    found = user_folder().glob(f"*{SUFFIX}")
    return sorted(path.stem for path in found if not path.name.startswith("."))


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
    return unpack(str(name_or_path), find(name_or_path))


def find(name_or_path: str | Path) -> bytes | Path:
    """Find a preset's file by its name or its path; a factory preset's is its bytes.

    Raises
    ------
    PresetError
        When there is no such preset.
    """
    name = str(name_or_path)
    if name in factory_names():
        return files("presets.factory").joinpath(name + SUFFIX).read_bytes()
    if name in user_names():
        return user_folder() / (name + SUFFIX)
    path = Path(name_or_path)
    if path.suffix != SUFFIX and not path.exists():
        known = names()
        raise PresetError(
            f"there is no preset {name!r}{perhaps(name, known)}; choose one of "
            f"{', '.join(known)}, or name a {SUFFIX} file"
        )
    return path


def unpack(name: str, source: bytes | Path) -> Preset:
    """Unpack a preset's file.

    Raises
    ------
    PresetError
        When it is no preset; the sentence tells its name.
    """
    try:
        return Preset.open(source)
    except PresetError as error:
        raise PresetError(f"the preset {name} cannot be opened: {error}") from None


def save(preset: Preset, path: Path) -> None:
    """Keep a preset, whole or not at all; an older version stays beside it as `.old`.

    The player's own are kept by `presets.library`, which keeps every version.

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
