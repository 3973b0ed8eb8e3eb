"""Pedals and mode messages: what a zone's manager says to all of its touches at once."""

from collections.abc import Callable
from typing import Final

from mapper.book import Book
from mapper.faders import Faders
from mapper.zones import Zone

PEDAL_DOWN: Final = 64


class Pedals:
    """Obeys the controllers that count for a whole zone.

    `handlers` gives, by controller number, what takes a zone and the controller's value.
    """

    def __init__(self, book: Book, faders: Faders) -> None:
        self._book = book
        self._faders = faders
        self.handlers: dict[int, Callable[[Zone, int], None]] = {
            64: self._sustain,
            66: self._sostenuto,
            120: self._silence,
            121: self._reset_controllers,
            123: self._lift_all,
        }

    def raise_all(self, zone: Zone) -> None:
        """Raise both pedals."""
        self._sustain(zone, 0)
        self._sostenuto(zone, 0)

    def reset(self, zone: Zone) -> None:
        """Raise the pedals and put bend, press, slide and expression back; end no note."""
        self.raise_all(zone)
        for channel in zone.channels:
            channel.reset()
            for touch in channel.held.values():
                touch.lean(0.0, self._book.time_s)
        self._book.follow(zone.channels)
        if zone.manager:
            self._book.tell_glide(zone.manager.index, 0.0)
        self._faders.reset(zone)

    def _sustain(self, zone: Zone, value: int) -> None:
        zone.sustain = value >= PEDAL_DOWN
        self._book.let_go(zone)

    def _sostenuto(self, zone: Zone, value: int) -> None:
        is_down = value >= PEDAL_DOWN
        if is_down != zone.sostenuto:
            zone.sostenuto = is_down
            for channel in zone.channels:
                for touch in channel.held.values() if is_down else channel.touches():
                    touch.caught = is_down
            self._book.let_go(zone)

    def _silence(self, zone: Zone, _: int) -> None:
        self._book.stop(zone.channels)

    def _reset_controllers(self, zone: Zone, _: int) -> None:
        self.reset(zone)

    def _lift_all(self, zone: Zone, _: int) -> None:
        self._book.lift_all(zone.channels)
