"""A phrase: touches that were played, kept so that they can be heard again and learned from."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from calibration.demonstrations.take import touch_rows
from mapper.gestures import Gesture, gather
from mapper.kernel import map_frame_address
from mapper.listening import gesture_features
from mapper.touch import Kind, TouchEvent
from presets.preset import Preset
from synth.engine.engine import Engine, Event
from synth.offline import render
from synth.space import Space

PLAYED: Final = (Kind.STRIKE, Kind.MOVE, Kind.LIFT, Kind.STOP)
RATE_HZ: Final = 48_000
TAIL_S: Final = 0.5
SHORTEST_S: Final = 0.05
"""A touch that ended sooner tells nothing."""
KEPT_S: Final = 30.0


@dataclass(frozen=True)
class Phrase:
    """Touches from their strikes to their ends, by events whose times count from the first strike.

    Every touch has its strike first and its lift or stop last, and its zone's bend in its glide.
    """

    events: tuple[TouchEvent, ...]

    @classmethod
    def of(cls, events: Iterable[TouchEvent]) -> Self:
        """Take whole touches out of any events; those still held end with the last event."""
        zones: dict[int, float] = {}
        last: dict[int, TouchEvent] = {}
        kept: list[TouchEvent] = []
        time_s = 0.0
        for event in events:
            time_s = event.time_s
            for own in _bent(event, zones, last):
                kept.append(own)
                last[own.touch] = own
                if own.kind in (Kind.LIFT, Kind.STOP):
                    del last[own.touch]
        kept += [own._replace(time_s=time_s, kind=Kind.LIFT) for own in last.values()]
        start_s = kept[0].time_s if kept else 0.0
        return cls(tuple(event._replace(time_s=event.time_s - start_s) for event in kept))

    @property
    def length_s(self) -> float:
        """From the first strike to the last end."""
        return self.events[-1].time_s if self.events else 0.0

    @cached_property
    def gestures(self) -> list[Gesture]:
        """What each touch did, in the order of their strikes; very short ones are left out."""
        return [one for one in gather(self.events) if one.end_s - one.start_s >= SHORTEST_S]

    def features(self, strike_share: float = 1.0) -> NDArray[np.float32]:
        """Describe every touch as a mapping sees it, one after another, shape (n, N_FEATURES)."""
        rows = [gesture_features(touch_rows(one), strike_share) for one in self.gestures]
        return np.vstack(rows)

    def between(self, from_s: float, to_s: float) -> Self:
        """Take the touches that sound at any time of a stretch, whole."""
        ends_s = {e.touch: e.time_s for e in self.events if e.kind in (Kind.LIFT, Kind.STOP)}
        starts_s = {e.touch: e.time_s for e in self.events if e.kind is Kind.STRIKE}
        meant = {
            touch
            for touch, start_s in starts_s.items()
            if start_s < to_s and ends_s[touch] > from_s
        }
        return self.of(event for event in self.events if event.touch in meant)

    def at(self, time_s: float) -> tuple[TouchEvent, ...]:
        """Return the events for playing the phrase again from a time on."""
        return tuple(event._replace(time_s=time_s + event.time_s) for event in self.events)

    def sound(self, preset: Preset, space: Space) -> NDArray[np.float64]:
        """Render the phrase by a preset, room and limiter included, shape (n_samples, 2)."""
        engine = Engine(space, rate_hz=RATE_HZ)
        engine.select(engine.install(preset.patch(map_frame_address())))
        events = (
            Event(round(e.time_s * RATE_HZ), e.touch, int(e.kind), *e[3:]) for e in self.events
        )
        return render(engine, events, round(TAIL_S * RATE_HZ)).astype(np.float64)


def _bent(
    event: TouchEvent, zones: dict[int, float], last: dict[int, TouchEvent]
) -> Sequence[TouchEvent]:
    """Fold a zone's bend into the glide of its touches."""
    if event.kind is Kind.ZONE_GLIDE:
        change = event.glide_semitones - zones.get(event.zone, 0.0)
        zones[event.zone] = event.glide_semitones
        sounding = [own for own in last.values() if own.zone == event.zone]
        return [
            own._replace(
                time_s=event.time_s, kind=Kind.MOVE, glide_semitones=own.glide_semitones + change
            )
            for own in sounding
        ]
    is_known = event.kind is Kind.STRIKE or event.touch in last
    if event.kind not in PLAYED or not is_known:
        return []
    glide_semitones = event.glide_semitones + zones.get(event.zone, 0.0)
    return [event._replace(glide_semitones=glide_semitones)]


class LastSeconds:
    """What was played lately, at any time: whole touches of the last `KEPT_S`."""

    def __init__(self, kept_s: float = KEPT_S) -> None:
        self._kept_s = kept_s
        self._events: deque[TouchEvent] = deque()
        self._held: set[int] = set()

    def hear(self, events: Iterable[TouchEvent]) -> None:
        """Take what was played, in the order of time."""
        for event in events:
            self._events.append(event)
            if event.kind is Kind.STRIKE:
                self._held.add(event.touch)
            elif event.kind in (Kind.LIFT, Kind.STOP):
                self._held.discard(event.touch)
            elif event.kind is Kind.PANIC:
                self._held.clear()
        if self._events:
            self._forget(self._events[-1].time_s - self._kept_s)

    @property
    def is_still(self) -> bool:
        """Whether no touch is held."""
        return not self._held

    def phrase(self, last_s: float | None = None) -> Phrase:
        """Return the touches struck in the last seconds, the newest included."""
        if not self._events:
            return Phrase(())
        oldest_s = self._events[-1].time_s - (self._kept_s if last_s is None else last_s)
        struck = {e.touch for e in self._events if e.kind is Kind.STRIKE and e.time_s >= oldest_s}
        return Phrase.of(e for e in self._events if e.kind is Kind.ZONE_GLIDE or e.touch in struck)

    def clear(self) -> None:
        """Forget everything."""
        self._events.clear()
        self._held.clear()

    def _forget(self, oldest_s: float) -> None:
        """Drop what is too old; the last bend of each zone stays, at the time it still holds."""
        bends: dict[int, TouchEvent] = {}
        while self._events[0].time_s < oldest_s:
            event = self._events.popleft()
            if event.kind is Kind.ZONE_GLIDE:
                bends[event.zone] = event._replace(time_s=oldest_s)
        self._events.extendleft(bends.values())
