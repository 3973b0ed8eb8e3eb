"""A finger on a controller: one stroke measured, rounded, thinned out and put into messages."""

from collections.abc import Callable, Iterator
from typing import Final

from mapper.profile import Profile
from mapper.ratios import (
    BEND_CENTRE,
    ratio_to_bend,
    ratio_to_fine_slide,
    ratio_to_slide_above_centre,
    ratio_to_velocity,
)
from mapper.traffic.habits import GLIDE, PRESS, SLIDE, Dimension, Habits
from mapper.traffic.stroke import Stroke
from mapper.zones import MANAGER_RANGE_SEMITONES, MEMBER_RANGE_SEMITONES

SCAN_S: Final = 0.001
"""How often the sensors are read; what changed is sent at once, if its last message is old enough."""
BLOW_START: Final = 0.2
BLOW_HEIGHT_S: Final = 0.005
BLOW_END_S: Final = 0.040
SLACK_S: Final = 1e-9
FINE: Final = 128

Timed = tuple[float, bytes]


def blow(age_s: float) -> float:
    """Press of a blow, as a share of its strike: soon at its height, soon over; assumed, not measured.

    >>> [round(blow(age_s), 2) for age_s in (0.0, BLOW_HEIGHT_S, BLOW_END_S)]
    [0.2, 1.0, 0.0]
    """
    if age_s < BLOW_HEIGHT_S:
        return BLOW_START + (1.0 - BLOW_START) * age_s / BLOW_HEIGHT_S
    return max(0.0, (BLOW_END_S - age_s) / (BLOW_END_S - BLOW_HEIGHT_S))


