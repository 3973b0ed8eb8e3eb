"""Channels and the zones they form: whose bend, press, slide and pedals govern which notes."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final

from mapper.rpn import Parameter
from mapper.sounding import SoundingTouch

LOWER: Final = 0
UPPER: Final = 15
MAX_MEMBERS: Final = 15
MEMBER_RANGE_SEMITONES: Final = 48.0
MANAGER_RANGE_SEMITONES: Final = 2.0
CHANNEL_PER_NOTE_RANGE_SEMITONES: Final = 24.0


class Mode(StrEnum):
    """How a controller spreads its notes over channels."""

    MPE = "mpe"
    """Zones of member channels under a manager; channels outside them are ordinary."""
    ONE_CHANNEL = "one-channel"
    """Ordinary keyboards: bend, pressure and pedals belong to all notes of a channel."""
    CHANNEL_PER_NOTE = "channel-per-note"
    """Every channel bends its own notes; pedals on any channel act on all; no manager."""


class Channel:
    """One MIDI channel: its three dimensions, always tracked, and the touches that began on it.

    `held` are the touches whose keys are down, `pedalled` those that only a pedal holds, both by
    note number. `manages`: its bend is its zone's. `governs`: its pedals and mode messages count.
    `bend` is -1..1. The three low parts wait for the coarse value they belong to.
    """

    __slots__ = (
        "any_low", "bend", "governs", "held", "index", "manages", "parameter",
        "pedalled", "press", "press_low", "slide", "slide_low", "zone",
    )  # fmt: skip

    zone: "Zone"
    manages: bool
    governs: bool

    def __init__(self, index: int) -> None:
        self.index = index
        self.held: dict[int, SoundingTouch] = {}
        self.pedalled: dict[int, SoundingTouch] = {}
        self.parameter = Parameter()
        self.reset()

    def reset(self) -> None:
        """Put every controller back to its default; touches and zone stay."""
        self.bend = self.press = 0.0
        self.slide = 0.5
        self.any_low = self.slide_low = 0
        self.press_low: int | None = None
        self.parameter.close()

    def join(self, zone: "Zone") -> None:
        """Become a channel of `zone`."""
        self.zone = zone
        self.manages = zone.manager is self
        self.governs = self.manages or zone.manager is None

    def shared(self) -> tuple[float, float, float]:
        """Return what its touches share: press added by the manager, slide, glide in semitones.

        A manager's press is added to each finger's own, a manager's slide adds its distance from
        the centre, both kept within 0-1, so a fader and a finger never cancel each other.
        """
        if self.manages:
            return 0.0, self.slide, 0.0
        manager = self.zone.manager
        glide_semitones = self.bend * self.zone.member_range_semitones
        if manager is None:
            return 0.0, self.slide, glide_semitones
        slide = self.slide + (manager.slide - 0.5)
        return manager.press, min(1.0, max(0.0, slide)), glide_semitones

    def touches(self) -> list[SoundingTouch]:
        """Every touch that sounds, held or pedalled."""
        return [*self.held.values(), *self.pedalled.values()]


class Zone:
    """Channels under one set of pedals and, except in channel-per-note mode, one manager."""

    __slots__ = (
        "channels", "manager", "manager_range_semitones", "member_range_semitones",
        "sostenuto", "sustain",
    )  # fmt: skip

    def __init__(self, channels: Sequence[Channel], manager: Channel | None) -> None:
        self.channels = channels
        self.manager = manager
        self.sustain = self.sostenuto = False
        self.reset_ranges()

    def reset_ranges(self) -> None:
        """Put both bend ranges back to MPE's defaults."""
        self.member_range_semitones = MEMBER_RANGE_SEMITONES
        self.manager_range_semitones = MANAGER_RANGE_SEMITONES

    @property
    def index(self) -> int:
        """Channel number 0-15 that names the zone."""
        return self.manager.index if self.manager else 0

    @property
    def n_members(self) -> int:
        """Channels beside the manager."""
        return max(0, len(self.channels) - 1)

    @property
    def glide_semitones(self) -> float:
        """The bend of all its touches together."""
        return self.manager.bend * self.manager_range_semitones if self.manager else 0.0

    def bend_range_semitones(self, channel: Channel) -> float:
        """Bend range in force on one of its channels."""
        return self.manager_range_semitones if channel.manages else self.member_range_semitones

    def set_bend_range(self, channel: Channel, semitones: float) -> None:
        """Set the manager's range, or that of all members at once."""
        if self.manager is channel:
            self.manager_range_semitones = semitones
        else:
            self.member_range_semitones = semitones


