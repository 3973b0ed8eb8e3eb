"""Pairs: what flat learners are fed, frames of the touch beside frames of the target."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.simulation.lesson import TARGET_RATE_HZ, Demonstration
from mapper.features import FEATURES, TOUCH_FIELDS
from mapper.listening import gesture_features

Array = NDArray[np.float64]

NOTE: Final = TOUCH_FIELDS.index("note")
AGE: Final = TOUCH_FIELDS.index("age_s")
PLAIN: Final = ("strike", "press", "slide", "glide_semitones")
KEYED: Final = (*PLAIN, "note")
TIMED: Final = (*KEYED, "age_160ms", "age_640ms")
INPUTS: Final = {"plain": PLAIN, "keyed": KEYED, "timed": TIMED, "all": FEATURES}
"""Choices of inputs: the four dimensions; with the key; with the age as well; every feature."""
STILL: Final = 1e-6
"""A column that moves less than this is constant and left as it is."""


class Pairs(NamedTuple):
    """Frames recorded; shapes (n, n_inputs), (n, TRAJECTORY_SIZE) and (n,), the take of each."""

    inputs: Array
    outputs: Array
    takes: NDArray[np.int64]


def inputs_of(touches: Array, names: tuple[str, ...]) -> Array:
    """Describe each touch row by the dimensions and features named, shape (n_frames, len(names)).

    What is both a dimension as it was sent and a feature made continuous is taken continuous.
    """
    features = gesture_features(touches)
    columns = {"note": touches[:, NOTE], **dict(zip(FEATURES, features.T, strict=True))}
    return np.column_stack([columns[name] for name in names]).astype(np.float64)


def rows_at(touches: Array, times_s: Array) -> NDArray[np.intp]:
    """Find the row that counts at each time since the strike."""
    return np.searchsorted(touches[:, AGE], times_s + 1e-9, side="right") - 1


def pairs_of(
    demonstrations: tuple[Demonstration, ...], names: tuple[str, ...], rate_hz: float
) -> Pairs:
    """Pair frames of touch and target at the same time since the strike."""
    inputs, outputs, takes = [], [], []
    for number, demonstration in enumerate(demonstrations):
        times_s = np.arange(*demonstration.recorded_s, 1.0 / rate_hz)
        rows = rows_at(demonstration.touches, times_s)
        inputs.append(inputs_of(demonstration.touches, names)[rows])
        at = np.round(times_s * TARGET_RATE_HZ).astype(int)
        outputs.append(demonstration.trajectory[np.minimum(at, len(demonstration.trajectory) - 1)])
        takes.append(np.full(len(times_s), number))
    return Pairs(np.vstack(inputs), np.vstack(outputs), np.concatenate(takes))


class Scale(NamedTuple):
    """Centre and spread of columns, shape (n_columns,)."""

    centre: Array
    spread: Array

    @classmethod
    def of(cls, values: Array) -> "Scale":
        """Measure columns; constant ones keep their unit."""
        spread = values.std(axis=0)
        return cls(values.mean(axis=0), np.where(spread > STILL, spread, 1.0))

    @classmethod
    def of_range(cls, values: Array) -> "Scale":
        """Measure the range of columns, so that it becomes -1 to 1."""
        low, high = values.min(axis=0), values.max(axis=0)
        half = (high - low) / 2.0
        return cls((low + high) / 2.0, np.where(half > STILL, half, 1.0))

    def scaled(self, values: Array) -> Array:
        """Bring columns to the common scale."""
        return np.asarray((values - self.centre) / self.spread)

    def restored(self, values: Array) -> Array:
        """Undo `scaled`."""
        return np.asarray(values * self.spread + self.centre)
