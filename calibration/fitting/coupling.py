"""Coupling: a player's habit and a target's vibrato, learned apart and joined for the mapping."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from calibration.targets.phasors import phasors_at
from calibration.targets.target import TARGET_RATE_HZ
from calibration.targets.vibrato import Oscillation, find_vibrato
from mapper.features import AT, TOUCH_FIELDS
from mapper.listening import gesture_features
from mapper.mapping import LOUDNESS, PITCH_OFFSET, TRAJECTORY_SIZE
from mapper.reading import DESCRIPTORS
from mapper.vibrato import (
    AXES,
    MOST_CENTS,
    MOST_CODE,
    MOST_DB,
    Vibrato,
)

Array = NDArray[np.float64]

HABIT_RATE_HZ: Final = 100
YOUNG_S: Final = 0.1
"""Before this age the attack moves everything."""
LEAST_CENTS: Final = 4.0
"""A pitch that moves less does not lead a vibrato; then the loudness does."""
LEAST_DB: Final = 0.4
LEAST_SWINGS: Final = (0.04, 0.012, 0.012)
"""What a player must swing each of `AXES` by, in semitones and ratios."""
USUAL_SWINGS: Final = (0.1, 0.05, 0.05)
"""Swings of `AXES` that are as large as each other."""
BOUNDS: Final = np.array([MOST_CODE] * LOUDNESS + [MOST_DB, MOST_CENTS])


class Sounding(Protocol):
    """What should sound, at `TARGET_RATE_HZ`: a target, or an example of one."""

    @property
    def trajectory(self) -> NDArray[np.floating]:
        """Shape (n_rows, TRAJECTORY_SIZE)."""

    @property
    def descriptors(self) -> NDArray[np.floating]:
        """Shape (n_rows, N_DESCRIPTORS)."""

    @property
    def held_s(self) -> float:
        """From the strike to the lift."""


@dataclass(frozen=True, kw_only=True)
class Habit:
    """How a player swings: the axis, the rate, and how far each axis goes along."""

    axis: str
    rate_hz: float
    extents: tuple[float, float, float]
    onset_s: float


@dataclass(frozen=True, kw_only=True)
class Coupling:
    """What moves with a target's vibrato.

    Attributes
    ----------
    oscillation
        The vibrato of its pitch, or of its loudness where the pitch stands still.
    swings
        Of each column of the trajectory, shape (3, TRAJECTORY_SIZE), as `mapper.vibrato` has them.
    described
        Complex extents of the `DESCRIPTORS`, a positive angle being ahead of the oscillation.
    """

    oscillation: Oscillation
    swings: Array
    described: NDArray[np.complex128]

    @property
    def extent_cents(self) -> float:
        """How far the pitch swings either way."""
        return float(abs(self.described[DESCRIPTORS.index("pitch_cents")]))

    @property
    def extent_db(self) -> float:
        """How far the loudness swings either way."""
        return float(abs(self.described[DESCRIPTORS.index("loudness_db")]))

    @property
    def extent_brightness(self) -> float:
        """How far the brightness swings either way."""
        return float(abs(self.described[DESCRIPTORS.index("brightness")]))


def coupling(target: Sounding) -> Coupling | None:
    """Measure what moves with a target's vibrato; None where it has none."""
    held = slice(0, round(target.held_s * TARGET_RATE_HZ))
    trajectory = target.trajectory[held].astype(np.float64)
    found = find_vibrato(trajectory[:, PITCH_OFFSET], TARGET_RATE_HZ, LEAST_CENTS)
    leans = found is not None
    if found is None:
        found = find_vibrato(trajectory[:, LOUDNESS], TARGET_RATE_HZ, LEAST_DB)
    if found is None:
        return None
    swings = np.zeros((3, TRAJECTORY_SIZE))
    moved = found.extent * _transfers(trajectory, found)
    swings[0], swings[1] = moved.real, -moved.imag
    if leans:
        swings[2, PITCH_OFFSET] = found.lean * found.extent
    described = target.descriptors[held].astype(np.float64)
    return Coupling(
        oscillation=found,
        swings=np.clip(swings, -BOUNDS, BOUNDS),
        described=found.extent * _transfers(described, found),
    )


