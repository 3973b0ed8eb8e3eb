"""The journal: everything heard during a session, on disk while it is being played.

The first line is JSON about the session; each further line is one message: seconds, port, bytes in
hexadecimal. A line that a crash cut short is left out when the journal is read.
"""

import json
import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, TextIO

from mapper.performance import Played

SUFFIX: Final = ".journal"
FSYNC_EVERY_S: Final = 1.0
MAX_TIME_S: Final = 1e9
MAX_PORT: Final = 127
"""No line says more; one that does is damaged."""

Details = dict[str, Any]


class Journal:
    """A journal being written; it belongs to this process until closed."""

    def __init__(self, path: Path, details: Details) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._file = path.open("x", encoding="ascii")
        claim(self._file)
        self._synced_s = time.monotonic()
        self._file.write(json.dumps(details) + "\n")

    def write(self, messages: Iterable[Played]) -> None:
        """Append messages; at most `FSYNC_EVERY_S` of playing is not on the disk itself."""
        for time_s, port, data in messages:
            self._file.write(f"{time_s:.6f} {port} {data.hex()}\n")
        self._file.flush()
        if time.monotonic() - self._synced_s > FSYNC_EVERY_S:
            self.sync()

    def sync(self) -> None:
        """Put everything written so far on the disk itself."""
        os.fsync(self._file.fileno())
        self._synced_s = time.monotonic()

    def close(self) -> None:
        """Finish the journal; its file stays."""
        if not self._file.closed:
            self._file.flush()
            self.sync()
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def claim(file: TextIO) -> bool:
    """Take an open journal for this process; False when another process is still writing it."""
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextmanager
def claimed(path: Path) -> Iterator[bool]:
    """Hold a journal that somebody left; False when another process has it, or it is gone."""
    if sys.platform == "win32" or not path.exists():
        yield path.exists()  # Windows could not remove a file that is open
        return
    with path.open("r+", encoding="ascii", errors="replace") as file:
        yield claim(file)


def is_left(path: Path) -> bool:
    """Whether no process is writing this journal any more, or making a take of it."""
    with claimed(path) as ours:
        return ours


def _played(line: str) -> Played | None:
    """Read one whole line; None when it was cut short or damaged."""
    fields = line.split(" ")
    if len(fields) != 3 or not line.endswith("\n"):
        return None
    try:
        heard = Played(float(fields[0]), int(fields[1]), bytes.fromhex(fields[2]))
    except ValueError:
        return None
    possible = 0.0 <= heard.time_s < MAX_TIME_S and 0 <= heard.port <= MAX_PORT
    return heard if possible and heard.data else None


def read_journal(path: Path) -> tuple[Details, list[Played]]:
    """Read what a session left: its details and every message that reached the disk whole."""
    with path.open(encoding="ascii", errors="replace") as file:
        try:
            details = json.loads(file.readline())
        except ValueError:
            details = {}
        heard = [message for line in file if (message := _played(line))]
    return details if isinstance(details, dict) else {}, heard
