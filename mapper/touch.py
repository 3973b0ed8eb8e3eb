"""A touch event: what one finger does, as the receiver tells it and the engine plays it."""

from enum import IntEnum
from typing import Final, NamedTuple

CHANNELS_PER_PORT: Final = 16
N_PORTS: Final = 16
"""A zone's number has room for so many, and so has a MIDI file."""
EVERY_ZONE: Final = -1
"""In place of a zone's number: all of them."""


def zone_number(port: int, manager: int) -> int:
    """Return the number of a zone, from those of its port and its manager's channel."""
    return CHANNELS_PER_PORT * port + manager


class Kind(IntEnum):
    """What happened; the numbers are the wire format shared with the engine."""

    STRIKE = 0
    """The touch begins."""
    MOVE = 1
    """One or more dimensions changed; the event carries them all, so only the newest counts."""
    LIFT = 2
    """The touch ends and its release begins; `press` is what the player meant before lifting."""
    STOP = 3
    """The touch is silenced at once, tail included."""
    ZONE_GLIDE = 4
    """The zone's own bend moved: `glide_semitones` is added to every touch of the zone, tails too."""
    PANIC = 5
    """Everything is silenced at once, the room included."""
    LEVEL = 6
    """The zone's volume moved: `press` is the ratio, 0-1, that scales its touches' amplitude."""
    MACRO = 7
    """A macro moved: `touch` is its number 0-3, `press` its value 0-1, for the touches of `zone`."""
    PROGRAM = 11
    """The player asks for preset number `touch`, from 0, in `zone`; this never reaches the engine."""
    STEP = 12
    """The player asks for the next preset of the setlist, `touch` being 1, or with -1 for the one
    before; nor does this."""


class TouchEvent(NamedTuple):
    """One event of one touch, with all five dimensions as they now stand.

    A touch number is never used twice. `zone` is its `zone_number`, so that zones of several
    controllers never meet. `glide_semitones` is the touch's own bend; the zone's bend
    travels apart, in ZONE_GLIDE events. `lift` is 0 until the touch is lifted.
    """

    time_s: float
    kind: Kind
    touch: int
    zone: int
    note: float = 0.0
    strike: float = 0.0
    press: float = 0.0
    slide: float = 0.5
    glide_semitones: float = 0.0
    lift: float = 0.0
