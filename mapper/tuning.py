"""A tuning: the pitch of every key, before any bend."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from mapper.key_map import A4_HZ, A4_KEY, MIDDLE_C, N_KEYS, KeyMap, hz_to_note, parse_key_map
from mapper.scala_file import ScalaFile, TuningError, open_scala
from mapper.scale import TWELVE_EQUAL, Scale, parse_scale

MIN_A4_HZ: Final = 380.0
MAX_A4_HZ: Final = 500.0
LOWEST_NOTE: Final = -12.0
HIGHEST_NOTE: Final = 139.0
"""From 4 Hz to 25 kHz; a key tuned beyond is silent, as nobody could hear it."""


@dataclass(frozen=True)
class Tuning:
    """The note of each of the 128 keys in equal semitones, 69.0 at 440 Hz; None where it is silent.

    A key is silent when its key map leaves it out, and no touch begins there.
    """

    notes: tuple[float | None, ...]

    @classmethod
    def of(cls, scale: Scale, key_map: KeyMap) -> Self:
        """Lay a scale on the keys, so that the map's reference key sounds its note.

        The reference key must be one that the map gives a degree.
        """
        reference_cents = _cents(scale, key_map, key_map.reference_key)
        if reference_cents is None:
            raise ValueError(f"key {key_map.reference_key} has no degree")

        def note_of(key: int) -> float | None:
            cents = _cents(scale, key_map, key) if key_map.sounds(key) else None
            note = (
                None if cents is None else key_map.reference_note + (cents - reference_cents) / 100
            )
            return note if note is not None and LOWEST_NOTE <= note <= HIGHEST_NOTE else None

        return cls(tuple(note_of(key) for key in range(N_KEYS)))

    def transposed(self, semitones: int) -> "Tuning":
        """Return the tuning so much higher; keys that nobody could hear then are silent."""
        notes = (None if note is None else note + semitones for note in self.notes)
        return Tuning(
            tuple(
                note if note is not None and LOWEST_NOTE <= note <= HIGHEST_NOTE else None
                for note in notes
            )
        )


EQUAL_TUNING: Final = Tuning(tuple(map(float, range(N_KEYS))))
"""Twelve equal semitones, A at 440 Hz."""


def read_tuning(
    scale: Path | None = None, key_map: Path | None = None, a4_hz: float = A4_HZ
) -> Tuning:
    """Make a tuning from Scala files.

    Parameters
    ----------
    scale
        A `.scl` file; without it twelve equal semitones.
    key_map
        A `.kbm` file, whose reference frequency then counts and not `a4_hz`. Without it the scale
        begins on middle C, which sounds where it would with twelve equal semitones.
    a4_hz
        What A above middle C sounds at in twelve equal semitones.

    Raises
    ------
    TuningError
        When the reference is out of range, or a file is missing or wrong.
    """
    scale_file, map_file = (open_scala(path) if path else None for path in (scale, key_map))
    return _tuning(scale_file, map_file, a4_hz)


def parse_tuning(
    scale: str | None = None, key_map: str | None = None, a4_hz: float = A4_HZ
) -> Tuning:
    """Make a tuning from the texts of Scala files, as `read_tuning` does from files.

    Raises
    ------
    TuningError
        When the reference is out of range, or a text is wrong.
    """
    return _tuning(_text("the scale", scale), _text("the key map", key_map), a4_hz)


def _text(name: str, text: str | None) -> ScalaFile | None:
    return ScalaFile(name, text.encode("latin-1", errors="replace")) if text else None


def _tuning(scale: ScalaFile | None, key_map: ScalaFile | None, a4_hz: float) -> Tuning:
    if not MIN_A4_HZ <= a4_hz <= MAX_A4_HZ:
        raise TuningError(
            f"A4 cannot be tuned to {a4_hz:g} Hz; choose from {MIN_A4_HZ:g} to {MAX_A4_HZ:g}"
        )
    return Tuning.of(
        parse_scale(scale) if scale else TWELVE_EQUAL,
        parse_key_map(key_map) if key_map else _plain_map(a4_hz),
    )


def _plain_map(a4_hz: float) -> KeyMap:
    return KeyMap(reference_key=MIDDLE_C, reference_note=hz_to_note(a4_hz) + (MIDDLE_C - A4_KEY))


def _cents(scale: Scale, key_map: KeyMap, key: int) -> float | None:
    place = key_map.place(key)
    if place is None:
        return None
    patterns, degree = place
    return patterns * scale.cents(key_map.formal_octave) + scale.cents(degree)
