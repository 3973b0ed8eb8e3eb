"""An evener: a hand's curves ready to be applied to touch events as they come."""

from typing import Final

from mapper.curve import N_CELLS, Curve, look_up
from mapper.hand import Hand
from mapper.stillness import FIRST_S, NOISE
from mapper.touch import TouchEvent

CENTRE: Final = 0.5
FAINTEST: Final = 1e-3
"""A finger that presses at all still does after its hand: no press at all means that it leaves."""
MAX_GAIN: Final = 4.0
USUAL_STEP: Final = 1 / 127
STEEP: Final = 1.05
"""A curve of this slope makes noise larger."""
STILL: Final = 0.5 * NOISE
"""So much of a step of noise may come out of a steep curve."""
SMOOTH_CELLS: Final = N_CELLS // 8


class Evener:
    """Turns what a controller said of a touch into what the player meant, event by event.

    Without memory: the same event always gives the same. It takes about a microsecond.

    Parameters
    ----------
    hand
        Whose curves and cross-talk count.
    relative_slide
        Whether slide counts from where the finger landed; then only its range is evened.

    Attributes
    ----------
    press_slack, slide_slack
        How far each may tremble at each cell of a curve, before the curve, and still be told still
        after it: where a curve is steep it would make a controller's step of noise larger than
        `mapper.tracking` takes for noise. Shape (N_CELLS + 1,).
    """

    __slots__ = ("_glide_leak", "_lift", "_press", "_press_leak", "_slide", "_slide_leak",
                 "_strike", "_whole", "press_slack", "slide_slack")  # fmt: skip

    def __init__(self, hand: Hand, *, relative_slide: bool = False) -> None:
        leak = hand.cross_talk
        self._press_leak, self._slide_leak = leak.press_by_slide, leak.slide_by_press
        self._glide_leak = leak.glide_by_press_semitones
        self._whole = 1.0 / (1.0 - leak.press_by_slide * leak.slide_by_press)
        slide = _about_centre(hand.slide) if relative_slide else hand.slide
        self._press, self._slide = hand.press.table, slide.table
        self._strike, self._lift = hand.strike.table, hand.lift.table
        self.press_slack = _slack(self._press, hand.wire.press_step or USUAL_STEP)
        self.slide_slack = _slack(self._slide, hand.wire.slide_step or USUAL_STEP)

    def apply(self, event: TouchEvent) -> TouchEvent:
        """Even one event of a touch; other kinds are not for it."""
        return self.apply_at(event, event.press, event.slide)

    def apply_at(self, event: TouchEvent, press: float, slide: float) -> TouchEvent:
        """Even one event as if the controller had said this press and slide."""
        time_s, kind, touch, zone, note, strike, _, _, glide_semitones, lift = event
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


class EvenTouch:
    """One touch under an evener: it also holds still what only trembles, as tracking does later.

    Parameters
    ----------
    evener
        Of the hand that it was struck with.
    time_s
        When it was struck; its first moments pass as they come.
    """

    __slots__ = ("_evener", "_held_press", "_held_slide", "_young_until_s")

    def __init__(self, evener: Evener, time_s: float) -> None:
        self._evener = evener
        self._young_until_s = time_s + FIRST_S
        self._held_press = 0.0
        self._held_slide = CENTRE

    def apply(self, event: TouchEvent) -> TouchEvent:
        """Even one event of the touch."""
        evener, press, slide = self._evener, event.press, event.slide
        if event.time_s > self._young_until_s:
            if press > 0.0:
                press = _held(press, self._held_press, evener.press_slack)
            slide = _held(slide, self._held_slide, evener.slide_slack)
        self._held_press, self._held_slide = press, slide
        return evener.apply_at(event, press, slide)


_make: Final = tuple.__new__
"""Half as long as `TouchEvent` takes."""


def _held(told: float, held: float, slack: list[float]) -> float:
    """Draw a held value along behind what is told."""
    most = slack[int(told * N_CELLS)]
    behind = held - told
    if behind > most:
        return told + most
    return held if behind > -most else told - most


def _bounded(ratio: float) -> float:
    if ratio < 1.0:
        return ratio if ratio > 0.0 else 0.0  # noqa: FURB136
    return 1.0


def _slack(table: list[float], step: float) -> list[float]:
    """Give each cell what a step of noise must lose so that a steep curve leaves it within `STILL`.

    It changes slowly along the curve: a finger that moves evenly must not be told in jumps.
    """
    import numpy as np  # it loads slowly, and many play without a hand

    slopes = np.abs(np.diff(table[:-1])) * N_CELLS
    needed = np.where(slopes > STEEP, step - STILL / np.maximum(slopes, STEEP), 0.0)
    padded = np.pad(np.maximum(needed, 0.0), SMOOTH_CELLS // 2, mode="edge")
    slow = np.convolve(padded, np.full(SMOOTH_CELLS, 1.0 / SMOOTH_CELLS), "same")
    places = np.arange(N_CELLS + 1) / N_CELLS
    slack = np.append(slow[SMOOTH_CELLS // 2 :][:N_CELLS], 0.0)
    return [float(one) for one in np.minimum(slack, np.minimum(places, 1.0 - places) / 2.0)]


def _about_centre(curve: Curve) -> Curve:
    """Make the curve of a slide that counts from the landing: the same range, the centre kept."""
    gain = min(max(curve.mean_slope, -MAX_GAIN), MAX_GAIN)
    reach = min(CENTRE, CENTRE / abs(gain)) if gain else CENTRE
    ends = CENTRE - reach * gain, CENTRE + reach * gain
    return Curve(raw=(CENTRE - reach, CENTRE + reach), even=ends)
