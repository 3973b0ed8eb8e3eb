"""A capture: what was just played, kept as a take of its own while the session goes on."""

import json
import time
from datetime import datetime
from pathlib import Path
from typing import Final

from embouchure.endings import read_endings, rests, with_lifts
from embouchure.errors import ProgramError
from embouchure.journal import Details, read_journal
from embouchure.takes import UNFINISHED, figures_of, is_note_on, recorder_of, unused_path
from mapper.performance import Played
from mapper.whole_file import write_whole

PAUSE_S: Final = 4.0
"""So long a silence of all controllers, no note being held, parts what was just played from before."""
NAME_ANOTHER: Final = "name the journal of a session that goes on, or leave --journal out"


def live_journal(folder: Path) -> Path:
    """Find the journal of the session that was begun last and goes on.

    Raises
    ------
    ProgramError
        When there is none.
    """
    found = sorted(folder.glob(f"*{UNFINISHED}"), key=lambda path: path.stat().st_mtime)
    if not found:
        raise ProgramError(
            "nothing is being played that could be captured; start embouchure play or serve, and play"
        )
    return found[-1]


def capture(journal: Path, since_s: float | None = None) -> Path:
    """Keep what was just played, and return its file.

    Parameters
    ----------
    journal
        Of a session that goes on.
    since_s
        Where it begins, by `time.perf_counter`; without it after the last long pause.

    Raises
    ------
    ProgramError
        When it is no journal, or no note was struck since.
    OSError
        When the disk refuses.
    """
    details, heard = _read(journal)
    lifted = list(with_lifts(heard, read_endings(journal)))
    passage = last_passage(lifted) if since_s is None else _since(heard, since_s)
    if not any(is_note_on(played.data) for played in passage):
        raise ProgramError("nothing was played since; play something, and capture it then")
    content = recorder_of(passage, details, journal).encode()
    moment = datetime.now().astimezone()
    take = unused_path(journal.with_name(f"{moment:%Y-%m-%d %H.%M.%S}.mid"))
    write_whole(take, content, keeps_old=False)
    begun = moment.timestamp() - (time.perf_counter() - passage[0].time_s)
    told = {**details, "started": _text(begun), "captured": _text(moment.timestamp())}
    described = json.dumps({**told, **figures_of(passage)}, indent=2)
    write_whole(take.with_suffix(".json"), described.encode(), keeps_old=False)
    return take


def _read(journal: Path) -> tuple[Details, list[Played]]:
    try:
        details, heard = read_journal(journal)
    except OSError as error:
        raise ProgramError(f"{journal} cannot be read ({error.strerror}); {NAME_ANOTHER}") from None
    if not (details or heard) and journal.stat().st_size:  # one just begun is empty
        raise ProgramError(f"{journal} is no journal; {NAME_ANOTHER}")
    return details, heard


def last_passage(heard: list[Played], pause_s: float = PAUSE_S) -> list[Played]:
    r"""Return what was heard after the last long pause before a note was struck.

    Fingers that hold a chord still send nothing, and that is no pause.

    >>> on, off = b"\x90\x45\x60", b"\x80\x45\x40"
    >>> heard = [Played(s, 0, data) for s, data in ((0.0, on), (1.0, off), (9.0, on), (15.0, off))]
    >>> [played.time_s for played in last_passage(heard)]
    [9.0, 15.0]
    """
    last = max((i for i, played in enumerate(heard) if is_note_on(played.data)), default=-1)
    first, rested = last, list(rests(heard))
    while first > 0 and not (
        rested[first] and heard[first].time_s - heard[first - 1].time_s >= pause_s
    ):
        first -= 1
    return heard[max(first, 0) :]


def _since(heard: list[Played], since_s: float) -> list[Played]:
    return [played for played in heard if played.time_s >= since_s]


def _text(moment_s: float) -> str:
    return datetime.fromtimestamp(moment_s).astimezone().isoformat(timespec="seconds")
