"""A history: every version of a file that was ever saved, numbered from 1 in the order of saving."""

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from mapper.whole_file import remove_partials, write_new, write_whole


class Version(NamedTuple):
    """One saved version; `saved_s` is when, in seconds of `time.time()`."""

    number: int
    path: Path
    saved_s: float


class History:
    """The versions in one folder, which hold the same kind of file."""

    def __init__(self, folder: Path, suffix: str) -> None:
        self._folder = folder
        self._suffix = suffix
        self._form = re.compile(rf"(\d{{6,}}){re.escape(suffix)}")

    def versions(self) -> list[Version]:
        """List what was saved, oldest first."""
        if not self._folder.is_dir():
            return []
        found = [(self._form.fullmatch(path.name), path) for path in self._folder.iterdir()]
        return sorted(
            Version(int(match[1]), path, path.stat().st_mtime) for match, path in found if match
        )

    def add(self, data: bytes) -> int:
        """Keep a version unless it is the newest already; return its number.

        Raises
        ------
        OSError
            When it cannot be written; nothing is kept then.
        """
        saved = self.versions()
        if saved and saved[-1].path.read_bytes() == data:
            return saved[-1].number
        self._folder.mkdir(parents=True, exist_ok=True)
        remove_partials(self._folder)
        number = saved[-1].number if saved else 0
        while True:
            number += 1
            with suppress(FileExistsError):  # another process saves too
                write_new(self._path(number), data)
                return number

    def adopt(self, other: "History") -> None:
        """Keep every version of another history too, and when each was saved."""
        for version in other.versions():
            number = self.add(version.path.read_bytes())
            os.utime(self._path(number), (version.saved_s, version.saved_s))

    def find(self, number: int) -> Version | None:
        """Find a version by its number."""
        return next((version for version in self.versions() if version.number == number), None)

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:06d}{self._suffix}"


def keep(path: Path, data: bytes, history: History) -> int:
    """Let a file hold this now, after adding it to its history, and return the version's number.

    What was there is in the history too, even if it came there otherwise. A crash between leaves
    the older version in force and the newer one in the history.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    remove_partials(path.parent)
    if path.exists():
        history.add(path.read_bytes())
    number = history.add(data)
    write_whole(path, data, keeps_old=False)
    return number
