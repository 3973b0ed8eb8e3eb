"""A sounding touch: one finger's five dimensions as they stand now."""

from collections import deque
from typing import Final

from mapper.ratios import velocity_to_ratio

CLOSING_FALL_S: Final = 0.030
"""Controllers let pressure fall to 0 just before note-off; a fall this recent was not meant."""
DEFAULT_RELEASE: Final = velocity_to_ratio(64)


class SoundingTouch:
    """One touch from its strike until it is lifted or stopped.

    `own_press` is the finger's alone; `press` has the zone manager's added. `release` waits
    here for the LIFT event, which a pedal may put off. `caught` says that sostenuto holds it.
    `_past` keeps the last presses, each after the time until which it lasted, without those that
    a later one reached: the first is the highest.
    """

    __slots__ = (
        "_past", "caught", "glide_semitones", "note", "number", "own_press", "press",
        "release", "slide", "strike", "zone",
    )  # fmt: skip

    def __init__(self, number: int, zone: int, note: int, strike: float) -> None:
        self.number = number
        self.zone = zone
        self.note = float(note)
        self.strike = strike
        self.own_press = self.press = 0.0
        self.slide = 0.5
        self.glide_semitones = 0.0
        self.release = DEFAULT_RELEASE
        self.caught = False
        self._past: deque[tuple[float, float]] = deque()

    def lean(self, press: float, time_s: float) -> None:
        """Press with the finger's own weight, 0-1."""
        past = self._past
        while past and past[-1][1] <= self.own_press:
            past.pop()
        past.append((time_s, self.own_press))
        self._forget(time_s)
        self.own_press = press

    def settle(self, time_s: float) -> None:
        """Undo the closing fall of the press.

        A press of 0 becomes the highest press of the last `CLOSING_FALL_S`: a fall in several steps
        is undone up to its top, and a slow fade stays as low as it had come by then.
        """
        self._forget(time_s)
        if not self.own_press and self._past:
            self.own_press = self._past[0][1]

    def _forget(self, time_s: float) -> None:
        while self._past and time_s - self._past[0][0] > CLOSING_FALL_S:
            self._past.popleft()

    def take(self, added_press: float, slide: float, glide_semitones: float) -> bool:
        """Follow the channel; return whether any dimension changed."""
        press = min(1.0, self.own_press + added_press)
        if press == self.press and slide == self.slide and glide_semitones == self.glide_semitones:
            return False
        self.press, self.slide, self.glide_semitones = press, slide, glide_semitones
        return True
