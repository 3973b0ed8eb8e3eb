"""Sounds of the codebook as playable surfaces over note and age."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

from synth.controls import CODE_SIZE
from synth.moving.course import Course
from synth.space import Space

Array = NDArray[np.float64]

_SOUND: Final = re.compile(r"(.+)-[a-g]s?-?\d-[mpf]+")
FADED_DB: Final = 30.0
SLOPE_S: Final = 1.0
"""A decay goes on after the codebook's last age as it went in the second before."""


class Register(NamedTuple):
    """An instrument of the codebook, and the notes for which it speaks."""

    instrument: str
    low_note: float = 0.0
    high_note: float = 127.0


def instrument_of(name: str) -> str:
    """Name the instrument of a sound: the sound's name without its note and dynamic.

    >>> instrument_of("nylon-guitar-e3-mf"), instrument_of("kick-f-1-f")
    ('nylon-guitar', 'kick')
    """
    named = _SOUND.fullmatch(name)
    return named[1] if named else name.rsplit("-", 2)[0]


class Anchor(NamedTuple):
    """One end or bend of the path from dull to bright: registers, struck with one strength."""

    dynamic: float
    registers: tuple[Register, ...]


class Surface:
    """Codes and loudness of an anchor over note and age, linear between the notes recorded."""

    def __init__(self, space: Space, anchor: Anchor) -> None:
        registers = anchor.registers
        sounds = {
            index: sound
            for index, sound in enumerate(space.card.sounds)
            for register in registers
            if instrument_of(sound.name) == register.instrument
            and register.low_note <= sound.note < register.high_note
        }
        if not sounds:
            raise KeyError(f"the space has none of {', '.join(r.instrument for r in registers)}")
        self.notes = np.unique([sound.note for sound in sounds.values()])
        rows = [
            sorted((s.strike, i) for i, s in sounds.items() if s.note == note)
            for note in self.notes
        ]
        self.ages_s = np.array(space.card.ages_s)
        self.codes = np.stack([_at(space.codes, row, anchor.dynamic) for row in rows])
        self.loudness_db = np.stack([_at(space.loudness_db, row, anchor.dynamic) for row in rows])

    @classmethod
    def of(cls, courses: Sequence[Course]) -> Self:
        """Lay courses of one sound out over their notes, which increase."""
        made = cls.__new__(cls)
        made.notes = np.array([course.note for course in courses])
        made.ages_s = courses[0].ages_s
        made.codes = np.stack([course.codes for course in courses])
        made.loudness_db = np.stack([course.loudness_db for course in courses])
        return made

    def _places(self, note: Array, age_s: Array) -> Array:
        """Fractional indices of points of the surface, shape (2, n)."""
        axes = ((note, self.notes), (age_s, self.ages_s))
        return np.stack([np.interp(x, knots, np.arange(len(knots))) for x, knots in axes])

    def code(self, note: Array, age_s: Array) -> Array:
        """Codes at points of the surface, shape (n, CODE_SIZE)."""
        places = self._places(note, age_s)
        columns = [_between(self.codes[..., k], places) for k in range(CODE_SIZE)]
        return np.stack(columns, axis=1)

    def rise_db(self, note: Array, age_s: Array) -> Array:
        """How far below its peak a sound is that still rises; 0 from the peak on."""
        highest = np.maximum.accumulate(self.loudness_db, axis=1)
        return _between(highest - highest[:, -1:], self._places(note, age_s))

    def faded_s(self, note: Array) -> Array:
        """Tell when little is left of a sound, shape (n,); its last age where it lasts.

        What is recorded after that is the room's noise more than the sound.
        """
        fallen = self.loudness_db - self.loudness_db.max(axis=1, keepdims=True) < -FADED_DB
        late = np.cumsum(~fallen[:, ::-1], axis=1)[:, ::-1] == 0
        at = np.where(late.any(axis=1), late.argmax(axis=1), len(self.ages_s) - 1)
        return np.interp(note, self.notes, self.ages_s[at])

    def decay_db(self, note: Array, age_s: Array) -> Array:
        """Loudness relative to the sound's peak, going on past the recording's end."""
        relative = self.loudness_db - self.loudness_db.max(axis=1, keepdims=True)
        last_s = self.ages_s[-1]
        before = self._places(note, np.full_like(age_s, last_s - SLOPE_S))
        end = self._places(note, np.full_like(age_s, last_s))
        slope = np.minimum(_between(relative, end) - _between(relative, before), 0.0) / SLOPE_S
        beyond_s: Array = np.maximum(age_s - last_s, 0.0)
        return _between(relative, self._places(note, age_s)) + slope * beyond_s


def _at(table: NDArray[np.float32], row: list[tuple[float, int]], dynamic: float) -> Array:
    """Interpolate a table of the codebook between the strikes recorded of one note."""
    strikes, indices = zip(*row, strict=True)
    place = np.interp(dynamic, strikes, np.arange(len(row)))
    low = min(int(place), len(row) - 1)
    high = min(low + 1, len(row) - 1)
    part = place - low
    return np.asarray((1.0 - part) * table[indices[low]] + part * table[indices[high]], np.float64)


def _between(table: Array, places: Array) -> Array:
    values: Array = map_coordinates(table, places, order=1, mode="nearest")
    return values
