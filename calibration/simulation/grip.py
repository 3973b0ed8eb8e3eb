"""Grips: how force and place of one hand become what one controller senses, family by family."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.simulation.body import Movement
from calibration.simulation.ranges import Ranges, draw

Array = NDArray[np.float64]

RANGES: Final[Ranges] = {
    "exponent_octaves": (-1.0, 1.14),
    "gain": (0.75, 1.25),
    "dead_zone": (0.0, 0.08),
    "slide_low": (0.0, 0.25),
    "slide_high": (0.75, 1.0),
    "slide_turned": (0.0, 1.0),
    "press_to_slide": (-0.15, 0.15),
    "slide_to_press": (-0.15, 0.15),
    "press_to_bend_cents": (-8.0, 8.0),
    "bend_gain": (0.9, 1.1),
    "bend_offset_cents": (-5.0, 5.0),
    "bow": (1.0, 4.0),
    "backlash": (0.05, 0.12),
    "fold_at": (0.75, 0.9),
    "wear": (-0.10, 0.10),
}
"""Exponent of the pressure as a power of two (0.5-2.2), gain, dead zone; the ends of the slide and
whether it is turned round (above 0.7); cross-talk; bend; how strongly log and sigmoid bend; the
backlash of a hysteresis; where a folded slide turns; how gain changes until another day."""
TURNED_ABOVE: Final = 0.7
FOLDED_SHARE: Final = 0.6
"""How far back a folded slide comes, as a share of what it should go on."""
FAMILIES: Final = ("power", "log", "sigmoid", "power", "hysteresis", "folded")
"""Hands in turn; the last two are no pair of monotone curves, so outside every model of a hand."""
OUTSIDE: Final = ("hysteresis", "folded")


@dataclass(frozen=True, kw_only=True)
class Sensed:
    """What the controller would send if it were fine and quick: press and slide 0-1, cents."""

    press: Array
    slide: Array
    bend_cents: Array


@dataclass(frozen=True, kw_only=True)
class Grip:
    """One hand on one controller; every number of `RANGES`, and its family."""

    numbers: dict[str, float]
    family: str
    worn: float = 0.0
    """How far the controller has drifted since the first session, 0 or 1."""

    @classmethod
    def draw(cls, rng: np.random.Generator, family: str) -> "Grip":
        """Draw a grip of a family."""
        return cls(numbers=draw(rng, RANGES), family=family)

    def sense(self, movement: Movement) -> Sensed:
        """Turn a movement into what is sensed; full force saturates."""
        cross = self.numbers["slide_to_press"] * (movement.place - 0.5) * (movement.force > 0)
        gain = self.numbers["gain"] * (1.0 + self.worn * self.numbers["wear"])
        dead = self.numbers["dead_zone"]
        loaded = np.clip((gain * (movement.force + cross) - dead) / (1.0 - dead), 0.0, 1.0)
        lean = movement.force - 0.5
        bend = self.numbers["bend_gain"] * movement.bend_cents + self.numbers["bend_offset_cents"]
        return Sensed(
            press=np.clip(self._press(loaded), 0.0, 1.0),
            slide=np.clip(self._slide(movement.place, lean), 0.0, 1.0),
            bend_cents=bend + self.numbers["press_to_bend_cents"] * lean,
        )

    def _press(self, loaded: Array) -> Array:
        bow = self.numbers["bow"]
        if self.family == "log":
            return np.asarray(np.log1p(4.0 * bow * loaded) / np.log1p(4.0 * bow))
        if self.family == "sigmoid":
            low, high = _sigmoid(-bow), _sigmoid(bow)
            return np.asarray((_sigmoid(bow * (2.0 * loaded - 1.0)) - low) / (high - low))
        if self.family == "hysteresis":
            loaded = _backlash(loaded, self.numbers["backlash"])
        return np.asarray(loaded**2.0 ** self.numbers["exponent_octaves"])

    def _slide(self, place: Array, lean: Array) -> Array:
        if self.family == "folded":
            fold = self.numbers["fold_at"]
            place = np.where(place < fold, place, fold - FOLDED_SHARE * (place - fold))
        place = 1.0 - place if self.numbers["slide_turned"] > TURNED_ABOVE else place
        low, high = self.numbers["slide_low"], self.numbers["slide_high"]
        return np.asarray(low + (high - low) * place + self.numbers["press_to_slide"] * lean)


def _sigmoid(value: Array | float) -> Array:
    return np.asarray(1.0 / (1.0 + np.exp(-np.asarray(value))))


def _backlash(loaded: Array, width: float) -> Array:
    """Follow a curve only once it has left a gap of half of `width` to either side."""
    follower = np.empty_like(loaded)
    now = max(loaded[0] - width / 2, 0.0)
    for i, value in enumerate(loaded.tolist()):
        now = min(max(now, value - width / 2), value + width / 2)
        follower[i] = now
    return np.clip(follower / (1.0 - width / 2), 0.0, 1.0)
