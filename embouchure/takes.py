"""Takes: each session's playing, kept as a Standard MIDI File, a small JSON and its journal.

While a session lasts its journal is `NAME.unfinished`. Then it stands as `NAME.journal` beside
`NAME.mid` and `NAME.json`, for as long as the player leaves it there: nothing here removes a take.
"""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from embouchure.endings import read_endings, with_lifts
from embouchure.journal import (
    FORMAT,
    Details,
    Journal,
    claimed,
    is_left,
    read_details,
    read_journal,
    read_lines,
)
from embouchure.kernel_cache import own_environment
from embouchure.wishes import AUTO
from mapper.listener import Listener
from mapper.listeners import Listeners
from mapper.performance import Played
from mapper.profile import PROFILES, Profile, recognise
from mapper.recorder import Recorder
from mapper.whole_file import remove_partials, write_whole
from mapper.zones import Mode

UNFINISHED: Final = ".unfinished"
KEPT: Final = ".journal"
QUICK_BYTES: Final = 400_000
"""Journals up to this size, some 8,000 messages, become takes in a quarter of a second."""
_NOTE_ON: Final = re.compile(r"[0-9.e+-]+ [0-9]+ 9[0-9a-f]{3}(?!00)[0-9a-f]{2}\n")

Trouble = Callable[[Path, OSError], None]


def start_journal(folder: Path, details: Details) -> Journal:
    """Begin the journal of a session in the takes folder, named by date and time."""
    started = datetime.now().astimezone()
    path = unused_path(folder / f"{started:%Y-%m-%d %H.%M.%S}{UNFINISHED}")
    return Journal(path, {"started": started.isoformat(timespec="seconds"), **details})


def unused_path(path: Path, besides: Path | None = None, content: bytes | None = None) -> Path:
    """Return the path, or the first of `name (2)`, `name (3)` ... with no take `besides` this one.

    A file that holds this `content` already was left by a process that was killed, and is the one.
    """
    count, found = 1, path
    while (found.exists() and not _holds(found, content)) or (
        found.with_suffix(KEPT).exists() and found.with_suffix(KEPT) != besides
    ):
        count += 1
        found = path.with_name(f"{path.stem} ({count}){path.suffix}")
    return found


def finish_take(journal: Path) -> Path | None:
    """Keep a take before returning if it is short, else by a process that outlives this one.

    Returns where it is, or soon will be; None when no note was struck.
    """
    if journal.stat().st_size <= QUICK_BYTES or not _has_note(journal):
        return keep_take(journal)
    command = [sys.executable, "-P", "-m", "embouchure.takes", str(journal)]
    nothing = subprocess.DEVNULL
    writer = subprocess.Popen(
        command,
        env=own_environment(),
        start_new_session=True,
        stdin=nothing,
        stdout=nothing,
        stderr=nothing,
    )
    writer.returncode = 0  # it may outlive this process, and Python warns of such otherwise
    return _take_of(journal)


def _has_note(journal: Path) -> bool:
    with journal.open(encoding="ascii", errors="replace") as file:
        return any(map(_NOTE_ON.fullmatch, file))


def keep_take(journal: Path) -> Path | None:
    """Turn a finished journal into a take, and keep it beside that.

    Returns None when no note was struck in it, and nothing is kept then; or when another process is
    making its take.
    """
    with claimed(journal) as ours:
        return _keep(journal) if ours else None


def _keep(journal: Path) -> Path | None:
    details, heard = read_journal(journal)
    if not any(is_note_on(played.data) for played in heard):
        journal.unlink()
        return None
    content = recorder_of(heard, details, journal).encode()
    take = _take_of(journal, content)
    if not _holds(take, content):
        write_whole(take, content)
    described = json.dumps({**details, **figures_of(heard)}, indent=2)
    write_whole(take.with_suffix(".json"), described.encode(), keeps_old=False)
    if details.get("format") == FORMAT:
        journal.rename(take.with_suffix(KEPT))
    else:
        journal.unlink()  # it holds nothing that the take does not
    return take


