"""A trace: what a touch does while a step of the measurement asks for it, beside how it should go."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from calibration.guide import Lane
from calibration.hand.steps import Step
from mapper.touch import Kind, TouchEvent

LENGTH_S: Final = 4.0
"""Of a step that asks for no shape."""
LONGEST_S: Final = 12.0
MOST_POINTS: Final = 60


class Trace:
    """Draws the newest touch.

    Attributes
    ----------
    step
        What is asked now; nothing is drawn without.
    """

    def __init__(self) -> None:
        self.step: Step | None = None
        self._events: list[TouchEvent] = []

    def hear(self, event: TouchEvent) -> None:
        """Follow the touch that was struck last."""
        if event.kind is Kind.STRIKE:
            self._events = [event]
        elif self._events and event.touch == self._events[0].touch and event.kind in FOLLOWED:
            self._events.append(event)

    def lanes(self) -> Sequence[Lane]:
        """Draw what was asked for and what is done."""
        if self.step is None:
            return ()
        shape, lines = self.step.shape, {}
        if shape:
            lines["target"] = shape
        if self._events:
            lines["hand"] = self._line(self.step.moves)
        return (Lane(self.step.moves, shape[-1][0] if shape else LENGTH_S, lines),)

    def _line(self, name: str) -> tuple[tuple[float, float], ...]:
        began_s = self._events[0].time_s
        drawn = [
            (round(event.time_s - began_s, 3), round(float(getattr(event, name)), 3))
            for event in self._events
            if event.time_s - began_s <= LONGEST_S
        ]
        kept = np.unique(np.linspace(0, len(drawn) - 1, min(len(drawn), MOST_POINTS)).astype(int))
        return tuple(drawn[place] for place in kept)


FOLLOWED: Final = (Kind.MOVE, Kind.LIFT, Kind.STOP)
