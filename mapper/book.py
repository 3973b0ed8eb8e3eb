"""The book of touches now sounding, and the events that tell how it changes."""

import itertools
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Final

from mapper.ratios import velocity_to_ratio
from mapper.sounding import SoundingTouch
from mapper.touch import Kind, TouchEvent, zone_number
from mapper.zones import Channel, Zone

NO_TOUCH: Final = 0
"""The touch number of events that are about a zone or about everything."""
TOUCHES_PER_PORT: Final = 1 << 26
"""Touch numbers of port p begin above p times this, so that ports never share one."""
N_TAILS: Final = 32
"""Lifted touches remembered, so that All Sound Off can silence their tails too."""

_MOVE: Final = Kind.MOVE


class Book:
    """Every touch of one port; each change appends to `events`, in order, at `time_s`.

    Touches that end together end in the order of their strikes, so that who plays them as one
    voice never goes back to an older one on the way.

    `notes` is what each key is tuned to, None where it is silent; `relative_zones` are the indices
    of zones whose slide counts from where the finger lands. Both are for the strikes to come.
    """

    __slots__ = (
        "_numbers", "_port", "_strikes_with_press", "_tails", "_told_glides", "events", "notes",
        "relative_zones", "time_s",
    )  # fmt: skip

    def __init__(self, port: int, *, strikes_with_press: bool = False) -> None:
        self.events: list[TouchEvent] = []
        self.time_s = 0.0
        self.notes: Sequence[float | None] = tuple(map(float, range(128)))
        self.relative_zones: frozenset[int] = frozenset()
        self._port = port
        self._strikes_with_press = strikes_with_press
        self._numbers = itertools.count(port * TOUCHES_PER_PORT + 1)
        self._tails: deque[tuple[Channel, SoundingTouch]] = deque(maxlen=N_TAILS)
        self._told_glides = [0.0] * 16

    def open(self, time_s: float) -> list[TouchEvent]:
        """Begin a fresh list of events at `time_s` and return it."""
        events: list[TouchEvent] = []
        self.events, self.time_s = events, time_s
        return events

    def strike(self, channel: Channel, note: int, velocity: int) -> None:
        """Begin a touch; one that still sounds on the same channel and note is lifted first."""
        if touch := channel.held.pop(note, None):
            self._settle(channel, touch)
            self._lift(touch, channel)
        if touch := channel.pedalled.pop(note, None):
            self._lift(touch, channel)
        tuned = self.notes[note]
        if tuned is None:
            return
        index = channel.zone.index
        zone = zone_number(self._port, index)
        touch = SoundingTouch(next(self._numbers), zone, tuned, velocity_to_ratio(velocity))
        if index in self.relative_zones:
            touch.land(channel.slide)
        touch.lean(channel.press, self.time_s)
        if self._strikes_with_press:
            touch.begin_strike(self.time_s)
        touch.take(*channel.shared())
        channel.held[note] = touch
        self._tell(Kind.STRIKE, touch)

    def follow(self, channels: Iterable[Channel]) -> None:
        """Let every held touch of the channels take their dimensions; pedalled ones stay frozen."""
        for channel in channels:
            if channel.held:
                added_press, slide, glide_semitones = channel.shared()
                for touch in channel.held.values():
                    if touch.take(added_press, slide, glide_semitones):
                        self._tell(_MOVE, touch)

    def release_key(self, channel: Channel, note: int, velocity: int) -> None:
        """Lift the touch unless a pedal holds it; a member channel's last key resets it.

        A touch that a pedal holds keeps the press the player meant before letting go.
        """
        touch = channel.held.pop(note, None)
        if touch is None:  # a key that is tuned to nothing, or already silenced
            self._rest(channel)
            return
        touch.release = velocity_to_ratio(velocity)
        moved = self._settle(channel, touch)
        if not (channel.zone.sustain or touch.caught):
            self._lift(touch, channel)
        else:
            channel.pedalled[note] = touch
            if moved:
                self._tell(_MOVE, touch)
        self._rest(channel)

    def let_go(self, zone: Zone) -> None:
        """Lift the touches that no pedal holds any more, in the order of their strikes."""
        loose = [
            (touch.number, note, channel)
            for channel in zone.channels
            for note, touch in channel.pedalled.items()
            if not (zone.sustain or touch.caught)
        ]
        for _, note, channel in sorted(loose):
            self._lift(channel.pedalled.pop(note), channel)

    def lift_all(self, channels: Sequence[Channel]) -> None:
        """Lift every touch of the channels at once, pedal or not, in the order of their strikes."""
        for channel in channels:
            for touch in channel.held.values():
                self._settle(channel, touch)
        for channel, touch in _as_struck(channels):
            self._lift(touch, channel)
        for channel in channels:
            self._forget(channel)

    def stop(self, channels: Sequence[Channel]) -> None:
        """Silence every touch of the channels at once, and the tails of those lifted before."""
        for _, touch in _as_struck(channels):
            self._tell(Kind.STOP, touch)
        for channel in channels:
            self._forget(channel)
        for tail in [tail for tail in self._tails if tail[0] in channels]:
            self._tails.remove(tail)
            self._tell(Kind.STOP, tail[1])

    def follow_bend(self, channel: Channel) -> None:
        """Let a channel's touches, or a manager's whole zone, take its bend."""
        if channel.manages:
            self.tell_glide(channel.index, channel.zone.glide_semitones)
        else:
            self.follow((channel,))

    def tell_glide(self, index: int, glide_semitones: float) -> None:
        """Tell the bend of the zone with this manager channel, where it has changed."""
        if glide_semitones != self._told_glides[index]:
            self._told_glides[index] = glide_semitones
            self.tell_zone(Kind.ZONE_GLIDE, index, glide_semitones=glide_semitones)

    def tell_zone(
        self,
        kind: Kind,
        index: int,
        *,
        touch: int = NO_TOUCH,
        press: float = 0.0,
        glide_semitones: float = 0.0,
    ) -> None:
        """Tell what is about a whole zone, or about everything."""
        zone = zone_number(self._port, index)
        event = TouchEvent(
            self.time_s, kind, touch, zone, press=press, glide_semitones=glide_semitones
        )
        self.events.append(event)

    def _settle(self, channel: Channel, touch: SoundingTouch) -> bool:
        touch.settle(self.time_s)
        return touch.take(*channel.shared())

    def _lift(self, touch: SoundingTouch, channel: Channel) -> None:
        self._tails.append((channel, touch))
        self._tell(Kind.LIFT, touch, touch.release)

    def _forget(self, channel: Channel) -> None:
        channel.held.clear()
        channel.pedalled.clear()
        self._rest(channel)

    def _rest(self, channel: Channel) -> None:
        if not channel.held and not channel.manages:
            channel.bend = channel.press = 0.0

    def _tell(self, kind: Kind, touch: SoundingTouch, lift: float = 0.0) -> None:
        event = TouchEvent(
            self.time_s, kind, touch.number, touch.zone, touch.note, touch.strike,
            touch.press, touch.slide, touch.glide_semitones, lift,
        )  # fmt: skip
        self.events.append(event)


def _as_struck(channels: Iterable[Channel]) -> list[tuple[Channel, SoundingTouch]]:
    """List every touch of the channels, the first struck first."""
    touches = [(channel, touch) for channel in channels for touch in channel.touches()]
    return sorted(touches, key=lambda pair: pair[1].number)
