"""A sounding touch: one finger's five dimensions as they stand now."""

from collections import deque
from typing import Final

from mapper.ratios import velocity_to_ratio

CLOSING_FALL_S: Final = 0.030
"""Controllers let pressure fall to 0 just before note-off; a fall this recent was not meant."""
FIRST_PRESSES_S: Final = 0.015
"""Until this age the first presses are the strike, on controllers whose velocity says nothing."""
SOFTEST_STRIKE: Final = 0.1
"""A strike before any press is known: soft, but it speaks."""
DEFAULT_RELEASE: Final = velocity_to_ratio(64)


class SoundingTouch:
    """One touch from its strike until it is lifted or stopped.

    `own_press` is the finger's alone; `press` has the zone manager's added. `release` waits
    here for the LIFT event, which a pedal may put off. `caught` says that sostenuto holds it.
    `_past` keeps the last presses, each after the time until which it lasted, without those that
    a later one reached: the first is the highest.
    """

    __slots__ = (
        "_has_news", "_landed", "_past", "_rising_until_s", "caught", "glide_semitones", "note",
        "number", "own_press", "press", "release", "slide", "strike", "zone",
    )  # fmt: skip

    def __init__(self, number: int, zone: int, note: float, strike: float) -> None:
        self.number = number
        self.zone = zone
        self.note = note
        self.strike = strike
        self.own_press = self.press = 0.0
        self.slide = 0.5
        self.glide_semitones = 0.0
        self.release = DEFAULT_RELEASE
        self.caught = False
        self._past: deque[tuple[float, float]] = deque()
        self._landed: float | None = None
        self._rising_until_s = float("-inf")
        self._has_news = False

    def land(self, slide: float) -> None:
        """Let slide count from here, which becomes the centre."""
        self._landed = slide

    def begin_strike(self, time_s: float) -> None:
        """Take the strike from the press there is, and from the presses of the next moment."""
        self.strike = max(SOFTEST_STRIKE, self.own_press)
        self._rising_until_s = time_s + FIRST_PRESSES_S

    def lean(self, press: float, time_s: float) -> None:
        """Press with the finger's own weight, 0-1."""
        past = self._past
        while past and past[-1][1] <= self.own_press:
            past.pop()
        past.append((time_s, self.own_press))
        self._forget(time_s)
        self.own_press = press
        if time_s <= self._rising_until_s and press > self.strike:
            self.strike, self._has_news = press, True

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
        if self._landed is not None:
            slide = min(1.0, max(0.0, 0.5 + slide - self._landed))
        if (
            press == self.press
            and slide == self.slide
            and glide_semitones == self.glide_semitones
            and not self._has_news
        ):
            return False
        self._has_news = False
        self.press, self.slide, self.glide_semitones = press, slide, glide_semitones
        return True
