"""Taps: what a player tells a guide by their lowest key or the pedal, apart from the music."""

from typing import Final

import numpy as np

from calibration.demonstrations.controls import NEXT, REDO, Controls
from calibration.refinements.phrase import LastSeconds
from calibration.script import Script, Step
from mapper.touch import Kind

WAIT_S: Final = 0.7
"""A tap that follows later is no part of the same answer."""
HELD: Final = 0
"""What is held is no number of taps."""


class Taps:
    """Part of a script: waits for taps, and keeps the music that is played meanwhile.

    Attributes
    ----------
    lately
        What was played, without the key that taps.
    """

    def __init__(self, script: Script) -> None:
        self._script = script
        self._controls = Controls()
        self.lately = LastSeconds()

    def find_key(self) -> Step:
        """Wait for the key that is to tap from now on; the pedal does so anyway."""
        while self._controls.note is None:
            moment = yield
            if moment.word == NEXT:
                return
            if moment.heard is None:
                continue
            if self._controls.hear(moment.heard):
                return
            struck = [e.note for e in moment.heard.events if e.kind is Kind.STRIKE]
            self._controls.note = struck[0] if struck else None

    def counted(self) -> Step:
        """Wait for taps that follow one another quickly, or for their number to be chosen.

        Returns how many there were, or `HELD`.
        """
        count, until_s = 0, np.inf
        while self._script.now_s < until_s:
            meant = yield from self._heard()
            if meant and meant.isdecimal():
                return int(meant)
            if meant == REDO:
                return HELD
            if meant == NEXT:
                count, until_s = count + 1, self._script.now_s + WAIT_S
        return count

    def _heard(self) -> Step:
        moment = yield
        if moment.heard is None:
            return moment.word
        meant = self._controls.hear(moment.heard)
        note = self._controls.note
        self.lately.hear(
            event
            for event in moment.heard.events
            if note is None or event.kind is Kind.ZONE_GLIDE or abs(event.note - note) >= 0.5
        )
        return meant
