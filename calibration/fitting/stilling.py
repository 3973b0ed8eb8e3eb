"""Stilling: takes and targets without their vibrato, which is learned apart from all else."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.fitting.coupling import (
    HABIT_RATE_HZ,
    YOUNG_S,
    Sounding,
    coupling,
    leading,
    moves,
)
from calibration.targets.target import TARGET_RATE_HZ
from calibration.targets.vibrato import split
from mapper.features import TOUCH_FIELDS

Array = NDArray[np.float64]

COLUMNS: Final = [TOUCH_FIELDS.index(name) for name in ("glide_semitones", "press", "slide")]


def still_touches(touches: NDArray[np.floating]) -> Array:
    """Take a player's own swing out of a gesture; one without a vibrato stays as it is."""
    rows = np.array(touches, np.float64)
    curves = moves(rows)
    found = None if curves is None else leading(curves)
    if curves is None or found is None:
        return rows
    _, fast = split(curves, HABIT_RATE_HZ, found[1])
    times_s = YOUNG_S + np.arange(len(fast)) / HABIT_RATE_HZ
    ages_s = rows[:, TOUCH_FIELDS.index("age_s")]
    inside = (ages_s >= times_s[0]) & (ages_s <= times_s[-1])
    for column, swing in zip(COLUMNS, fast.T, strict=True):
        rows[inside, column] -= np.interp(ages_s[inside], times_s, swing)
    rows[:, COLUMNS[1:]] = np.clip(rows[:, COLUMNS[1:]], 0.0, 1.0)
    return rows


def still_sound(target: Sounding) -> tuple[Array, Array]:
    """Take the vibrato out of a target's trajectory and descriptors, while it is held."""
    trajectory = np.array(target.trajectory, np.float64)
    descriptors = np.array(target.descriptors, np.float64)
    found = coupling(target)
    if found is not None:
        held = slice(0, round(target.held_s * TARGET_RATE_HZ))
        for curves in (trajectory, descriptors):
            curves[held] = split(curves[held], TARGET_RATE_HZ, found.oscillation)[0]
    return trajectory, descriptors
