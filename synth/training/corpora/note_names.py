"""Note names: the pitch, the strength and the instrument that a sample's file name tells."""

import re
from typing import Final, NamedTuple

SEMITONES: Final = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
ACCIDENTALS: Final = {"": 0, "#": 1, "♯": 1, "s": 1, "b": -1, "♭": -1}
DYNAMICS: Final = {
    "ppp": 15, "pp": 29, "p": 43, "mp": 64, "mf": 80, "f": 96, "ff": 112, "fff": 124,
}  # fmt: skip
LOWEST_BARE, HIGHEST_BARE = 21, 108
"""A number alone is a key only within a piano's."""
_NSYNTH: Final = re.compile(r"(?P<name>.+)-(?P<pitch>\d{3})-(?P<velocity>\d{3})")
_NOTE: Final = re.compile(
    r"(?<![^\W_])(?P<letter>[A-Ga-g])(?P<accidental>[#♯sb♭]?)(?P<octave>-?\d)(?![^\W_])"
)
_NUMBER: Final = re.compile(r"(?<![^\W_])\d{2,3}(?![^\W_])")
_VELOCITY: Final = re.compile(
    r"(?<![^\W_])v(?:el(?:ocity)?)?[ _-]?(\d{1,3})(?![^\W_])", re.IGNORECASE
)
_DYNAMIC: Final = re.compile(r"(?<![^\W_])(p{1,3}|mp|mf|f{1,3})(?![^\W_])", re.IGNORECASE)
_EDGES: Final = re.compile(r"[^\w#]+|_+")


class NamedNote(NamedTuple):
    """What a file's name tells; what it does not tell is None."""

    instrument: str
    pitch: int | None = None
    velocity: int | None = None
    by_letter: bool = False
    """Whether the pitch is told by a letter and an octave, which makers count differently."""


def read_name(stem: str) -> NamedNote:
    """Read a sample's file name, without its suffix.

    >>> read_name("Soft Piano_A#3_v90")
    NamedNote(instrument='soft-piano', pitch=58, velocity=90, by_letter=True)
    >>> read_name("flute_acoustic_002-077-100")
    NamedNote(instrument='flute-acoustic-002', pitch=77, velocity=100, by_letter=False)
    >>> read_name("060")
    NamedNote(instrument='', pitch=60, velocity=None, by_letter=False)
    >>> read_name("barn door")
    NamedNote(instrument='barn-door', pitch=None, velocity=None, by_letter=False)
    """
    if (told := _NSYNTH.fullmatch(stem)) and int(told["pitch"]) < 128 > int(told["velocity"]) > 0:
        return NamedNote(instrument_name(told["name"]), int(told["pitch"]), int(told["velocity"]))
    velocity, rest = _velocity(stem)
    pitch, rest, by_letter = _pitch(rest)
    if velocity is None:
        velocity, rest = _dynamic(rest)
    if velocity is None and pitch is not None and not by_letter:
        velocity, rest = _bare_velocity(rest)
    return NamedNote(instrument_name(rest), pitch, velocity, by_letter)


def instrument_name(text: str) -> str:
    """Write a name as the codebook does: small letters, digits and dashes.

    >>> instrument_name(" Grand Piano_(close) ")
    'grand-piano-close'
    """
    plain = _EDGES.sub("-", text.lower())
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _velocity(stem: str) -> tuple[int | None, str]:
    if (told := _VELOCITY.search(stem)) and 0 < int(told[1]) < 128:
        return int(told[1]), _without(stem, told)
    return None, stem


def _dynamic(stem: str) -> tuple[int | None, str]:
    if told := _DYNAMIC.search(stem):
        return DYNAMICS[told[1].lower()], _without(stem, told)
    return None, stem


def _pitch(stem: str) -> tuple[int | None, str, bool]:
    """Read the last note name, or else the first number that is a key."""
    for told in reversed(list(_NOTE.finditer(stem))):
        semitone = SEMITONES[told["letter"].lower()] + ACCIDENTALS[told["accidental"]]
        pitch = 12 * (int(told["octave"]) + 1) + semitone
        if 0 <= pitch < 128:
            return pitch, _without(stem, told), True
    for told in _NUMBER.finditer(stem):
        if LOWEST_BARE <= int(told[0]) <= HIGHEST_BARE:
            return int(told[0]), _without(stem, told), False
    return None, stem, False


def _bare_velocity(stem: str) -> tuple[int | None, str]:
    """Read the number that follows a key, as in NSynth's names."""
    told = _NUMBER.search(stem)
    if told and 0 < int(told[0]) < 128:
        return int(told[0]), _without(stem, told)
    return None, stem


def _without(stem: str, told: "re.Match[str]") -> str:
    return f"{stem[: told.start()]} {stem[told.end() :]}"
