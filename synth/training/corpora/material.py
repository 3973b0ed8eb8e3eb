"""Material: what a corpus is built from, whatever it is, as instruments and their notes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from synth.space import Source


@dataclass(frozen=True, kw_only=True)
class InstrumentName:
    """An instrument as NSynth and as a musician call it."""

    name: str
    family: str
    kind: str = "acoustic"
    """NSynth's source: acoustic, electronic or synthetic."""
    number: int = 0
    """Its own among the instruments of its material."""


@dataclass(frozen=True, kw_only=True)
class RawNote:
    """One note as it was recorded or rendered.

    Attributes
    ----------
    sound
        One channel at `rate_hz`, shape (n_samples,).
    named_pitch
        Where somebody says it sounds, to be checked; None where that was measured.
    track
        Where the pitch moves, fractional note numbers spread evenly over the sound.
    """

    split: str
    pitch: int
    velocity: int
    sound: NDArray[np.float64]
    rate_hz: int
    named_pitch: float | None = None
    track: tuple[float, ...] = ()


class Dropped(NamedTuple):
    """A note that is left out, and why."""

    what: str
    why: str


class Part(Protocol):
    """One instrument of some material; another process may make its notes."""

    @property
    def instrument(self) -> InstrumentName:
        """What it is called."""
        ...

    @property
    def identity(self) -> str:
        """What its notes depend on: the same identity gives the same notes."""
        ...

    def notes(self) -> Iterator[RawNote | Dropped]:
        """Make its notes."""
        ...


class Material(Protocol):
    """Something that notes come from."""

    @property
    def source(self) -> Source:
        """Its name, licence and provenance."""
        ...

    def parts(self) -> Sequence[Part]:
        """List its instruments."""
        ...
