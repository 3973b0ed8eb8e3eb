"""A capture: one touch of a player's, from its strike on, with the messages that made it."""

from collections.abc import Callable
from typing import Final

from calibration.guide import Heard
from mapper.gestures import Gesture, gather
from mapper.performance import Played
from mapper.touch import Kind, TouchEvent

ENDS: Final = (Kind.LIFT, Kind.STOP)
NOTES: Final = 0x80
"""Upper three bits of note-off and note-on."""


class Capture:
    """Hears everything, and keeps the first touch struck after `begin`.

    Parameters
    ----------
    ignores
        Tells which touches are none of the music.

    Attributes
    ----------
    events
        What the touch did so far, with the bends of its zone.
    """

    def __init__(self, ignores: Callable[[int], bool] = lambda _: False) -> None:
        self._ignores = ignores
        self._glides: dict[int, TouchEvent] = {}
        self._played: list[Played] = []
        self.events: list[TouchEvent] = []
        self._is_waiting = False

    def begin(self) -> None:
        """Wait for a strike, and forget what was recorded before."""
        self.events = []
        self._is_waiting = True

    def hear(self, heard: Heard) -> None:
        """Take what was heard."""
        if heard.data:
            self._played.append(Played(heard.time_s, heard.port, heard.data))
        for event in heard.events:
            self._take(event)

    @property
    def has_begun(self) -> bool:
        """Whether the touch was struck."""
        return bool(self.events)

    @property
    def is_finished(self) -> bool:
        """Whether the touch has ended."""
        return self.has_begun and self.events[-1].kind in ENDS

    @property
    def began_s(self) -> float:
        """When the touch was struck."""
        return self._strike.time_s

    @property
    def newest(self) -> TouchEvent:
        """How the touch stands, the bend of its zone apart."""
        return next(one for one in reversed(self.events) if one.kind is not Kind.ZONE_GLIDE)

    @property
    def glide_semitones(self) -> float:
        """How far the touch is bent now."""
        zone = self._glides.get(self._strike.zone)
        return self.newest.glide_semitones + (zone.glide_semitones if zone else 0.0)

    def gesture(self) -> Gesture:
        """Return the finished touch."""
        (gesture,) = gather(self.events)
        return gesture

    def taken(self) -> tuple[Played, ...]:
        """Hand over the messages of the finished touch, and of those before it all but notes."""
        played, self._played = self._played, []
        return tuple(one for one in played if one.time_s >= self.began_s or not _is_note(one))

    def forget(self) -> None:
        """Let the messages so far belong to nothing."""
        self._played = [one for one in self._played if not _is_note(one)]

    @property
    def _strike(self) -> TouchEvent:
        return next(one for one in self.events if one.kind is Kind.STRIKE)

    def _take(self, event: TouchEvent) -> None:
        if event.kind is Kind.ZONE_GLIDE:
            self._glides[event.zone] = event
            if self.has_begun and not self.is_finished and event.zone == self._strike.zone:
                self.events.append(event)
        elif event.kind is Kind.STRIKE and self._is_waiting and not self._ignores(event.touch):
            self._is_waiting = False
            zone = self._glides.get(event.zone)
            self.events = [zone, event] if zone else [event]
        elif self.has_begun and not self.is_finished and event.touch == self._strike.touch:
            self.events.append(event)


def _is_note(played: Played) -> bool:
    return played.data[0] & 0xE0 == NOTES


def shifted(events: list[TouchEvent], start_s: float) -> tuple[TouchEvent, ...]:
    """Let a captured touch begin at another time, its zone's bends added to its own."""
    strike_s = next(one.time_s for one in events if one.kind is Kind.STRIKE)
    zone_semitones = 0.0
    moved: list[TouchEvent] = []
    newest: TouchEvent | None = None
    for event in events:
        if event.kind is Kind.ZONE_GLIDE:
            zone_semitones = event.glide_semitones
        else:
            newest = event
        if newest:
            kind = Kind.MOVE if event.kind is Kind.ZONE_GLIDE else event.kind
            at_s = start_s + event.time_s - strike_s
            glide_semitones = newest.glide_semitones + zone_semitones
            moved.append(newest._replace(time_s=at_s, kind=kind, glide_semitones=glide_semitones))
    return tuple(moved)
