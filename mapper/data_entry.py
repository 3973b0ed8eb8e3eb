"""Data entry: the bend ranges and zones that a controller sets by registered parameters."""

from collections.abc import Callable

from mapper.book import Book
from mapper.pedals import Pedals
from mapper.rpn import (
    BEND_RANGE,
    MAX_BEND_RANGE_SEMITONES,
    ZONE_SIZE,
    bend_range_messages,
    zone_messages,
)
from mapper.zones import LOWER, MAX_MEMBERS, UPPER, Channel, Mode, Zones


class DataEntry:
    """Obeys the controllers that select a parameter and enter its value.

    `handlers` gives, by controller number, what takes a channel and the controller's value.
    """

    def __init__(self, zones: Zones, book: Book, pedals: Pedals) -> None:
        self._zones = zones
        self._book = book
        self._pedals = pedals
        self.handlers: dict[int, Callable[[Channel, int], None]] = {
            6: self._enter,
            38: self._enter_cents,
            98: self._close_parameter,
            99: self._close_parameter,
            100: lambda channel, value: channel.parameter.select_low(value),
            101: lambda channel, value: channel.parameter.select_high(value),
        }

    def messages(self) -> list[bytes]:
        """Messages that enter all that is now in force."""
        sizes = [(self._zones.lower.n_members, LOWER), (self._zones.upper.n_members, UPPER)]
        zones = sorted(sizes) if self._zones.mode is Mode.MPE else []  # off first: on wins overlaps
        messages = [message for size, manager in zones for message in zone_messages(manager, size)]
        for channel in self._zones.channels:
            range_semitones = channel.zone.bend_range_semitones(channel)
            messages += bend_range_messages(channel.index, range_semitones)
        return messages

    def changes(self) -> list[bytes]:
        """Messages that enter the bend ranges that were changed, and no zones."""
        changed = self._zones.changed_bend_ranges()
        return [message for one in changed for message in bend_range_messages(*one)]

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
        self._zones.set_bend_range(channel, min(semitones, MAX_BEND_RANGE_SEMITONES))
        for other in channel.zone.channels:
            self._book.follow_bend(other)

    def _configure(self, channel: Channel, n_members: int) -> None:
        is_manager = channel.index in (LOWER, UPPER)
        if self._zones.mode is not Mode.MPE or not is_manager or n_members > MAX_MEMBERS:
            return
        changed = self._zones.configure(channel.index, n_members)
        self._book.stop(changed)
        for other in changed:
            other.reset()
            if other.manages:
                self._pedals.raise_all(other.zone)
        for other in self._zones.channels:
            self._book.follow_bend(other)