def _transfers(curves: Array, found: Oscillation) -> NDArray[np.complex128]:
    """Tell what each curve does per unit of the oscillation while it lasts, by least squares."""
    lasting = found.lasting(TARGET_RATE_HZ)
    lead = found.phasors[lasting]
    moved = phasors_at(curves, TARGET_RATE_HZ, found.rate_hz)[lasting]
    power = float(np.square(np.abs(lead)).sum())
    return np.asarray((np.conj(lead) @ moved) / power, np.complex128)


def habit(touches: NDArray[np.floating]) -> Habit | None:
    """Find a player's own vibrato in one gesture, on the axis that it is on.

    Parameters
    ----------
    touches
        Touch rows at successive control frames, shape (n_frames, len(TOUCH_FIELDS)).
    """
    curves = moves(touches)
    found = None if curves is None else leading(curves)
    if curves is None or found is None:
        return None
    axis, led = found
    swung = np.abs(phasors_at(curves, HABIT_RATE_HZ, led.rate_hz)[led.lasting(HABIT_RATE_HZ)])
    glide, press, slide = (float(extent) for extent in np.median(swung, axis=0))
    extents = {"glide": glide, "press": press, "slide": slide} | {axis: led.extent}
    return Habit(
        axis=axis,
        rate_hz=led.rate_hz,
        extents=(extents["glide"], extents["press"], extents["slide"]),
        onset_s=YOUNG_S + led.onset_s,
    )


def moves(touches: NDArray[np.floating]) -> Array | None:
    """Sample what a gesture does on each of `AXES` from `YOUNG_S` to its lift.

    Returns
    -------
    NDArray or None
        At `HABIT_RATE_HZ`, shape (n_samples, len(AXES)); None where there is nothing to sample.
    """
    rows = np.asarray(touches, np.float64)
    rows = rows[rows[:, TOUCH_FIELDS.index("since_lift_s")] < 0.0]
    ages_s = rows[:, TOUCH_FIELDS.index("age_s")]
    if len(rows) < 2 or not np.isfinite(rows).all():
        return None
    times_s = np.arange(YOUNG_S, ages_s[-1], 1 / HABIT_RATE_HZ)
    features = gesture_features(rows)[:, [AT.glide_semitones, AT.press, AT.slide]]
    return np.stack([np.interp(times_s, ages_s, curve) for curve in features.T], axis=1)


def leading(curves: Array) -> tuple[str, Oscillation] | None:
    """Find the axis that a player swings most."""
    found = {
        axis: one
        for axis, curve, least in zip(AXES, curves.T, LEAST_SWINGS, strict=True)
        if (one := find_vibrato(curve, HABIT_RATE_HZ, least))
    }
    sizes = {axis: found[axis].extent / USUAL_SWINGS[AXES.index(axis)] for axis in found}
    if not found:
        return None
    axis = max(sizes, key=sizes.__getitem__)
    return axis, found[axis]


def learn_vibrato(
    takes: Iterable[tuple[NDArray[np.floating], Sounding]],
) -> Vibrato | None:
    """Learn how a player's own vibrato becomes the targets'.

    Never frame by frame: rate and extent are the player's habit over all takes in which a vibrato
    was asked for, and what moves with it is the targets' alone.

    Parameters
    ----------
    takes
        Touch rows of each, see `habit`, and what they imitate.

    Returns
    -------
    Vibrato or None
        None where no target has a vibrato, or no take of one.
    """
    asked = [(rows, found) for rows, target in takes if (found := coupling(target))]
    habits = [shown for rows, _ in asked if (shown := habit(rows))]
    if not habits:
        return None
    axis = max(AXES, key=[one.axis for one in habits].count)
    alike = [one for one in habits if one.axis == axis]
    glide, press, slide = np.clip(np.median([one.extents for one in alike], axis=0), 0.0, 2.0)
    swings = np.mean([found.swings for _, found in asked], axis=0)
    return Vibrato(
        axis=axis,
        rate_hz=float(np.median([one.rate_hz for one in alike])),
        extents=(float(glide), float(press), float(slide)),
        swings=swings.astype(np.float32),
    )