class Finger:
    """One stroke on one channel.

    A value is an integer: 7 bits with 7 more below them for press and slide, 14 bits for bend.
    """

    def __init__(
        self, profile: Profile, habits: Habits, stroke: Stroke, channel: int, focus_end_s: float
    ) -> None:
        self._profile = profile
        self._habits = habits
        self._stroke = stroke
        self._channel = channel
        self._focus_s = focus_end_s - stroke.start_s
        usual = MANAGER_RANGE_SEMITONES if channel == 0 else MEMBER_RANGE_SEMITONES
        self._range_semitones = profile.bend_range_semitones or usual
        self._interval_s = profile.interval_s or habits.interval_s
        self._sent: dict[Dimension, tuple[float, int]] = {}
        self._values: dict[Dimension, Callable[[float], int]] = {
            GLIDE: self._glide,
            SLIDE: self._slide,
            PRESS: self._press,
        }

    def messages(self) -> list[Timed]:
        """Every message from before its note-on to its note-off, at their times."""
        stroke = self._stroke
        strike = 127 if self._profile.strikes_with_press else ratio_to_velocity(stroke.strike)
        note_on = bytes((0x90 | self._channel, stroke.note, strike))
        note_off = bytes((0x80 | self._channel, stroke.note, round(127 * stroke.lift)))
        opening, lead = list(self._open()), list(self._lead())
        first_s = lead[0][0] if lead else stroke.start_s
        return [
            *((first_s, message) for message in opening[:-1]),
            *lead,
            *((stroke.start_s, message) for message in opening[-1:]),
            (stroke.start_s, note_on),
            *self._scan(),
            *self._close(),
            (stroke.end_s, note_off),
        ]

    def _open(self) -> Iterator[bytes]:
        for dimension in self._habits.order:
            if dimension is PRESS and self._habits.press_is_poly:
                continue
            value = self._values[dimension](0.0)
            if dimension is PRESS and not self._habits.opens_pressed:
                value = 0
            yield from self._say(dimension, 0.0, value)

    def _lead(self) -> Iterator[Timed]:
        """Let the pressure rise up to the trigger before the note-on."""
        begin_s = max(-self._habits.lead_s, -self._stroke.start_s)
        n_scans = round(-begin_s / SCAN_S)
        top = self._press(0.0)
        for scan in range(1, n_scans):
            value = top * scan // n_scans // FINE * FINE
            message = bytes((0xD0 | self._channel, value // FINE))
            if value:
                yield self._stroke.start_s + begin_s + scan * SCAN_S, message

    def _scan(self) -> Iterator[Timed]:
        """Read the sensors over and over until the finger closes."""
        length_s = self._stroke.length_s - self._habits.closing_s
        for scan in range(1, int((length_s - SLACK_S) / SCAN_S) + 1):
            age_s = scan * SCAN_S
            for dimension in self._habits.order:
                for message in self._sense(dimension, age_s):
                    yield self._stroke.start_s + age_s, message

    def _sense(self, dimension: Dimension, age_s: float) -> list[bytes]:
        """Send a dimension that has changed and was not sent just now."""
        if dimension is PRESS and age_s < self._habits.first_press_s:
            return []
        if dimension is not PRESS and age_s >= self._focus_s:
            return []
        value = self._round(dimension, age_s, self._values[dimension](age_s))
        if dimension is SLIDE and value and not self._is_slide_free():
            return []
        sent_s, sent = self._sent.get(dimension, (float("-inf"), 0))
        is_rest = value == (BEND_CENTRE if dimension is GLIDE else 0)
        if value == sent or (age_s - sent_s < self._interval_s - SLACK_S and not is_rest):
            return []
        return list(self._say(dimension, age_s, value))

    def _is_slide_free(self) -> bool:
        """Tell whether a slide that continues press has been told of the full press below it."""
        return not self._profile.slide_continues_press or self._sent[PRESS][1] == 127 * FINE

    def _close(self) -> Iterator[Timed]:
        """Let the pressure fall to 0, and before it a slide that rests on full pressure."""
        time_s = max(self._stroke.start_s, self._stroke.end_s - self._habits.closing_s)
        for dimension in (SLIDE, PRESS) if self._profile.slide_continues_press else (PRESS,):
            if self._sent.get(dimension, (0.0, 0))[1]:
                for message in self._say(dimension, time_s - self._stroke.start_s, 0):
                    yield time_s, message

    def _say(self, dimension: Dimension, age_s: float, value: int) -> Iterator[bytes]:
        """Put a value into its messages, low bits first."""
        value = self._round(dimension, age_s, value)
        self._sent[dimension] = age_s, value
        channel = self._channel
        if dimension is GLIDE:
            yield bytes((0xE0 | channel, value & 0x7F, value >> 7))
            return
        high, low = divmod(value, FINE)
        if low:
            yield bytes((0xB0 | channel, 87, low))
        if dimension is SLIDE:
            yield bytes((0xB0 | channel, 74, high))
        elif self._habits.press_is_poly:
            yield bytes((0xA0 | channel, self._stroke.note, high))
        else:
            yield bytes((0xD0 | channel, high))

    def _round(self, dimension: Dimension, age_s: float, value: int) -> int:
        fine_from_s = self._habits.fine_from_s
        is_fine = fine_from_s is not None and age_s >= fine_from_s
        if dimension is GLIDE or is_fine:
            return value
        return min(127, (value + FINE // 2) // FINE) * FINE

    def _glide(self, age_s: float) -> int:
        ratio = self._stroke.glide_semitones(age_s) / self._range_semitones
        return ratio_to_bend(min(1.0, max(-1.0, ratio)))

    def _slide(self, age_s: float) -> int:
        slide = min(1.0, max(0.0, self._stroke.slide(age_s)))
        if self._profile.slide_continues_press:
            return round(FINE * ratio_to_slide_above_centre(slide))
        return round(FINE * ratio_to_fine_slide(slide))

    def _press(self, age_s: float) -> int:
        if self._profile.slide_continues_press and self._slide(age_s):
            return 127 * FINE
        press = max(self._habits.trigger_press, self._stroke.press(age_s))
        if self._profile.strikes_with_press:
            press = max(press, self._stroke.strike * blow(age_s))
        return round(127 * FINE * min(1.0, press))
