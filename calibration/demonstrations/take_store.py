"""The take store: every take is kept for ever, and undoing one only marks it."""

from datetime import datetime
from pathlib import Path
from typing import Final

from platformdirs import user_data_path

from calibration.demonstrations.take import MAX_FILE_BYTES, Take, TakeError
from mapper.recorder import Recorder
from mapper.whole_file import write_whole

SUFFIX: Final = ".take"
RAW_SUFFIX: Final = ".mid"
UNDONE_SUFFIX: Final = ".undone"
SESSION_SUFFIXES: Final = frozenset({RAW_SUFFIX, ".journal", ".json"})
"""What a session that was only played leaves."""


def takes_folder() -> Path:
    """Where the takes of every calibration are kept; it may not exist yet."""
    return user_data_path("embouchure", appauthor=False) / "calibration" / "takes"


def folder_of_session(preset: str) -> Path:
    """Name a folder for the takes of a session that begins now."""
    return takes_folder() / f"{datetime.now().astimezone():%Y-%m-%d %H.%M.%S} {preset}"


class TakeStore:
    """The takes in one folder; each is a file of its own beside what was sent, as a MIDI file.

    Whoever kills the program at any moment finds each take whole or not at all.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, take: Take) -> Path:
        """Keep a take for ever, and return where.

        Raises
        ------
        TakeError
            When the folder cannot be written.
        """
        path = self._path(take.key, SUFFIX)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if take.played:
                write_whole(self._path(take.key, RAW_SUFFIX), raw_messages(take))
            write_whole(path, take.to_bytes())
        except OSError as error:
            raise _unwritable(path, error) from None
        return path

    def undo(self, key: str) -> None:
        """Let a take count no more; it stays where it is.

        Raises
        ------
        TakeError
            When the folder cannot be written.
        """
        mark = self._path(key, UNDONE_SUFFIX)
        try:
            mark.touch()
        except OSError as error:
            raise _unwritable(mark, error) from None

    def takes(self) -> list[Take]:
        """Read every take that counts, in the order in which they were kept.

        Raises
        ------
        TakeError
            When one cannot be read.
        """
        paths = sorted(self.folder.glob(f"*{SUFFIX}"))
        return [read_take(path) for path in paths if not path.with_suffix(UNDONE_SUFFIX).exists()]

    def _path(self, key: str, suffix: str) -> Path:
        return self.folder / f"{key}{suffix}"


def _unwritable(path: Path, error: OSError) -> TakeError:
    return TakeError(
        f"the take cannot be written to {path} ({error.strerror}); "
        "free some space there, or make it writable"
    )


def raw_messages(take: Take) -> bytes:
    """Write what was sent during a take as a Standard MIDI File."""
    recorder = Recorder(configuration=(), start_s=0.0)
    for time_s, port, data in take.played:
        recorder.record(time_s, port, data)
    return recorder.encode()


def read_take(path: Path) -> Take:
    """Read one take.

    Raises
    ------
    TakeError
        When the file cannot be read or is no take.
    """
    try:
        with path.open("rb") as file:
            packed = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise TakeError(
            f"the take {path} cannot be read ({error.strerror}); name a {SUFFIX} file that can"
        ) from None
    try:
        return Take.from_bytes(packed)
    except TakeError as error:
        if path.suffix in SESSION_SUFFIXES:
            raise TakeError(_no_demonstration(path)) from None
        raise TakeError(f"the take {path} cannot be opened: {error}") from None


def _no_demonstration(path: Path) -> str:
    return (
        f"{path} is of a session that was only played, and no take of a demonstration; name {SUFFIX} "
        f"files, or folders of them such as those in {takes_folder()}"
    )


def read_takes(places: list[Path]) -> list[Take]:
    """Read takes from files, and all that count from folders, or from sessions by their names.

    Raises
    ------
    TakeError
        When one cannot be read, or there is none.
    """
    takes = [
        take
        for place in map(_found, places)
        for take in (TakeStore(place).takes() if place.is_dir() else [read_take(place)])
    ]
    if not takes:
        named = ", ".join(map(str, places))
        raise TakeError(f"there is no take in {named}; name {SUFFIX} files, or a folder of some")
    return takes


def _found(place: Path) -> Path:
    session = takes_folder() / place
    return session if session.is_dir() and not place.exists() else place
