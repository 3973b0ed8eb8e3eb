"""Where the program keeps what belongs to the player."""

import tempfile
from pathlib import Path
from typing import BinaryIO, Literal

from platformdirs import user_config_path, user_data_path, user_log_path

APP = "embouchure"


def takes_folder() -> Path:
    """Folder of recorded takes and of the journal being written."""
    return user_data_path(APP, appauthor=False) / "takes"


def settings_path() -> Path:
    """Where the player's settings are kept; there may be none yet."""
    return user_config_path(APP, appauthor=False) / "settings.toml"


def log_folder() -> Path:
    """Where what only a programmer wants to read is kept; it may not exist yet."""
    return user_log_path(APP, appauthor=False)


def open_engine_log(*, goes_on: bool = False) -> BinaryIO:
    """Open the file that receives whatever the audio and MIDI libraries print.

    A session begins it anew; further engine processes of the same session go on in it.
    Where the player's own log folder cannot be written it is a temporary file.
    """
    mode: Literal["ab", "wb"] = "ab" if goes_on else "wb"
    folder = log_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return (folder / "engine.log").open(mode)
    except OSError:
        return Path(tempfile.mkdtemp(prefix=f"{APP}-"), "engine.log").open(mode)
