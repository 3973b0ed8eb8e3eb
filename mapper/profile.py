"""Profiles: each maker's controller, as it is known to behave."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from mapper.ratios import slide_above_centre, slide_to_ratio
from mapper.zones import Mode

MANAGER: Final = 0
OWN_CONTROLS: Final = frozenset({74, 87})
"""Controllers that belong to a note on any channel: slide, and MPE+'s low bits."""

_NOTE_OFF, _NOTE_ON, _POLY_PRESSURE, _CONTROL, _END = 0x80, 0x90, 0xA0, 0xB0, 0xF0


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What a listener must know of a controller; None and empty where nothing is known.

    Every slide known here tells a place on the key while the controller plays MPE, not a distance
    from where the finger landed. Channels are 0-15. A message is addressed by its status byte and first data byte.
    """

    name: str
    port_names: tuple[str, ...] = ()
    """Parts of port names that recognise it, in lower case."""
    mode: Mode = Mode.MPE
    """How it spreads its notes until its messages tell otherwise."""
    bend_range_semitones: float | None = None
    """Bend range of the notes' own channels until it sends one; None: the usual of the mode."""
    strikes_with_press: bool = False
    """Its velocity is always 127: how hard a note was struck shows in its first pressures."""
    slide_continues_press: bool = False
    """Slide is the second part of press's travel: it rests at 0, which becomes the centre."""
    is_spoken_for: bool = False
    """The port repeats what another port of the same controller says: leave it closed."""
    interval_s: float | None = None
    """Shortest time between two messages of one kind from one finger; None: not known."""
    deaf_channels: frozenset[int] = frozenset()
    """Channels that carry no notes but the maker's own data."""
    notes_only_channels: frozenset[int] = frozenset()
    """Channels that carry notes and, among them, the maker's own controllers and poly pressures."""
    surface_notes: frozenset[int] = frozenset()
    """Notes on the manager that are knobs touched, not keys."""
    surface_controls: frozenset[int] = frozenset()
    """Controllers on the manager that are knobs which turn endlessly."""

    @cached_property
    def deaf(self) -> frozenset[int]:
        """Addresses of messages to ignore, status x 128 + first data byte."""
        own = {
            status << 7 | data
            for channel in self.deaf_channels
            for status in range(_NOTE_OFF | channel, _END, 16)
            for data in range(128)
        }
        for channel in self.notes_only_channels:
            own |= {(_CONTROL | channel) << 7 | data for data in set(range(128)) - OWN_CONTROLS}
            own |= {(_POLY_PRESSURE | channel) << 7 | data for data in range(128)}
        for status in (_NOTE_OFF, _NOTE_ON, _POLY_PRESSURE):
            own |= {(status | MANAGER) << 7 | note for note in self.surface_notes}
        own |= {(_CONTROL | MANAGER) << 7 | control for control in self.surface_controls}
        return frozenset(own)

    def slide_at(self, slide: float) -> float:
        """Convert a slide 0-127, low bits as its fraction, to 0-1 with its rest at 0.5."""
        return slide_above_centre(slide) if self.slide_continues_press else slide_to_ratio(slide)


GENERIC: Final = Profile(name="MPE controller")
KEYBOARD: Final = Profile(name="keyboard", mode=Mode.ONE_CHANNEL)
SEABOARD: Final = Profile(name="Seaboard", port_names=("seaboard",), bend_range_semitones=48.0)
LINNSTRUMENT_MPE: Final = Profile(
    name="LinnStrument, MPE",
    port_names=("linnstrument",),
    bend_range_semitones=48.0,
    interval_s=0.008,
)
LINNSTRUMENT: Final = Profile(
    name="LinnStrument as it leaves the factory",
    mode=Mode.ONE_CHANNEL,
    bend_range_semitones=2.0,
    interval_s=0.008,
)
OSMOSE_HAKEN: Final = Profile(
    name="Osmose, second port",
    port_names=("osmose haken", "osmose port 2", "osmose midi 2", "midiin2 (osmose"),
    strikes_with_press=True,
    slide_continues_press=True,
    is_spoken_for=True,
    deaf_channels=frozenset({14, 15}),
)
OSMOSE: Final = Profile(
    name="Osmose",
    port_names=("osmose",),
    bend_range_semitones=48.0,
    slide_continues_press=True,
)
CONTINUUM: Final = Profile(
    name="Continuum",
    port_names=("continuum", "eaganmatrix"),
    strikes_with_press=True,
    notes_only_channels=frozenset({15}),
)
PUSH_3: Final = Profile(
    name="Push 3",
    port_names=("push 3",),
    surface_notes=frozenset(range(14)),
    surface_controls=frozenset({14, 15, *range(70, 80)}),
)
ERAE: Final = Profile(name="Erae", port_names=("erae",), bend_range_semitones=28.0)

PROFILES: Final = {
    "seaboard": SEABOARD,
    "linnstrument": LINNSTRUMENT,
    "linnstrument-mpe": LINNSTRUMENT_MPE,
    "osmose-haken": OSMOSE_HAKEN,
    "osmose": OSMOSE,
    "continuum": CONTINUUM,
    "push-3": PUSH_3,
    "erae": ERAE,
    "mpe": GENERIC,
    "keyboard": KEYBOARD,
}
"""Every profile by the word that chooses it; where two know a port's name the first counts."""


def recognise(port_name: str) -> Profile:
    """Choose the profile of a port by its name; without one that fits, an MPE controller.

    >>> recognise("Osmose:Osmose Port 2 28:1").name
    'Osmose, second port'
    """
    low = port_name.casefold()
    for profile in PROFILES.values():
        if any(part in low for part in profile.port_names):
            return profile
    return GENERIC
