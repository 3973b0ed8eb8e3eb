"""The journal: everything played during a session, on disk while it is being played.

Lines of text. The first is JSON about the session; each further line is one of these, in the order
in which it happened:

    SECONDS PORT HEX      one MIDI message that was heard
    segment JSON          an engine begins, at its frame 0: time, rate, device, versions
    port JSON             what a MIDI port is called
    preset JSON           a preset's whole file, and the target's that sounds in its stead or the
                          key of its cache if any, before the event that first selects it in its slot
    call JSON             what the player chose: time, manner, tuning, preset and zone
    events BASE64         events of the engine, each with the frame at which it acted, packed
    begin FRAME           what happened before this frame of the engine is not here, as where a full
                          disk has room again
    lost N                that many events are missing here, and the replay is no longer exact
    end FRAME             the engine ended in good order before this frame

A line that a crash cut short is left out when the journal is read. Journals of format 1 held
messages only.
"""

import base64
import json
import os
import sys
import time
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final, NamedTuple, Self, TextIO

from mapper.performance import Played

FORMAT: Final = 2
FSYNC_EVERY_S: Final = 1.0
MAX_TIME_S: Final = 1e9
MAX_PORT: Final = 127
"""No line says more; one that does is damaged."""
MAX_EVENT_BYTES: Final = 2**22
"""The most that one line of events may hold; the engine's ring holds less."""
QUICKLY: Final = 1
"""How hard zlib tries: most of what can be saved is saved at once."""

Details = dict[str, Any]


class Line(NamedTuple):
    """A line of a journal that is no message: its first word and the rest."""

    word: str
    text: str


class Journal:
    """A journal being written; it belongs to this process until closed."""

    def __init__(self, path: Path, details: Details) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._file = path.open("x", encoding="ascii")
        claim(self._file)
        self._synced_s = time.monotonic()
        self._file.write(json.dumps({"format": FORMAT, **details}) + "\n")

    def write(self, messages: Iterable[Played]) -> None:
        """Append messages; at most `FSYNC_EVERY_S` of playing is not on the disk itself."""
        self._append(f"{time_s!r} {port} {data.hex()}\n" for time_s, port, data in messages)

    def tell(self, word: str, fields: Details) -> None:
        """Append a line of JSON: a segment, a preset or a call."""
        self._append([f"{word} {json.dumps(fields)}\n"])

    def count(self, word: str, number: int) -> None:
        """Append a line that holds a number: how many events were lost, or the end."""
        self._append([f"{word} {number}\n"])

    def write_events(self, records: bytes) -> None:
        """Append events that acted, as the engine packed them."""
        packed = base64.b64encode(zlib.compress(records, QUICKLY)).decode()
        self._append([f"events {packed}\n"])

    def _append(self, lines: Iterable[str]) -> None:
        self._file.writelines(lines)
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

    def discard(self) -> None:
        """Give up a journal that the disk has no room for; its file goes."""
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            self.path.unlink()

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


def read_details(path: Path) -> Details:
    """Read the first line of a journal; without a whole one nothing is known of the session."""
    with path.open(encoding="ascii", errors="replace") as file:
        return _details(file.readline())


def read_journal(path: Path) -> tuple[Details, list[Played]]:
    """Read what a session left: its details and every message that reached the disk whole."""
    with path.open(encoding="ascii", errors="replace") as file:
        details = _details(file.readline())
        heard = [message for line in file if (message := _played(line))]
    return details, heard


def read_lines(path: Path) -> Iterator[Line]:
    """Read every line that is no message, in order and cut to a word and the rest."""
    with path.open(encoding="ascii", errors="replace") as file:
        file.readline()
        for line in file:
            word, _, text = line.partition(" ")
            if word.isalpha() and text.endswith("\n"):
                yield Line(word, text[:-1])


def unpack_events(text: str) -> bytes:
    """Unpack a line of events; the reverse of what `write_events` writes.

    Raises
    ------
    ValueError
        When the line is damaged.
    """
    unpacking = zlib.decompressobj()
    try:
        records = unpacking.decompress(base64.b64decode(text, validate=True), MAX_EVENT_BYTES)
    except zlib.error as error:
        raise ValueError(str(error)) from None
    if not unpacking.eof:
        raise ValueError("a line of events breaks off or is too long")
    return records


def _details(line: str) -> Details:
    try:
        details = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return details if isinstance(details, dict) else {}


def _played(line: str) -> Played | None:
    """Read one whole line; None when it is no message, or was cut short or damaged."""
    fields = line.split(" ")
    if len(fields) != 3 or not line.endswith("\n"):
        return None
    try:
        heard = Played(float(fields[0]), int(fields[1]), bytes.fromhex(fields[2]))
    except ValueError:
        return None
    possible = 0.0 <= heard.time_s < MAX_TIME_S and 0 <= heard.port <= MAX_PORT
    return heard if possible and heard.data else None
