"""Where the program keeps what belongs to the player."""

from pathlib import Path

from platformdirs import user_data_path, user_log_path

APP = "embouchure"


def takes_folder() -> Path:
    """Folder of recorded takes and of the journal being written."""
    return user_data_path(APP) / "takes"


def engine_log() -> Path:
    """File that receives whatever the audio and MIDI libraries print."""
    folder = user_log_path(APP)
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "engine.log"
