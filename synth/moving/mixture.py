"""A mixture: sounds of a space in shares, of any number, sounded together as one."""

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from synth.moving.bend import NO_BEND, Bend
from synth.moving.course import Course
from synth.moving.edge import Edge
from synth.moving.naming import USUAL_STRIKE, Name, read_name
from synth.moving.refusal import MovingError
from synth.moving.surface import Anchor, Register, Surface
from synth.space import Space

Array = NDArray[np.float64]

MIDDLE_NOTE: Final = 60.0
QUIETEST_DB: Final = -95.0
"""A sound is followed this far below its peak and no further."""
RISEN_DB: Final = 3.0
"""A sound that is so near its peak has risen; what swells on after that is no part of its attack."""
MAX_SHARE: Final = 4.0
KEYBOARD: Final = (36.0, 48.0, 60.0, 72.0, 84.0, 96.0)
"""Notes at which a mixture is laid out to be played."""


class Part(NamedTuple):
    """One sound of a mixture and its share; a negative share says what the sound is not."""

    name: Name
    share: float


@dataclass(frozen=True, kw_only=True)
class Mixture:
    """Sounds in shares that sum to 1, bent as far as axes were moved along.

    Attributes
    ----------
    start
        The sound that it sets out from; without one, those of its sounds that it does not take away.
    """

    parts: tuple[Part, ...]
    bend: Bend = NO_BEND
    start: Part | None = None

    @property
    def text(self) -> str:
        """What it is made of, in a player's words."""
        if len(self.parts) == 1:
            return self.parts[0].name.text
        words = " + ".join(f"{part.share:.0%} {part.name.text}" for part in self.parts)
        return words.replace("+ -", "- ")

    @property
    def note(self) -> float:
        """The key at which it is heard: where its sounds were named, on average, or middle C."""
        named = [(p.name.note, abs(p.share)) for p in self.parts if p.name.note is not None]
        if not named:
            return MIDDLE_NOTE
        notes, weights = zip(*named, strict=True)
        return float(round(np.average(notes, weights=weights)))

    @property
    def plain(self) -> "Mixture":
        """Where it sets out from: a mixture that takes nothing away and is not bent."""
        if self.start:
            return Mixture(parts=(self.start,))
        present = [part for part in self.parts if part.share > 0]
        total = sum(part.share for part in present)
        return Mixture(parts=tuple(p._replace(share=p.share / total) for p in present))

    @property
    def is_plain(self) -> bool:
        """Whether it takes nothing away and is not bent."""
        return self.bend is NO_BEND and all(part.share > 0 for part in self.parts)

    def reached(self, share: float) -> "Mixture":
        """Go only this share of the way from the plain mixture to this one."""
        shares = dict.fromkeys((part.name for part in self.parts), 0.0)
        for mixture, weight in ((self, share), (self.plain, 1.0 - share)):
            for part in mixture.parts:
                shares[part.name] += weight * part.share
        parts = tuple(Part(name, total) for name, total in shares.items())
        return replace(self, parts=parts, bend=self.bend.times(share))

    def bent(self, bend: Bend) -> "Mixture":
        """Bend it further."""
        return replace(self, bend=self.bend.plus(bend))


def mix(space: Space, shares: dict[str, float]) -> Mixture:
    """Mix any number of sounds.

    Parameters
    ----------
    shares
        Names of sounds (`synth.moving.naming`) to their shares, which are scaled to sum to 1.
        Some may be negative: the others are then taken away from them.

    Raises
    ------
    MovingError
        When a name is unknown, or the shares sum to nothing or lead too far.
    """
    total = sum(shares.values())
    if not shares or not np.isfinite(total) or total <= 1e-3:
        raise MovingError(
            "the shares of a mixture must sum to more than 0; give more of some sound"
        )
    parts = tuple(Part(read_name(space, n), share / total) for n, share in shares.items())
    if max(abs(part.share) for part in parts) > MAX_SHARE:
        raise MovingError(
            f"one sound would be heard {MAX_SHARE:g} times over; choose shares that are less apart"
        )
    return Mixture(parts=parts)


