"""Naming: what a player calls a sound: an instrument, with a note and a dynamic if they matter."""

import re
from difflib import get_close_matches
from typing import Final, NamedTuple

from synth.moving.refusal import MovingError
from synth.moving.surface import instrument_of
from synth.space import Space

PITCHES: Final = ("c", "cs", "d", "ds", "e", "f", "fs", "g", "gs", "a", "as", "b")
DYNAMICS: Final = ((30, "pp"), (55, "p"), (72, "mp"), (98, "mf"), (115, "f"), (128, "ff"))
"""Velocities below the number bear the mark."""
STRIKES: Final = {
    "pp": 25 / 127,
    "p": 35 / 127,
    "mp": 65 / 127,
    "mf": 95 / 127,
    "f": 110 / 127,
    "ff": 125 / 127,
}
"""What a mark asks for."""
USUAL_STRIKE: Final = STRIKES["mf"]
HIGHEST_NOTE: Final = 127
_NOTE: Final = re.compile(r"([a-g]s?)(-?\d)")
_LOW: Final = re.compile(r"(.+)-([a-g]s?-\d)")
"""A sound with a note of the lowest octave, whose number has a dash of its own."""


class Name(NamedTuple):
    """An instrument of the codebook, with the note and the strike that were asked for."""

    instrument: str
    note: float | None = None
    strike: float | None = None

    @property
    def text(self) -> str:
        """The name as a player writes it."""
        parts = [self.instrument]
        if self.note is not None:
            parts.append(note_name(self.note))
        if self.strike is not None:
            parts.append(mark_of(round(127 * self.strike)))
        return "-".join(parts)


def note_name(note: float) -> str:
    """Name the nearest key as the codebook does.

    >>> note_name(60), note_name(73.2)
    ('c4', 'cs5')
    """
    key = round(note)
    return f"{PITCHES[key % 12]}{key // 12 - 1}"


def mark_of(velocity: int) -> str:
    """Name a dynamic as the codebook does.

    >>> mark_of(65), mark_of(127)
    ('mp', 'ff')
    """
    return next(mark for below, mark in DYNAMICS if velocity < below)


def note_number(text: str) -> float | None:
    """Read a note's name, or its number; None when it is neither.

    >>> note_number("c4"), note_number("cs5"), note_number("61.5"), note_number("drum")
    (60.0, 73.0, 61.5, None)
    """
    named = _NOTE.fullmatch(text.lower().replace("#", "s"))
    if named and named[1] in PITCHES:
        note = 12.0 * (int(named[2]) + 1) + PITCHES.index(named[1])
    elif re.fullmatch(r"\d+(\.\d+)?", text):
        note = float(text)
    else:
        return None
    return note if 0 <= note <= HIGHEST_NOTE else None


def instruments(space: Space) -> list[str]:
    """Names of the codebook's instruments, in its order."""
    return list(dict.fromkeys(instrument_of(sound.name) for sound in space.card.sounds))


def read_name(space: Space, text: str) -> Name:
    """Read a sound's name: `flute`, `flute-c5` or `flute-c5-mf`.

    A sound of the codebook is found as it was recorded; any other note or dynamic of an instrument
    lies between those recorded.

    Raises
    ------
    MovingError
        When the space has no such instrument.
    """
    for sound in space.card.sounds:
        if sound.name == text:
            return Name(instrument_of(text), sound.note, sound.strike)
    known = instruments(space)
    if text in known:
        return Name(text)
    rest, _, mark = text.rpartition("-")
    strike = STRIKES.get(mark)
    if strike is None:
        rest = text
    elif rest in known:
        return Name(rest, None, strike)
    instrument, _, last = rest.rpartition("-")
    if instrument not in known and (low := _LOW.fullmatch(rest)):
        instrument, last = low.groups()
    note = note_number(last)
    if note is None or instrument not in known:
        raise MovingError(_unknown(rest, known, space.card.name))
    return Name(instrument, note, strike)


def _unknown(instrument: str, known: list[str], space: str) -> str:
    near = get_close_matches(instrument, known, n=4, cutoff=0.5) or known[:4]
    return (
        f"the space {space} has no sound {instrument[:60]!r}; choose an instrument such as "
        f"{', '.join(near)}, alone or with note and dynamic as in {near[0]}-c4-mf, or see "
        "`embouchure space sounds`"
    )
