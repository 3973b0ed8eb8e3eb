"""Note names, as musicians write them; middle C is C4."""

from typing import Final

NAMES: Final = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


def note_name(note: float) -> str:
    """Name the nearest key of a fractional note number.

    >>> note_name(60), note_name(69.4), note_name(75)
    ('C4', 'A4', 'D#5')
    """
    key = round(note)
    return f"{NAMES[key % 12]}{key // 12 - 1}"
