"""Vibrato: how a player's own swing becomes the one they asked for."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

AXES: Final = ("glide", "press", "slide")
GLIDE_AXIS, PRESS_AXIS, SLIDE_AXIS = range(len(AXES))
"""The dimensions that a player may swing."""
AMOUNT, AXIS, RATE_HZ, EXTENTS = range(4)
SWINGS: Final = EXTENTS + len(AXES)
"""Where in its part of a blob the settings are; the three rows of swings come last."""
WAYS: Final = 3
IN_PHASE, QUADRATURE, LEAN = range(WAYS)
"""The rows of swings."""

SLOWEST_HZ, FASTEST_HZ = 3.0, 8.0
"""Slower is a glide, faster is tremor."""
LEAST_EXTENT: Final = 0.01
"""What swings less does not swing, in semitones as in ratios."""
MOST_CODE, MOST_DB, MOST_CENTS = 4.0, 12.0, 200.0
"""Bounds of what a swing may do to a code, to its loudness and to its pitch."""


class VibratoError(ValueError):
    """Settings that no vibrato has; the message is one sentence for the player."""


@dataclass(frozen=True, kw_only=True)
class Vibrato:
    """How a player's own vibrato becomes the one they asked for.

    Attributes
    ----------
    amount
        How much of it is applied: 0 leaves the player's as it is.
    axis
        The dimension that the player swings, one of `AXES`.
    rate_hz
        The player's habit.
    extents
        How far each of `AXES` swings by habit, half the way between its turns; semitones for glide.
    swings
        What the trajectory does while the player swings by their habitual extent, shape
        (3, n_outputs): in phase with the swing, a quarter cycle later, and steadily to one side;
        code, dB, cents.
    """

    amount: float = 1.0
    axis: str = AXES[GLIDE_AXIS]
    rate_hz: float
    extents: tuple[float, float, float]
    swings: Array

    def __post_init__(self) -> None:
        if self.axis not in AXES:
            raise VibratoError(f"the vibrato's axis must be one of {', '.join(AXES)}")
        ranges = {
            "amount": (self.amount, 0.0, 1.0),
            "rate": (self.rate_hz, SLOWEST_HZ, FASTEST_HZ),
            **{
                f"extent of {axis}": (of, 0.0, 2.0)
                for axis, of in zip(AXES, self.extents, strict=True)
            },
            "extent": (self.extent, LEAST_EXTENT, 2.0),
        }
        for name, (value, low, high) in ranges.items():
            if not low <= value <= high:
                raise VibratoError(
                    f"the vibrato's {name} is {value:g}; it must be from {low:g} to {high:g}"
                )
        self._check_swings()

    def _check_swings(self) -> None:
        if self.swings.ndim != 2 or self.swings.shape[0] != WAYS or self.swings.shape[1] < 3:
            raise VibratoError(f"the vibrato's swings have the shape {self.swings.shape}")
        n_codes = self.swings.shape[1] - 2
        bounds = np.array([MOST_CODE] * n_codes + [MOST_DB, MOST_CENTS])
        if self.swings.dtype != np.float32 or not (np.abs(self.swings) <= bounds).all():
            raise VibratoError("the vibrato's swings are not finite or too large to play")

    @property
    def extent(self) -> float:
        """How far the axis swings by habit."""
        return self.extents[AXES.index(self.axis)]

    @property
    def extent_cents(self) -> float:
        """How far the pitch swings either way where the player swings by their habit."""
        return float(np.hypot(*self.swings[:LEAN, -1]))

    def scaled(self, gain: float) -> "Vibrato":
        """Return the same vibrato with everything in it swinging more or less."""
        swings = np.asarray(self.swings * np.float32(gain), np.float32)
        return Vibrato(**(vars(self) | {"swings": swings}))

    def arrays(self) -> dict[str, Array]:
        """Return the settings as named arrays, as `from_arrays` takes them."""
        habit = [self.amount, AXES.index(self.axis), self.rate_hz, *self.extents]
        return {"habit": np.array(habit, np.float32), "swings": self.swings}

    @classmethod
    def from_arrays(cls, arrays: dict[str, Array]) -> Self:
        """Build the settings from named arrays; raises VibratoError when they are none."""
        if arrays.keys() != {"habit", "swings"} or arrays["habit"].shape != (SWINGS,):
            raise VibratoError("the vibrato's arrays are not the expected ones")
        amount, axis, rate_hz, *extents = map(float, arrays["habit"])
        if axis not in range(len(AXES)):
            raise VibratoError(f"the vibrato's axis must be one of {', '.join(AXES)}")
        glide, press, slide = extents
        return cls(
            amount=amount,
            axis=AXES[int(axis)],
            rate_hz=rate_hz,
            extents=(glide, press, slide),
            swings=arrays["swings"],
        )

    def packed(self) -> Array:
        """Pack the settings for the kernel."""
        return np.concatenate([array.ravel() for array in self.arrays().values()])