def between(space: Space, first: str, second: str, place: float) -> Mixture:
    """Go from one sound (0) to another (1), between or beyond them."""
    return mix(space, {first: 1.0 - place, second: place} if first != second else {first: 1.0})


def analogy(space: Space, like: str, unlike: str, base: str) -> Mixture:
    """Apply to a sound what tells two others apart: like - unlike + base."""
    names = [read_name(space, name) for name in (like, unlike, base)]
    return analogous(*names)


def analogous(like: Name, unlike: Name, base: Name) -> Mixture:
    """Form an analogy of sounds that have been read; see `analogy`."""
    parts = (Part(like, 1.0), Part(unlike, -1.0), Part(base, 1.0))
    return Mixture(parts=parts, start=parts[-1])


class Mixer:
    """Sounds mixtures of one space."""

    def __init__(self, space: Space) -> None:
        self.space = space
        self.ages_s = np.array(space.card.ages_s)
        self._surface = lru_cache(maxsize=512)(self._made)

    @cached_property
    def edge(self) -> Edge:
        """How far out codes may go."""
        return Edge(self.space)

    def _made(self, instrument: str, strike: float) -> Surface:
        return Surface(self.space, Anchor(strike, (Register(instrument),)))

    def course(self, mixture: Mixture, note: float | None = None) -> Course:
        """Sound a mixture at a note, its own unless told; sounds named with a note keep theirs."""
        note = mixture.note if note is None else note
        places = [
            part.name._replace(note=note if part.name.note is None else part.name.note)
            for part in mixture.parts
        ]
        return self._course(mixture, places, note)

    def played(self, mixture: Mixture, note: float, strike: float) -> Course:
        """Sound a mixture as its instruments do at a note and a strike, however they were named."""
        places = [Name(part.name.instrument, note, strike) for part in mixture.parts]
        return self._course(mixture, places, note)

    def surface(self, mixture: Mixture, strike: float) -> Surface:
        """Lay a mixture out over the keyboard, struck with one strength."""
        return Surface.of([self.played(mixture, note, strike) for note in KEYBOARD])

    def _course(self, mixture: Mixture, places: list[Name], note: float) -> Course:
        shares = np.array([part.share for part in mixture.parts])
        present = np.maximum(shares, 0.0) / np.maximum(shares, 0.0).sum()
        heard_s = mixture.bend.ages_s(self.ages_s)
        codes, level_db, peak_db = zip(*(self._part(p, heard_s) for p in places), strict=True)
        bent = np.tensordot(shares, np.stack(codes), 1) + mixture.bend.codes(self.ages_s)
        level = present @ np.stack(level_db)
        if mixture.start in mixture.parts:
            level = _level_db(shares, np.stack(level_db), mixture.parts.index(mixture.start))
        level = mixture.bend.level_db(self.ages_s, level)
        return Course(
            ages_s=self.ages_s,
            codes=self.edge.within(bent),
            level_db=np.maximum(level - level.max(), QUIETEST_DB),
            peak_db=float(present @ np.array(peak_db)),
            note=note,
        )

    def _part(self, name: Name, ages_s: Array) -> tuple[Array, Array, float]:
        strike = USUAL_STRIKE if name.strike is None else name.strike
        surface = self._surface(name.instrument, strike)
        notes = np.full(len(ages_s), name.note)
        level_db = np.maximum(surface.decay_db(notes, ages_s), QUIETEST_DB)
        peak_db = float(np.interp(notes[0], surface.notes, surface.loudness_db.max(axis=1)))
        return surface.code(notes, ages_s), level_db, peak_db


def _level_db(shares: Array, level_db: Array, held: int) -> Array:
    """Mix envelopes, shape (n_parts, n_ages), in their shares, those taken away too.

    Once the sound that is held fast has risen, the envelope falls only.
    """
    mixed = np.maximum(shares @ level_db, QUIETEST_DB)
    peak = int(np.argmax(level_db[held] >= level_db[held].max() - RISEN_DB))
    falling = np.minimum.accumulate(mixed[peak:])
    return np.concatenate([np.minimum(mixed[:peak], mixed[peak]), falling])
