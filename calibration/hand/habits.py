"""Habits: a player's own vibrato, how late they answer, and where their glides arrive."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from calibration.hand.steadiness import SAMPLE_HZ, held_part
from calibration.targets.phasors import phasors_at
from calibration.targets.vibrato import find_vibrato
from mapper.gestures import Gesture
from mapper.hand import BendCheck, VibratoHabit

LEAST_VIBRATO: Final = {"glide": 0.03, "press": 0.02, "slide": 0.02}
"""Extents below these are tremor: semitones, then ratios."""
USUAL_VIBRATO: Final = {"glide": 0.2, "press": 0.05, "slide": 0.05}
"""Extents that are alike to a finger, by which the axes are compared."""
LEAST_GLIDE_SEMITONES: Final = 0.5
LAST_S: Final = 0.3


def vibrato_of(touches: Sequence[Gesture]) -> VibratoHabit | None:
    """Find the player's own vibrato on whichever dimension carries it, None where there is none."""
    habits = [habit for one in touches if (habit := _vibrato_of(one))]
    return max(habits, key=lambda habit: habit.extent_semitones, default=None)


def _vibrato_of(touch: Gesture) -> VibratoHabit | None:
    curves = {
        "glide": held_part(touch, touch.glide_semitones),
        "press": held_part(touch, touch.press),
        "slide": held_part(touch, touch.slide),
    }
    found = {
        axis: swing
        for axis, curve in curves.items()
        if (swing := find_vibrato(curve, SAMPLE_HZ, LEAST_VIBRATO[axis]))
    }
    if not found:
        return None
    axis = max(found, key=lambda name: found[name].extent / USUAL_VIBRATO[name])
    swing = found[axis]
    lasting = swing.lasting(SAMPLE_HZ)
    extent, wobble = (
        float(np.median(np.abs(phasors_at(curves[name], SAMPLE_HZ, swing.rate_hz)[lasting])))
        for name in ("glide", "press")
    )
    return VibratoHabit(
        rate_hz=swing.rate_hz,
        axis=axis,
        extent_semitones=min(extent, 96.0),
        press_wobble=min(wobble, 1.0),
    )


def lag_of(answers_s: Sequence[float]) -> float | None:
    """Tell how late a player usually answers a sound."""
    return float(np.median(answers_s)) if answers_s else None


def bend_of(touches: Sequence[Gesture]) -> BendCheck | None:
    """Compare a glide to another key with that key; None where nothing was glided."""
    if len(touches) < 2:
        return None
    glide, there = touches[:2]
    last = glide.times_s >= glide.end_s - LAST_S
    reached = float(np.median(glide.glide_semitones[last]))
    if abs(reached) < LEAST_GLIDE_SEMITONES or there.note == glide.note:
        return None
    return BendCheck(asked_semitones=there.note - glide.note, reached_semitones=reached)
