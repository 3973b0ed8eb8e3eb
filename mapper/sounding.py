"""A sounding touch: one finger's five dimensions as they stand now."""

from typing import Final

from mapper.ratios import velocity_to_ratio

CLOSING_FALL_S: Final = 0.030
"""Controllers send pressure 0 just before note-off; a fall to 0 this recent was not meant."""
DEFAULT_RELEASE: Final = velocity_to_ratio(64)


class SoundingTouch:
    """One touch from its strike until it is lifted or stopped.

    `own_press` is the finger's alone; `press` has the zone manager's added. `release` waits
    here for the LIFT event, which a pedal may put off. `caught` says that sostenuto holds it.
    """

    __slots__ = (
        "_fell_s", "_last_press", "caught", "glide_semitones", "note", "number",
        "own_press", "press", "release", "slide", "strike", "zone",
    )  # fmt: skip

    def __init__(self, number: int, zone: int, note: int, strike: float) -> None:
        self.number = number
        self.zone = zone
        self.note = float(note)
        self.strike = strike
        self.own_press = self.press = self._last_press = 0.0
        self.slide = 0.5
        self.glide_semitones = 0.0
        self.release = DEFAULT_RELEASE
        self.caught = False
        self._fell_s = 0.0

    def lean(self, press: float, time_s: float) -> None:
        """Press with the finger's own weight, 0-1."""
        if press:
            self._last_press = press
        elif self.own_press:
            self._fell_s = time_s
        self.own_press = press

    def settle(self, time_s: float) -> None:
        """Undo the closing fall of the press, if there was one within `CLOSING_FALL_S`."""
        if not self.own_press and time_s - self._fell_s <= CLOSING_FALL_S:
            self.own_press = self._last_press

    def take(self, added_press: float, slide: float, glide_semitones: float) -> bool:
        """Follow the channel; return whether any dimension changed."""
        press = min(1.0, self.own_press + added_press)
        if press == self.press and slide == self.slide and glide_semitones == self.glide_semitones:
            return False
        self.press, self.slide, self.glide_semitones = press, slide, glide_semitones
        return True
