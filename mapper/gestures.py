"""Gestures: what each touch of a performance did over time, dimension by dimension."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mapper.listeners import Listeners
from mapper.performance import hear, read
from mapper.touch import Kind, TouchEvent

_AFTER_STRIKE: Final = (Kind.MOVE, Kind.LIFT, Kind.STOP)
"""Other kinds name no touch; some have another number in its place."""


@dataclass(frozen=True, kw_only=True)
class Gesture:
    """One touch from its strike to its end.

    The arrays have shape (n_samples,), a sample for each moment at which anything changed, the
    first at the strike and the last at the end. `glide_semitones` is the touch's bend and its
    zone's together. `lift` is 0 for a touch that was silenced rather than lifted.
    """

    touch: int
    zone: int
    note: float
    strike: float
    lift: float
    times_s: NDArray[np.float64]
    press: NDArray[np.float64]
    slide: NDArray[np.float64]
    glide_semitones: NDArray[np.float64]

    @property
    def start_s(self) -> float:
        """Time of the strike."""
        return float(self.times_s[0])

    @property
    def end_s(self) -> float:
        """Time at which the touch was lifted or silenced."""
        return float(self.times_s[-1])

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain numbers and lists, ready for JSON."""
        fields = {"start_s": self.start_s, "end_s": self.end_s, **vars(self)}
        return {
            name: value.tolist() if isinstance(value, np.ndarray) else value
            for name, value in fields.items()
        }


def gestures_of(path: Path, listeners: Listeners | None = None) -> list[Gesture]:
    """Read the gestures of a Standard MIDI File, in the order of their strikes.

    Raises
    ------
    PerformanceError
        When the file is missing, is no MIDI file, is damaged or cannot be played.
    """
    return gather(hear(read(path), listeners))


def gather(events: Iterable[TouchEvent]) -> list[Gesture]:
    """Gather the gestures of finished touches, in the order of their strikes."""
    gatherer = _Gatherer()
    for event in events:
        gatherer.take(event)
    return sorted(gatherer.gestures, key=lambda gesture: (gesture.start_s, gesture.touch))


class _Gatherer:
    """Keeps the samples of sounding touches, and the bend of each zone."""

    def __init__(self) -> None:
        self.gestures: list[Gesture] = []
        self._newest: dict[int, TouchEvent] = {}
        self._samples: dict[int, list[tuple[float, float, float, float]]] = {}
        self._zone_glides: dict[int, float] = {}

    def take(self, event: TouchEvent) -> None:
        """Follow one event."""
        if event.kind is Kind.ZONE_GLIDE:
            self._bend_zone(event)
        elif event.kind is Kind.STRIKE:
            self._sample(event)
        elif event.kind in _AFTER_STRIKE and event.touch in self._newest:
            self._sample(event)
            if event.kind is not Kind.MOVE:
                self._finish(event)

    def _bend_zone(self, event: TouchEvent) -> None:
        self._zone_glides[event.zone] = event.glide_semitones
        for own in list(self._newest.values()):
            if own.zone == event.zone:
                self._sample(own._replace(time_s=event.time_s))

    def _sample(self, event: TouchEvent) -> None:
        glide_semitones = event.glide_semitones + self._zone_glides.get(event.zone, 0.0)
        samples = self._samples.setdefault(event.touch, [])
        if samples and samples[-1][0] == event.time_s:
            samples.pop()
        samples.append((event.time_s, event.press, event.slide, glide_semitones))
        self._newest[event.touch] = event

    def _finish(self, event: TouchEvent) -> None:
        del self._newest[event.touch]
        times_s, press, slide, glide_semitones = np.array(self._samples.pop(event.touch)).T
        gesture = Gesture(
            touch=event.touch,
            zone=event.zone,
            note=event.note,
            strike=event.strike,
            lift=event.lift,
            times_s=times_s,
            press=press,
            slide=slide,
            glide_semitones=glide_semitones,
        )
        self.gestures.append(gesture)
