"""A stroke: what one finger means to do, before any controller has measured it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

Curve = Callable[[float], float]
"""A dimension at a time in seconds since the strike."""


def still(value: float) -> Curve:
    """Return the curve of a finger that holds a dimension where it is.

    >>> still(0.25)(3.0)
    0.25
    """
    return lambda _: value


_NOTHING: Final = still(0.0)
_CENTRE: Final = still(0.5)


@dataclass(frozen=True, kw_only=True)
class Stroke:
    """One finger from its strike to its lift.

    `press` and `slide` are 0-1, slide with its rest at 0.5; `glide_semitones` is bend from `note`.
    What a controller cannot sense or send it leaves out.
    """

    note: int = 60
    strike: float = 0.5
    start_s: float = 0.0
    length_s: float = 1.0
    press: Curve = _NOTHING
    slide: Curve = _CENTRE
    glide_semitones: Curve = _NOTHING
    lift: float = 0.5

    @property
    def end_s(self) -> float:
        """Time of the note-off."""
        return self.start_s + self.length_s
