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
"""

from collections.abc import Callable

from mapper.book import Book
from mapper.bytestream import ByteStream
from mapper.pedals import Pedals
from mapper.ratios import bend_to_ratio, pressure_to_ratio, slide_to_ratio
from mapper.rpn import (
    BEND_RANGE,
    MAX_BEND_RANGE_SEMITONES,
    ZONE_SIZE,
    bend_range_messages,
    zone_messages,
)
from mapper.sounding import SoundingTouch
from mapper.touch import TouchEvent
from mapper.zones import LOWER, MAX_MEMBERS, UPPER, Channel, Mode, Zones


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
    """

    def __init__(
        self, port: int = 0, mode: Mode = Mode.MPE, bend_range_semitones: float | None = None
    ) -> None:
        self.mode = mode
        self._stream = ByteStream()
        self._book = Book(port)
        self._pedals = Pedals(self._book)
        self._zones = Zones(mode, bend_range_semitones)
        self._channels = self._zones.channels
        self._on_status = (
            self._note_off, self._note_on, self._press_one, self._control,
            self._ignore, self._press, self._bend,
        )  # fmt: skip
        self._on_control: dict[int, Callable[[Channel, int], None]] = {
            6: self._enter,
            38: self._enter_cents,
            70: self._press_high,
            74: self._slide,
            87: self._any_low,
            98: self._close_parameter,
            99: self._close_parameter,
            100: lambda channel, value: channel.parameter.select_low(value),
            101: lambda channel, value: channel.parameter.select_high(value),
            102: self._press_low,
            106: self._slide_low,
        }

    def receive(self, data: bytes, time_s: float) -> list[TouchEvent]:
        """Take bytes that arrived at `time_s`, cut anywhere; return what they made happen."""
        events = self._book.open(time_s)
        for message in self._stream.feed(data):
            channel = self._channels[message[0] & 0x0F]
            self._on_status[(message[0] >> 4) - 8](channel, message[1], message[-1])
        return events

    def release_all(self, time_s: float) -> list[TouchEvent]:
        """Raise the pedals and lift every touch, as when the controller is unplugged."""
        events = self._book.open(time_s)
        for zone in self._zones:
            self._pedals.raise_all(zone)
        self._book.lift_all(self._channels)
        return events

    def panic(self, time_s: float) -> list[TouchEvent]:
        """Silence everything at once and reset all controllers; zones and ranges stay."""
        events = self._book.open(time_s)
        self._book.stop(self._channels)
        for zone in self._zones:
            self._pedals.reset(zone)
        self._book.tell_panic()
        return events

    def touches(self) -> list[SoundingTouch]:
        """Every touch that sounds now, held by a finger or by a pedal."""
        return [touch for channel in self._channels for touch in channel.touches()]

    def configuration(self) -> list[bytes]:
        """Messages that bring another receiver to the zones and bend ranges now in force."""
        sizes = [(self._zones.lower.n_members, LOWER), (self._zones.upper.n_members, UPPER)]
        zones = sorted(sizes) if self.mode is Mode.MPE else []  # off first: on wins overlaps
        messages = [message for size, manager in zones for message in zone_messages(manager, size)]
        for channel in self._channels:
            range_semitones = channel.zone.bend_range_semitones(channel)
            messages += bend_range_messages(channel.index, range_semitones)
        return messages

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
        self._follow_bend(channel)

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
        channel.slide = slide_to_ratio(value + low / 128.0)
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

    def _follow_bend(self, channel: Channel) -> None:
        if channel.manages:
            glide_semitones = channel.bend * channel.zone.manager_range_semitones
            self._book.tell_glide(channel.index, glide_semitones)
        else:
            self._book.follow((channel,))

    # Controllers

    def _close_parameter(self, channel: Channel, _: int) -> None:
        channel.parameter.close()

    def _enter(self, channel: Channel, value: int) -> None:
        if channel.parameter.number == BEND_RANGE:
            self._set_bend_range(channel, value)
        elif channel.parameter.number == ZONE_SIZE:
            self._configure(channel, value)

    def _enter_cents(self, channel: Channel, value: int) -> None:
        if channel.parameter.number == BEND_RANGE:
            whole = int(channel.zone.bend_range_semitones(channel))
            self._set_bend_range(channel, whole + min(value, 99) / 100.0)

    def _set_bend_range(self, channel: Channel, semitones: float) -> None:
        channel.zone.set_bend_range(channel, min(semitones, MAX_BEND_RANGE_SEMITONES))
        for other in channel.zone.channels:
            self._follow_bend(other)

    def _configure(self, channel: Channel, n_members: int) -> None:
        is_manager = channel.index in (LOWER, UPPER)
        if self.mode is not Mode.MPE or not is_manager or n_members > MAX_MEMBERS:
            return
        changed = self._zones.configure(channel.index, n_members)
        self._book.stop(changed)
        for other in changed:
            other.reset()
            if other.manages:
                self._pedals.raise_all(other.zone)
        for other in self._channels:
            self._follow_bend(other)

    def _control(self, channel: Channel, control: int, value: int) -> None:
        if handler := self._on_control.get(control):
            handler(channel, value)
        elif channel.governs and (zone_handler := self._pedals.handlers.get(control)):
            zone_handler(channel.zone, value)

    def _ignore(self, channel: Channel, data1: int, data2: int) -> None:
        """Program changes choose no sound here."""
