"""Legato: the touches of one zone played as one voice."""

from collections import deque
from typing import Final

from mapper.touch import Kind, TouchEvent

N_PAST: Final = 32
"""Ended touches and voices remembered, so that a stop still finds the tail that it means."""


class Legato:
    """Turns the touch events of one zone into those of a single voice, while `mono` is set.

    A touch struck while another of the voice is held moves the voice to its own note. The newest
    touch held decides note, glide and slide; the highest press of those held counts, so that a
    press that begins and ends at 0 makes no dip; the strike is the first touch's, and so is the
    touch number. When the newest is lifted the voice goes back to the newest of those still held,
    and only the last one lifts it.

    `mono` may change at any time: a touch stays with the voice, or without one, as it was struck.
    """

    def __init__(self, *, mono: bool = False) -> None:
        self.mono = mono
        self._voice: TouchEvent | None = None
        self._held: dict[int, TouchEvent] = {}
        self._ended: deque[tuple[int, int]] = deque(maxlen=N_PAST)
        self._tails: deque[int] = deque(maxlen=N_PAST)

    def hear(self, event: TouchEvent) -> TouchEvent | None:
        """Take one event of the zone, or a panic; return what becomes of it, if anything."""
        match event.kind, self._voice:
            case Kind.STRIKE, voice if self.mono:
                return self._strike(voice, event)
            case Kind.MOVE, TouchEvent() as voice if event.touch in self._held:
                self._held[event.touch] = event
                return self._follow(voice, event.time_s)
            case ((Kind.LIFT | Kind.STOP), TouchEvent() as voice) if event.touch in self._held:
                return self._end(voice, event)
            case Kind.STOP, _:
                return self._stop_tail(event)
            case Kind.PANIC, _:
                self._voice = None
                for past in (self._held, self._ended, self._tails):
                    past.clear()
        return event

    def _strike(self, voice: TouchEvent | None, event: TouchEvent) -> TouchEvent | None:
        self._held[event.touch] = event
        if voice:
            return self._follow(voice, event.time_s)
        self._voice = event
        return event

    def _end(self, voice: TouchEvent, event: TouchEvent) -> TouchEvent | None:
        del self._held[event.touch]
        self._ended.append((event.touch, voice.touch))
        if self._held:
            return self._follow(voice, event.time_s)
        self._voice = None
        if event.kind is Kind.LIFT:
            self._tails.append(voice.touch)
        return event._replace(touch=voice.touch, strike=voice.strike)

    def _follow(self, voice: TouchEvent, time_s: float) -> TouchEvent | None:
        """Move the voice to where the touches held now have it; nothing if it is there already."""
        newest = next(reversed(self._held.values()))
        moved = newest._replace(
            time_s=time_s,
            kind=Kind.MOVE,
            touch=voice.touch,
            strike=self._held.get(voice.touch, voice).strike,
            press=max(held.press for held in self._held.values()),
        )
        if moved[3:] == voice[3:]:
            return None
        self._voice = moved
        return moved

    def _stop_tail(self, event: TouchEvent) -> TouchEvent | None:
        """Stop the tail that an ended touch was part of; the voice itself goes on."""
        number = next((voice for touch, voice in self._ended if touch == event.touch), None)
        if number is None:
            return event
        if number not in self._tails:
            return None
        self._tails.remove(number)
        return event._replace(touch=number)
