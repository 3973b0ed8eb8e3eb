"""Takes: each session's playing, kept as a Standard MIDI File and a small JSON beside it."""

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Final

from embouchure.journal import SUFFIX, Details, Journal, claimed, is_left, read_journal
from embouchure.kernel_cache import own_environment
from mapper.performance import Played
from mapper.receiver import Receiver
from mapper.recorder import Recorder
from mapper.whole_file import write_whole
from mapper.zones import Mode

QUICK_BYTES: Final = 150_000
"""Journals up to this size, some 8,000 messages, become takes in a quarter of a second."""

_writers: Final[list[subprocess.Popen[bytes]]] = []
"""Held on to, since Python warns of processes that are forgotten while they run."""


def start_journal(folder: Path, details: Details) -> Journal:
    """Begin the journal of a session in the takes folder, named by date and time."""
    started = datetime.now().astimezone()
    path = _unused(folder / f"{started:%Y-%m-%d %H.%M.%S}{SUFFIX}")
    return Journal(path, {"started": started.isoformat(timespec="seconds"), **details})


def _unused(path: Path) -> Path:
    """Return the path, or the first of `name (2)`, `name (3)` ... that does not exist yet."""
    count, found = 1, path
    while found.exists():
        count += 1
        found = path.with_name(f"{path.stem} ({count}){path.suffix}")
    return found


def finish_take(journal: Path) -> Path | None:
    """Keep a take before returning if it is short, else by a process that outlives this one.

    Returns where it is, or soon will be; None when no note was struck.
    """
    if journal.stat().st_size <= QUICK_BYTES:
        return keep_take(journal)
    command = [sys.executable, "-P", "-m", "embouchure.takes", str(journal)]
    nothing = subprocess.DEVNULL
    _writers.append(
        subprocess.Popen(
            command,
            env=own_environment(),
            start_new_session=True,
            stdin=nothing,
            stdout=nothing,
            stderr=nothing,
        )
    )
    return _take_of(journal)


def keep_take(journal: Path) -> Path | None:
    """Turn a finished journal into a take and remove it.

    Returns None when no note was struck in it, or another process is making its take.
    """
    with claimed(journal) as ours:
        return _keep(journal) if ours else None


def _keep(journal: Path) -> Path | None:
    details, heard = read_journal(journal)
    take = None
    if any(_is_note_on(played.data) for played in heard):
        take = _take_of(journal)
        _record(heard, details.get("mode")).export(take)
        described = json.dumps({**details, **_figures(heard)}, indent=2)
        write_whole(take.with_suffix(".json"), described.encode())
    journal.unlink()
    return take


def _take_of(journal: Path) -> Path:
    return _unused(journal.with_name(journal.name.removesuffix(SUFFIX) + ".mid"))


def _is_note_on(data: bytes) -> bool:
    return len(data) == 3 and data[0] & 0xF0 == 0x90 and data[2] > 0


def _record(heard: list[Played], mode: object) -> Recorder:
    understood = next((known for known in Mode if known == mode), Mode.MPE)
    recorder = Recorder(Receiver(0, understood).configuration())
    for time_s, port, data in heard:
        recorder.record(time_s, port, data)
    return recorder


def _figures(heard: list[Played]) -> Details:
    return {
        "seconds": round(heard[-1].time_s - heard[0].time_s, 3),
        "messages": len(heard),
        "notes": sum(_is_note_on(played.data) for played in heard),
    }


def recover_takes(folder: Path) -> list[Path]:
    """Turn the journals that crashed sessions left behind into takes."""
    found = [finish_take(path) for path in sorted(folder.glob(f"*{SUFFIX}")) if is_left(path)]
    return [take for take in found if take]


if __name__ == "__main__":
    keep_take(Path(sys.argv[1]))