class Zones:
    """The sixteen channels of a port and the zones they form at present."""

    def __init__(self, mode: Mode, bend_range_semitones: float | None) -> None:
        self.channels = [Channel(index) for index in range(16)]
        self._alone = [Zone([channel], channel) for channel in self.channels]
        self.lower = Zone([], self.channels[LOWER])
        self.upper = Zone([], self.channels[UPPER])
        self.mode = mode
        if mode is Mode.MPE:
            self.lower.channels = self.channels
        self._everything = Zone(self.channels, None)
        self._everything.member_range_semitones = CHANNEL_PER_NOTE_RANGE_SEMITONES
        self._arrange()
        if bend_range_semitones is not None:
            self._set_bend_ranges(bend_range_semitones)
        self._first_ranges_semitones = self._bend_ranges_semitones()

    def __iter__(self) -> Iterator[Zone]:
        """Every zone that has channels now."""
        return iter(dict.fromkeys(channel.zone for channel in self.channels))

    def configure(self, manager: int, n_members: int) -> list[Channel]:
        """Set the size of the lower or upper zone; return the channels whose zone changed.

        The newest configuration wins: where the zones would overlap, the other one shrinks.
        """
        before = [channel.zone for channel in self.channels]
        zone, other = (self.lower, self.upper) if manager == LOWER else (self.upper, self.lower)
        n_others = min(other.n_members, max(0, 14 - n_members)) if n_members else other.n_members
        self._resize(zone, n_members)
        self._resize(other, n_others)
        zone.reset_ranges()
        self._arrange()
        return [
            channel
            for channel, old in zip(self.channels, before, strict=True)
            if channel.zone is not old
        ]

    def set_bend_range(self, channel: Channel, semitones: float) -> None:
        """Set the range in force on a channel; it also holds where another mode takes it up."""
        channel.zone.set_bend_range(channel, semitones)
        self._alone[channel.index].manager_range_semitones = semitones
        if channel.index != LOWER:
            self._everything.member_range_semitones = semitones
        if self.mode is not Mode.MPE:
            self.lower.set_bend_range(channel, semitones)

    def become(self, mode: Mode) -> None:
        """Spread notes in another way; MPE begins with one lower zone of fifteen members again.

        Pedals that are down stay down, but not those of channel per note: any channel may have
        pressed one, and in the zones to come nobody might hear it rise.
        """
        pedals = {
            zone.index: (zone.sustain, zone.sostenuto) for zone in self if zone.manager is not None
        }
        self.mode = mode
        self.lower.channels, self.upper.channels = self.channels, []
        self._arrange()
        for zone in self:
            zone.sustain, zone.sostenuto = pedals.get(zone.index, (False, False))

    def _resize(self, zone: Zone, n_members: int) -> None:
        n_channels = n_members + 1 if n_members else 0
        is_lower = zone is self.lower
        zone.channels = self.channels[:n_channels] if is_lower else self.channels[16 - n_channels :]

    def _arrange(self) -> None:
        for channel, alone in zip(self.channels, self._alone, strict=True):
            channel.join(self._everything if self.mode is Mode.CHANNEL_PER_NOTE else alone)
        for zone in (self.lower, self.upper) if self.mode is Mode.MPE else ():
            for channel in zone.channels:
                channel.join(zone)

    def changed_bend_ranges(self) -> list[tuple[int, float]]:
        """Channels whose range in semitones is not that of the beginning, and that range."""
        now = enumerate(self._bend_ranges_semitones())
        return [(index, one) for index, one in now if one != self._first_ranges_semitones[index]]

    def _bend_ranges_semitones(self) -> list[float]:
        return [channel.zone.bend_range_semitones(channel) for channel in self.channels]

    def _set_bend_ranges(self, semitones: float) -> None:
        for channel in self.channels:
            if self.mode is Mode.ONE_CHANNEL or not channel.manages:
                channel.zone.set_bend_range(channel, semitones)
