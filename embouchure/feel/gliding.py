"""Gliding: where a glide lands, and how far it goes beyond."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from embouchure.feel.bounds import Figures
from embouchure.feel.measures import pitch_notes
from embouchure.feel.rig import Rig
from mapper.traffic import Stroke, still

NOTE: Final = 72


def gliding(rig: Rig, reach_semitones: float) -> Figures:
    """Step by two semitones and swoop by an octave, or as far as the controller bends."""
    swoops: Sequence[tuple[float, Callable[[float], float]]] = (
        (2.0, lambda since_s: 2.0 if since_s > 0.0 else 0.0),
        (reach_semitones, lambda since_s: reach_semitones * float(np.clip(since_s / 0.15, 0, 1))),
    )
    landed, over = zip(*(_landing_cents(rig, *swoop) for swoop in swoops), strict=True)
    return {"glide_cents": max(landed), "overshoot_cents": max(over)}


def _landing_cents(
    rig: Rig, goal_semitones: float, glide: Callable[[float], float]
) -> tuple[float, float]:
    """How far from its goal a glide lands, and how far it goes beyond, in cents."""
    begin_s = 0.6
    stroke = Stroke(
        note=NOTE,
        length_s=1.2,
        press=still(0.5),
        glide_semitones=lambda age_s: glide(age_s - begin_s),
    )
    low, high = NOTE - 3, NOTE + goal_semitones + 3
    times_s, notes = pitch_notes(rig.sound([stroke]), low, high)
    start = np.median(notes[(times_s > begin_s - 0.15) & (times_s < begin_s - 0.03)])
    way_cents = 100.0 * (notes - start - goal_semitones)
    landed = way_cents[(times_s > begin_s + 0.25) & (times_s < begin_s + 0.5)]
    after = way_cents[(times_s > begin_s) & (times_s < begin_s + 0.5)]
    return abs(float(np.median(landed))), float(max(after.max(), 0.0))