def _take_of(journal: Path, content: bytes | None = None) -> Path:
    return unused_path(journal.with_suffix(".mid"), besides=journal, content=content)


def _holds(path: Path, content: bytes | None) -> bool:
    return content is not None and path.exists() and path.read_bytes() == content


def is_note_on(data: bytes) -> bool:
    """Whether a message strikes a note."""
    return len(data) == 3 and data[0] & 0xF0 == 0x90 and data[2] > 0


def recorder_of(heard: list[Played], details: Details, journal: Path) -> Recorder:
    """Make a recorder that has heard these messages, and knows what a journal tells of their ports."""
    recorder = Recorder(_openings(heard, details, journal))
    for time_s, port, data in with_lifts(heard, read_endings(journal)):
        recorder.record(time_s, port, data)
    return recorder


def _openings(heard: list[Played], details: Details, journal: Path) -> dict[int, list[bytes]]:
    """Give each port's track the zones and bend ranges that a DAW cannot know.

    A port that was found to be an ordinary keyboard has none, so that its track is not taken for
    another controller's.
    """
    ports = {played.port for played in heard}
    names = dict(_port_names(journal))
    chosen = PROFILES.get(str(details.get("controller")))
    profiles = {port: chosen or recognise(names.get(port, "")) for port in ports}
    mode = details.get("mode", Mode.MPE)
    if mode == AUTO:
        known = Mode.MPE
        ports = _found_mpe(heard, names, chosen)
    else:
        known = next((one for one in Mode if one == mode), Mode.MPE)
    return {port: Listener(0, profiles[port], mode=known).configuration() for port in ports}


def _found_mpe(heard: list[Played], names: dict[int, str], chosen: Profile | None) -> set[int]:
    listeners = Listeners(profile=chosen)
    for port, name in names.items():
        listeners.name(port, name)
    for time_s, port, data in heard:
        listeners.hear(data, time_s, port)
    return {played.port for played in heard if listeners.mode(played.port) is Mode.MPE}


def _port_names(journal: Path) -> Iterator[tuple[int, str]]:
    for line in read_lines(journal):
        if line.word == "port":
            with suppress(ValueError, LookupError, TypeError):  # a damaged line
                told = json.loads(line.text)
                yield int(told["number"]), str(told["name"])


def figures_of(heard: list[Played]) -> Details:
    """Count what was heard."""
    return {
        "seconds": round(heard[-1].time_s - heard[0].time_s, 3),
        "messages": len(heard),
        "notes": sum(is_note_on(played.data) for played in heard),
    }


def _give_up(_: Path, error: OSError) -> None:
    raise error


def find_journal(name: Path, folder: Path) -> Path | None:
    """Find the journal that a path or the name of a take means; None when it means neither."""
    if name.suffix in (KEPT, UNFINISHED):
        return name
    kept = folder / f"{name}{KEPT}"
    return kept if kept.exists() and not name.exists() else None


def recover_takes(folder: Path, trouble: Trouble = _give_up) -> list[Path]:
    """Turn the journals that crashed sessions left behind into takes.

    `trouble` is told of each that cannot be read or kept now, and the others are.
    """
    if folder.is_dir():
        remove_partials(folder)
    left = sorted(folder.glob(f"*{UNFINISHED}")) + sorted(folder.glob(f"*{KEPT}"))
    takes = [_recover(path, trouble) for path in left]
    return [take for take in takes if take]


def _recover(path: Path, trouble: Trouble) -> Path | None:
    try:
        return finish_take(path) if _was_abandoned(path) else None
    except OSError as error:
        trouble(path, error)
        return None


def _was_abandoned(path: Path) -> bool:
    """Whether a session that wrote this journal ended without making a take of it."""
    is_old = path.suffix == KEPT  # as journals of format 1 were called while they were written
    return is_left(path) and not (is_old and read_details(path).get("format") == FORMAT)


if __name__ == "__main__":
    keep_take(Path(sys.argv[1]))
