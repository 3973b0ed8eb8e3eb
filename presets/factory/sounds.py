"""Sounds of a recipe that nobody recorded: instruments in shares, and analogies of instruments."""

from typing import Final, NamedTuple

from synth.moving.guards import held
from synth.moving.mixture import Mixer, Mixture, Part, analogous
from synth.moving.naming import Name
from synth.moving.surface import Anchor, Surface

GUARDED_AT: Final = (48.0, 84.0)
"""Notes at which a sound is made safe, each with the octaves around it: the whole keyboard."""


class Blend(NamedTuple):
    """Instruments in shares that sum to 1, struck with one strength; a negative share is taken away."""

    dynamic: float
    shares: tuple[tuple[str, float], ...]

    @property
    def mixture(self) -> Mixture:
        """What it is as a mixture of the space's sounds."""
        parts = (Part(Name(name, None, self.dynamic), share) for name, share in self.shares)
        return Mixture(parts=tuple(parts))


class Likeness(NamedTuple):
    """What tells two instruments apart, done to a third: like - unlike + base, struck alike."""

    dynamic: float
    like: str
    unlike: str
    base: str

    @property
    def mixture(self) -> Mixture:
        """What it is as a mixture of the space's sounds."""
        named = [Name(name, None, self.dynamic) for name in (self.like, self.unlike, self.base)]
        return analogous(*named)


SoundOf = Anchor | Blend | Likeness
"""One end or bend of the path from dull to bright."""


def surface_of(mixer: Mixer, sound: SoundOf) -> Surface:
    """Lay a sound out over note and age; what leads beyond its instruments is held where it is safe.

    Raises
    ------
    KeyError
        When the space lacks an instrument.
    """
    if isinstance(sound, Anchor):
        return Surface(mixer.space, sound)
    return mixer.surface(guarded(mixer, sound.mixture), sound.dynamic)


def guarded(mixer: Mixer, mixture: Mixture) -> Mixture:
    """Hold a mixture where it is safe on every key."""
    for note in GUARDED_AT:
        mixture = held(mixer, mixture, note).mixture
    return mixture
