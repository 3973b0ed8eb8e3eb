"""Wires: steps, gaps, jitter and losses on the way from what is sensed to what is heard."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.simulation.body import MOTION_HZ
from calibration.simulation.grip import Sensed
from calibration.simulation.ranges import Ranges, draw
from presets.factory.gestures import frame_ages_s

Array = NDArray[np.float64]

RANGES: Final[Ranges] = {
    "interval_s": (0.006, 0.010),
    "jitter_s": (0.0, 0.002),
    "loss": (0.0, 0.02),
    "late_off_s": (0.0, 0.030),
}
"""Time between messages of one dimension, their jitter, the share that is lost, and how late
the note-off comes."""
STEPS: Final = 127
BEND_STEPS_PER_SEMITONE: Final = 8192 / 48


@dataclass(frozen=True, kw_only=True)
class Wire:
    """One connection; every number of `RANGES`."""

    numbers: dict[str, float]

    @classmethod
    def draw(cls, rng: np.random.Generator) -> "Wire":
        """Draw a wire."""
        return cls(numbers=draw(rng, RANGES))

    def carry(
        self,
        sensed: Sensed,
        note: float,
        ends: tuple[float, float, float],
        rng: np.random.Generator,
    ) -> Array:
        """Hear a touch as the program does.

        Parameters
        ----------
        ends
            Strike, lift (both 0-1) and the time held in seconds.

        Returns
        -------
        NDArray
            Touch rows at the control frames, shape (n_frames, len(TOUCH_FIELDS)).
        """
        strike, lift, held_s = ends
        ages_s = frame_ages_s(len(sensed.press) / MOTION_HZ)
        lifted_s = held_s + rng.uniform(0.0, self.numbers["late_off_s"])
        lifted = ages_s >= lifted_s
        return np.column_stack(
            [
                np.full_like(ages_s, max(round(strike * STEPS), 1) / STEPS),
                self._heard(sensed.press, STEPS, ages_s, rng),
                self._heard(sensed.slide, STEPS, ages_s, rng),
                self._heard(sensed.bend_cents / 100.0, BEND_STEPS_PER_SEMITONE, ages_s, rng),
                np.where(lifted, round(lift * STEPS) / STEPS, 0.0),
                np.full_like(ages_s, note),
                ages_s,
                np.where(lifted, ages_s - lifted_s, -1.0),
                np.diff(ages_s, prepend=0.0),
            ]
        )

    def _heard(self, curve: Array, steps: float, ages_s: Array, rng: np.random.Generator) -> Array:
        """Round a curve to steps and hold each message until the next one arrives."""
        sent_s = np.arange(0.0, len(curve) / MOTION_HZ, self.numbers["interval_s"])
        kept = rng.uniform(size=len(sent_s)) >= self.numbers["loss"]
        arrived_s = sent_s + rng.uniform(0.0, self.numbers["jitter_s"], len(sent_s))
        kept[0], arrived_s[0] = True, 0.0
        newest = np.searchsorted(arrived_s[kept], ages_s, side="right") - 1
        at = np.minimum((sent_s[kept][newest] * MOTION_HZ).astype(int), len(curve) - 1)
        return np.asarray(np.round(curve[at] * steps) / steps)
