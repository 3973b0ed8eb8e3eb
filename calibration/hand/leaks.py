"""Leaks: how much of one dimension shows in another."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mapper.evener import CENTRE
from mapper.gestures import Gesture
from mapper.hand import CrossTalk

Array = NDArray[np.float64]

SAMPLE_HZ: Final = 100.0
SETTLED_S: Final = 0.2
CORRELATED: Final = 0.6
"""Two dimensions that go along less than this do not leak."""
LEAST: Final = 0.02
LEAST_SEMITONES: Final = 0.02
MOST: Final = 0.3
MOST_SEMITONES: Final = 0.5


def cross_talk_of(swells: Sequence[Gesture], sweeps: Sequence[Gesture]) -> CrossTalk:
    """Measure cross-talk where only one dimension was meant to move, and in every touch it did."""
    press = _common([_slope(one, "slide", "press") for one in sweeps], LEAST, MOST)
    slide = _common([_slope(one, "press", "slide") for one in swells], LEAST, MOST)
    glide = _common(
        [_slope(one, "press", "glide_semitones") for one in swells],
        LEAST_SEMITONES,
        MOST_SEMITONES,
    )
    return CrossTalk(press_by_slide=press, slide_by_press=slide, glide_by_press_semitones=glide)


def without_leaks(gesture: Gesture, leak: CrossTalk) -> Gesture:
    """Take cross-talk out of a touch, as `mapper.evener.Evener` does."""
    whole = 1.0 / (1.0 - leak.press_by_slide * leak.slide_by_press)
    aside = gesture.slide - CENTRE
    slide = CENTRE + (aside - leak.slide_by_press * gesture.press) * whole
    press = (gesture.press - leak.press_by_slide * aside) * whole
    return replace(
        gesture,
        press=np.where(gesture.press > 0.0, np.clip(press, 0.0, 1.0), 0.0),
        slide=np.clip(slide, 0.0, 1.0),
    )


def _slope(gesture: Gesture, moved: str, other: str) -> float:
    """Slope of what should have kept still on what moved; 0 where they do not go together."""
    times_s = np.arange(gesture.start_s + SETTLED_S, gesture.end_s - 0.1, 1.0 / SAMPLE_HZ)
    one, two = (_at(gesture, name, times_s) for name in (moved, other))
    if np.ptp(one) <= 0.0 or np.ptp(two) <= 0.0:
        return 0.0
    if abs(np.corrcoef(one, two)[0, 1]) < CORRELATED:
        return 0.0
    return float(np.polyfit(one, two, 1)[0])


def _at(gesture: Gesture, name: str, times_s: Array) -> Array:
    return np.interp(times_s, gesture.times_s, getattr(gesture, name))


def _common(slopes: Sequence[float], least: float, most: float) -> float:
    """Return the mean of slopes that agree in sign and are worth taking out, else 0."""
    if not slopes or len({np.sign(slope) for slope in slopes}) > 1:
        return 0.0
    mean = float(np.mean(slopes))
    return 0.0 if abs(mean) < least else float(np.clip(mean, -most, most))
