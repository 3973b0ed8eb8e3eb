"""The MPE receiver: a pure state machine from one port's bytes to touch events.

Where the MPE specification leaves a choice:

- Several notes on one channel all follow its bend, pressure and slide while their keys are down;
  a note struck on a busy channel starts from the channel's values.
- A manager's pressure and slide are added to each finger's own (slide as its distance from the
  centre), kept within 0-1; a manager's bend is told apart, as the zone's glide.
- A member channel's bend and pressure return to rest with its last key; slide stays.
- All Sound Off silences tails too. All Notes Off lifts every touch at once, pedal or not. Reset
  All Controllers puts bend, pressure, slide and pedals of the whole zone back.
- Channels outside every zone are ordinary: each its own zone, two semitones of bend.
- Configuration messages count in MPE mode only.
- Volume, expression, macros and program changes count on a manager, as pedals do.
"""

from collections.abc import Callable, Sequence

from mapper.book import Book
from mapper.bytestream import ByteStream
from mapper.data_entry import DataEntry
from mapper.faders import MACRO_CONTROLS, Faders
from mapper.pedals import Pedals
from mapper.profile import GENERIC, Profile
from mapper.ratios import bend_to_ratio, pressure_to_ratio
from mapper.sounding import SoundingTouch
from mapper.touch import Kind, TouchEvent
from mapper.zones import Channel, Mode, Zones


