"""Habits: in what order, when and how finely each maker's controller sends what a finger does.

Where no figure is known the interval is `ASSUMED_INTERVAL_S`, and the order the one that the MPE
specification recommends: bend, slide, pressure 0, note-on.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from mapper import profile
from mapper.profile import Profile

ASSUMED_INTERVAL_S: Final = 0.004
"""For controllers whose rate is not known: 250 messages/s, as one touch surface is set to send."""
LINNSTRUMENT_FIRST_PRESS_S: Final = 0.0105
LINNSTRUMENT_CLOSING_S: Final = 0.0066
OSMOSE_LEAD_S: Final = 0.005
OSMOSE_TRIGGER_PRESS: Final = 6 / 127
"""Pressure of a key that has just sunk deep enough to sound; the depth is the player's choice."""
CONTINUUM_INTERVAL_S: Final = 0.002
CONTINUUM_ATTACK_S: Final = 0.05
"""Until this age it sends plain 7-bit pressures as fast as it can, low bits only later."""


class Dimension(Enum):
    """A dimension that is sent while a finger is down."""

    GLIDE = "glide"
    SLIDE = "slide"
    PRESS = "press"


GLIDE, SLIDE, PRESS = Dimension


@dataclass(frozen=True, kw_only=True)
class Habits:
    """How a controller sends; times in seconds."""

    order: tuple[Dimension, ...] = (GLIDE, SLIDE, PRESS)
    """What it sends before note-on; also all that it ever sends."""
    members: tuple[int, ...] = tuple(range(1, 16))
    """Channels that notes are spread over, 0-15; the one least recently released comes first."""
    announced_members: int | None = None
    """Size of the zone that it announces at first; None: it announces none."""
    announced_range_semitones: float | None = None
    interval_s: float = ASSUMED_INTERVAL_S
    """Shortest time between two messages of one kind, where the profile knows none."""
    press_is_poly: bool = False
    opens_pressed: bool = False
    """The pressure before note-on is the finger's own; otherwise 0."""
    first_press_s: float = 0.0
    closing_s: float = 0.0
    """How long before note-off the pressure falls to 0."""
    lead_s: float = 0.0
    """How long before note-on the pressure begins to rise to `trigger_press`."""
    trigger_press: float = 0.0
    """Below this pressure nothing sounds, so none is sent while a note is held."""
    fine_from_s: float | None = None
    """Age from which low bits come along in CC 87; None: never."""


HABITS: Final[dict[str, Habits]] = {
    profile.LINNSTRUMENT.name: Habits(
        members=(0,),
        press_is_poly=True,
        first_press_s=LINNSTRUMENT_FIRST_PRESS_S,
        closing_s=LINNSTRUMENT_CLOSING_S,
    ),
    profile.LINNSTRUMENT_MPE.name: Habits(
        members=tuple(range(1, 8)),
        announced_members=7,
        announced_range_semitones=48.0,
        first_press_s=LINNSTRUMENT_FIRST_PRESS_S,
        closing_s=LINNSTRUMENT_CLOSING_S,
    ),
    profile.OSMOSE.name: Habits(
        opens_pressed=True, lead_s=OSMOSE_LEAD_S, trigger_press=OSMOSE_TRIGGER_PRESS
    ),
    profile.OSMOSE_HAKEN.name: Habits(
        members=tuple(range(1, 14)),
        opens_pressed=True,
        lead_s=OSMOSE_LEAD_S,
        trigger_press=OSMOSE_TRIGGER_PRESS,
        fine_from_s=CONTINUUM_ATTACK_S,
    ),
    profile.CONTINUUM.name: Habits(
        order=(GLIDE, PRESS, SLIDE),
        interval_s=CONTINUUM_INTERVAL_S,
        opens_pressed=True,
        fine_from_s=CONTINUUM_ATTACK_S,
    ),
    profile.PUSH_3.name: Habits(order=(PRESS, SLIDE, GLIDE)),
    profile.KEYBOARD.name: Habits(order=(), members=(0,)),
}
"""Habits by the profile's name; a profile that is not here sends as the specification asks."""


def habits_of(one: Profile) -> Habits:
    """Return how the controller sends."""
    return HABITS.get(one.name, Habits())
