"""Minds: misread tasks, late starts, and choices between two sounds."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.simulation.intention import Intention
from calibration.simulation.ranges import Ranges, draw

Array = NDArray[np.float64]

RANGES: Final[Ranges] = {
    "misread": (0.05, 0.05),
    "late": (0.05, 0.15),
    "late_s": (0.05, 0.20),
    "noticed": (0.04, 0.12),
    "lapse": (0.05, 0.10),
}
"""Chance of misreading a task; chance of starting late and by how much; the least relative
difference of distance that is noticed; the chance of answering without having listened."""
NO_DIFFERENCE: Final = 0


@dataclass(frozen=True, kw_only=True)
class Mind:
    """One player's attention; every number of `RANGES`."""

    numbers: dict[str, float]

    @classmethod
    def draw(cls, rng: np.random.Generator) -> "Mind":
        """Draw a mind."""
        return cls(numbers=draw(rng, RANGES))

    def read(self, intention: Intention, rng: np.random.Generator) -> Intention:
        """Read a task, at times with the slide taken for the loudness."""
        if rng.random() >= self.numbers["misread"]:
            return intention
        return replace(intention, loudness=intention.brightness, brightness=intention.loudness)

    def late_s(self, rng: np.random.Generator) -> float:
        """How much later than usual a start is, in seconds."""
        return self.numbers["late_s"] if rng.random() < self.numbers["late"] else 0.0

    def choose(self, distance_a: float, distance_b: float, rng: np.random.Generator) -> int:
        """Choose the nearer of two sounds: -1 for the first, 1 for the second, 0 for neither."""
        if rng.random() < self.numbers["lapse"]:
            return int(rng.integers(-1, 2))
        larger = max(distance_a, distance_b)
        if larger <= 0.0 or abs(distance_a - distance_b) < self.numbers["noticed"] * larger:
            return NO_DIFFERENCE
        return -1 if distance_a < distance_b else 1