class Receiver:
    """Listens to one port.

    Parameters
    ----------
    port
        Number of the port, from 0; it keeps zones and touch numbers of several ports apart.
    mode
        How the controller spreads its notes over channels. MPE begins with one lower zone of
        fifteen members, since many controllers never announce theirs.
    bend_range_semitones
        Bend range of the notes' own channels until the controller sets one. Without it 48 in
        MPE, 2 for an ordinary keyboard, 24 with a channel per note.
    profile
        How the controller means its slide and its velocity.
    macro_controls
        The numbers of the four controllers that turn the macros.
    """

    def __init__(
        self,
        port: int = 0,
        mode: Mode = Mode.MPE,
        bend_range_semitones: float | None = None,
        *,
        profile: Profile = GENERIC,
        macro_controls: Sequence[int] = MACRO_CONTROLS,
    ) -> None:
        self._stream = ByteStream()
        self._slide_at = profile.slide_at
        self._book = Book(port, strikes_with_press=profile.strikes_with_press)
        self._faders = Faders(self._book, macro_controls)
        self._pedals = Pedals(self._book, self._faders)
        self._zones = Zones(mode, bend_range_semitones)
        self._channels = self._zones.channels
        self._data_entry = DataEntry(self._zones, self._book, self._pedals)
        self._on_status = (
            self._note_off, self._note_on, self._press_one, self._control,
            self._program, self._press, self._bend,
        )  # fmt: skip
        self._on_zone = self._faders.handlers | self._pedals.handlers
        self._on_control: dict[int, Callable[[Channel, int], None]] = {
            70: self._press_high,
            74: self._slide,
            87: self._any_low,
            102: self._press_low,
            106: self._slide_low,
        } | self._data_entry.handlers

    @property
    def mode(self) -> Mode:
        """How the controller spreads its notes over channels."""
        return self._zones.mode

    def receive(self, data: bytes, time_s: float) -> list[TouchEvent]:
        """Take bytes that arrived at `time_s`, cut anywhere; return what they made happen."""
        events = self.open(time_s)
        for message in self._stream.feed(data):
            self.take(message)
        return events

    def open(self, time_s: float) -> list[TouchEvent]:
        """Begin a list of what happens from `time_s` on, and return it; it fills by itself."""
        return self._book.open(time_s)

    def take(self, message: bytes) -> None:
        """Take one whole channel message."""
        channel = self._channels[message[0] & 0x0F]
        self._on_status[(message[0] >> 4) - 8](channel, message[1], message[-1])

    def become(self, mode: Mode) -> None:
        """Understand the controller in another way; what sounds is lifted."""
        if self.touches():
            self._lift_everything()
        self._zones.become(mode)
        for zone in self._zones:
            self._book.tell_glide(zone.index, zone.glide_semitones)

    def tune(self, notes: Sequence[float | None]) -> None:
        """Tune the 128 keys for the strikes to come; a key that is None keeps silent."""
        self._book.notes = notes

    def slide_from_landing(self, zones: frozenset[int]) -> None:
        """Let slide count from where the finger lands in the zones with these indices."""
        self._book.relative_zones = zones

    def release_all(self, time_s: float) -> list[TouchEvent]:
        """Raise the pedals and lift every touch, as when the controller is unplugged."""
        events = self.open(time_s)
        self._lift_everything()
        return events

    def panic(self, time_s: float) -> list[TouchEvent]:
        """Silence everything at once and reset all controllers; zones and ranges stay."""
        events = self.open(time_s)
        self._book.stop(self._channels)
        self.reset()
        self._book.tell_zone(Kind.PANIC, 0)
        return events

    def reset(self) -> None:
        """Reset all controllers of every zone."""
        for zone in self._zones:
            self._pedals.reset(zone)

    def touches(self) -> list[SoundingTouch]:
        """Every touch that sounds now, held by a finger or by a pedal."""
        return [touch for channel in self._channels for touch in channel.touches()]

    def bind_macros(self, macro_controls: Sequence[int]) -> None:
        """Let these four controllers turn the macros from now on."""
        self._faders.bind_macros(macro_controls)
        self._on_zone = self._faders.handlers | self._pedals.handlers

    def let_macro_go(self, number: int) -> None:
        """Let whatever a controller says of a macro next count, as somebody else has turned it."""
        self._faders.let_macro_go(number)

    def configuration(self) -> list[bytes]:
        """Messages that bring another receiver to the zones and bend ranges now in force."""
        return self._data_entry.messages()

    def fader_configuration(self) -> list[bytes]:
        """Messages that bring another receiver's volumes, expressions and macros to these."""
        return self._faders.configuration()

    def changed_bend_ranges(self) -> list[bytes]:
        """Messages that bring another receiver to the bend ranges that the controller has set."""
        return self._data_entry.changes()

    def _lift_everything(self) -> None:
        for zone in self._zones:
            self._pedals.raise_all(zone)
        self._book.lift_all(self._channels)

    # Notes

    def _note_on(self, channel: Channel, note: int, velocity: int) -> None:
        if velocity:
            self._book.strike(channel, note, velocity)
        else:
            self._book.release_key(channel, note, 64)

    def _note_off(self, channel: Channel, note: int, velocity: int) -> None:
        self._book.release_key(channel, note, velocity)

    # The three dimensions

    def _bend(self, channel: Channel, low: int, high: int) -> None:
        channel.bend = bend_to_ratio((high << 7 | low) + self._take_low(channel) / 128.0)
        self._book.follow_bend(channel)

    def _press(self, channel: Channel, value: int, _: int) -> None:
        self._press_to(channel, pressure_to_ratio(value + self._take_low(channel) / 128.0))

    def _press_high(self, channel: Channel, value: int) -> None:
        if channel.press_low is not None:  # alone it is an ordinary keyboard's knob
            self._press_to(channel, pressure_to_ratio(value + channel.press_low / 128.0))
            channel.press_low = None

    def _press_to(self, channel: Channel, press: float) -> None:
        channel.press = press
        for touch in channel.held.values():
            touch.lean(press, self._book.time_s)
        self._follow(channel)

    def _press_one(self, channel: Channel, note: int, value: int) -> None:
        if channel.governs and (touch := channel.held.get(note)):
            touch.lean(pressure_to_ratio(value), self._book.time_s)
            self._book.follow((channel,))

    def _slide(self, channel: Channel, value: int) -> None:
        low = self._take_low(channel) or channel.slide_low
        channel.slide_low = 0
        channel.slide = self._slide_at(value + low / 128.0)
        self._follow(channel)

    def _any_low(self, channel: Channel, value: int) -> None:
        channel.any_low = value

    def _press_low(self, channel: Channel, value: int) -> None:
        channel.press_low = value

    def _slide_low(self, channel: Channel, value: int) -> None:
        channel.slide_low = value

    def _take_low(self, channel: Channel) -> int:
        low, channel.any_low = channel.any_low, 0
        return low

    def _follow(self, channel: Channel) -> None:
        self._book.follow(channel.zone.channels if channel.manages else (channel,))

    # What counts for a whole zone

    def _control(self, channel: Channel, control: int, value: int) -> None:
        if handler := self._on_control.get(control):
            handler(channel, value)
        elif channel.governs and (zone_handler := self._on_zone.get(control)):
            zone_handler(channel.zone, value)

    def _program(self, channel: Channel, program: int, _: int) -> None:
        if channel.governs:
            self._faders.select(channel.zone, program)
