"""A key map: which degree of a scale each key plays, as Scala's keyboard mappings state.

The format: https://www.huygens-fokker.org/scala/help.htm#mappings
"""

import re
from dataclasses import dataclass
from math import log2
from typing import Final

from mapper.scala_file import Line, ScalaFile

A4_KEY: Final = 69
A4_HZ: Final = 440.0
MIDDLE_C: Final = 60
N_KEYS: Final = 128
_WHOLE: Final = re.compile(r"\s*([+-]?\d{1,6}+)(?!\S)")
_SIZE: Final = re.compile(r"\s*(\d{1,6}+)(?!\S)")
_HZ: Final = re.compile(r"\s*(\d{1,9}+(?:\.\d{0,99}+)?+)(?!\S)")
_ENTRY: Final = re.compile(r"\s*([xX]|[+-]?\d{1,6}+)(?!\S)")
_ENTRY_ADVICE: Final = "write a degree of the scale, or x for a key that is to be silent"


def hz_to_note(frequency_hz: float) -> float:
    """Convert a frequency to equal semitones, 69.0 at 440 Hz."""
    return A4_KEY + 12 * log2(frequency_hz / A4_HZ)


@dataclass(frozen=True, kw_only=True)
class KeyMap:
    """The first entry of `degrees` is for the middle key, and the pattern repeats up and down.

    The reference key sounds `reference_note`, 69.0 at 440 Hz. An entry of None leaves its key out. Keys outside `first_key`..`last_key` are left out too.
    Without `degrees` each key plays the degree next to its neighbour's. From one pattern to the
    next the pitch rises by the degree `formal_octave`.
    """

    reference_key: int
    reference_note: float
    middle_key: int = MIDDLE_C
    first_key: int = 0
    last_key: int = N_KEYS - 1
    formal_octave: int = 0
    degrees: tuple[int | None, ...] = ()

    def place(self, key: int) -> tuple[int, int] | None:
        """Tell how many patterns up a key lies and its degree there, or None if it is silent."""
        away = key - self.middle_key
        if not self.degrees:
            return 0, away
        patterns, entry = divmod(away, len(self.degrees))
        degree = self.degrees[entry]
        return None if degree is None else (patterns, degree)

    def sounds(self, key: int) -> bool:
        """Tell whether the key is in the range of those that are tuned."""
        return self.first_key <= key <= self.last_key


def parse_key_map(file: ScalaFile) -> KeyMap:
    """Read a key map from its file.

    Raises
    ------
    TuningError
        When the file is wrong; the message names the line.
    """
    size, size_line = file.expect(_SIZE, "the size of the map", "write it, such as 12")
    first_key, _ = _read_key(file, "the first key")
    last_key, last_line = _read_key(file, "the last key")
    if last_key < first_key:
        raise file.refusal(
            last_line, f"has a last key below the first, {first_key}", "exchange the two"
        )
    middle_key, _ = _read_key(file, "the middle key")
    reference_key, reference_line = _read_key(file, "the reference key")
    reference_hz = _read_hz(file)
    formal_octave, _ = file.expect(_WHOLE, "the formal octave's degree", "write it, such as 12")
    key_map = KeyMap(
        first_key=first_key,
        last_key=last_key,
        middle_key=middle_key,
        reference_key=reference_key,
        reference_note=hz_to_note(reference_hz),
        formal_octave=int(formal_octave),
        degrees=_read_degrees(file, int(size), size_line),
    )
    if key_map.place(reference_key) is None:
        raise file.refusal(
            reference_line,
            f"gives the pitch of key {reference_key}, which the map leaves out",
            "choose a key that has a degree",
        )
    return key_map


def _read_key(file: ScalaFile, meaning: str) -> tuple[int, Line]:
    text, line = file.expect(_WHOLE, meaning, f"write a key's number, 0-{N_KEYS - 1}")
    return int(text), line


def _read_hz(file: ScalaFile) -> float:
    advice = "write a frequency in Hz, such as 440.0"
    text, line = file.expect(_HZ, "the reference frequency", advice)
    if float(text) <= 0:
        raise file.refusal(line, f"has the frequency {text}, not above 0", advice)
    return float(text)


def _read_degrees(file: ScalaFile, size: int, size_line: Line) -> tuple[int | None, ...]:
    """Read at most `size` entries; those left out at the end are silent keys."""
    degrees: list[int | None] = []
    for line in file.rest():
        match = _ENTRY.match(line.text)
        if match is None:
            raise file.refusal(line, "is no entry of the map", _ENTRY_ADVICE)
        if len(degrees) == size:
            raise file.refusal(
                line,
                f"holds one entry more than the {size} that line {size_line.number} announces",
                "correct the size or take the entry out",
            )
        degrees.append(None if match[1] in "xX" else int(match[1]))
    return (*degrees, *(size - len(degrees)) * (None,))
