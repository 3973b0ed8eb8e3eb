"""Takes: each session's playing, kept as a Standard MIDI File and a small JSON beside it."""

import json
import os
from datetime import datetime
from pathlib import Path

from mapper.recorder import Recorder

from embouchure.journal import SUFFIX, Details, Heard, Journal, claim, read_journal


def start_journal(folder: Path, details: Details) -> Journal:
    """Begin the journal of a session in the takes folder, named by date and time."""
    started = datetime.now().astimezone()
    name = f"{started:%Y-%m-%d %H.%M.%S}"
    path = _unused(folder / (name + SUFFIX))
    return Journal(path, {"started": started.isoformat(timespec="seconds"), **details})


def _unused(path: Path) -> Path:
    """Return the path, or the first `name (2)`, `name (3)` ... that does not exist yet."""
    count, found = 1, path
    while found.exists():
        count += 1
        found = path.with_name(f"{path.stem} ({count}){path.suffix}")
    return found


def _is_note_on(data: bytes) -> bool:
    return len(data) == 3 and data[0] & 0xF0 == 0x90 and data[2] > 0


def keep_take(journal: Path) -> Path | None:
    """Turn a finished journal into a take and remove it; None when no note was struck in it."""
    details, heard = read_journal(journal)
    take = None
    if any(_is_note_on(message.data) for message in heard):
        take = _unused(journal.with_suffix(".mid"))
        recorder = Recorder()
        for time_s, port, data in heard:
            recorder.record(time_s, port, data)
        recorder.export(take)
        _write_details(take.with_suffix(".json"), {**details, **_figures(heard)})
    journal.unlink()
    return take


def _figures(heard: list[Heard]) -> Details:
    return {
        "seconds": round(heard[-1].time_s - heard[0].time_s, 3),
        "messages": len(heard),
        "notes": sum(_is_note_on(message.data) for message in heard),
    }


def _write_details(path: Path, details: Details) -> None:
    """Write the JSON beside a take: temporary file, then rename."""
    temporary = path.with_suffix(".partial")
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(details, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def recover_takes(folder: Path) -> list[Path]:
    """Turn the journals that crashed sessions left behind into takes."""
    takes = []
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        with path.open("r+", encoding="ascii", errors="replace") as file:
            is_ours = claim(file)
        if is_ours and (take := keep_take(path)):
            takes.append(take)
    return takes
