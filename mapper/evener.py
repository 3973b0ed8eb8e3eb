"""An evener: a hand's curves ready to be applied to touch events as they come."""

from typing import Final

from mapper.curve import Curve, look_up
from mapper.hand import Hand
from mapper.touch import TouchEvent

CENTRE: Final = 0.5
FAINTEST: Final = 1e-3
"""A finger that presses at all still does after its hand: no press at all means that it leaves."""
MAX_GAIN: Final = 4.0


class Evener:
    """Turns what a controller said of a touch into what the player meant, event by event.

    Without memory: the same event always gives the same. It takes some two microseconds.

    Parameters
    ----------
    hand
        Whose curves and cross-talk count.
    relative_slide
        Whether slide counts from where the finger landed; then only its range is evened.
    """

    __slots__ = ("_glide_leak", "_lift", "_press", "_press_leak", "_slide", "_slide_leak",
                 "_strike", "_whole")  # fmt: skip

    def __init__(self, hand: Hand, *, relative_slide: bool = False) -> None:
        leak = hand.cross_talk
        self._press_leak, self._slide_leak = leak.press_by_slide, leak.slide_by_press
        self._glide_leak = leak.glide_by_press_semitones
        self._whole = 1.0 / (1.0 - leak.press_by_slide * leak.slide_by_press)
        slide = _about_centre(hand.slide) if relative_slide else hand.slide
        self._press, self._slide = hand.press.table, slide.table
        self._strike, self._lift = hand.strike.table, hand.lift.table

    def apply(self, event: TouchEvent) -> TouchEvent:
        """Even one event of a touch; other kinds are not for it."""
        time_s, kind, touch, zone, note, strike, press, slide, glide_semitones, lift = event
        aside = slide - CENTRE
        slide = CENTRE + (aside - self._slide_leak * press) * self._whole
        if press > 0.0:
            press = _bounded((press - self._press_leak * aside) * self._whole)
            glide_semitones -= self._glide_leak * press
            press = look_up(self._press, press) or FAINTEST
        even = (
            look_up(self._strike, strike),
            press,
            look_up(self._slide, _bounded(slide)),
            glide_semitones,
            look_up(self._lift, lift) if lift > 0.0 else 0.0,
        )
        return _make(TouchEvent, (time_s, kind, touch, zone, note, *even))


_make: Final = tuple.__new__
"""Half as long as `TouchEvent` takes."""


def _bounded(ratio: float) -> float:
    if ratio < 1.0:
        return ratio if ratio > 0.0 else 0.0  # noqa: FURB136
    return 1.0


def _about_centre(curve: Curve) -> Curve:
    """Make the curve of a slide that counts from the landing: the same range, the centre kept."""
    gain = min(max(curve.mean_slope, -MAX_GAIN), MAX_GAIN)
    reach = min(CENTRE, CENTRE / abs(gain)) if gain else CENTRE
    ends = CENTRE - reach * gain, CENTRE + reach * gain
    return Curve(raw=(CENTRE - reach, CENTRE + reach), even=ends)
