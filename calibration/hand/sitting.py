"""A sitting: every touch that was good enough to measure a hand by, sorted by what was asked."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from mapper.gestures import Gesture


@dataclass
class Sitting:
    """What the player did for each step of the measurement; a step may be missing.

    `strikes` are soft, medium and hard ones, `lifts` slow and quick ones, `holds` soft, medium and
    strong; `answers_s` are the times from a click to the strike that answers it; `bend` holds a
    glide to another key and the touch of that key.
    """

    swells: list[Gesture] = field(default_factory=list)
    sweeps: list[Gesture] = field(default_factory=list)
    strikes: list[list[Gesture]] = field(default_factory=lambda: [[], [], []])
    lifts: list[list[Gesture]] = field(default_factory=lambda: [[], []])
    holds: list[list[Gesture]] = field(default_factory=lambda: [[], [], []])
    vibratos: list[Gesture] = field(default_factory=list)
    answers_s: list[float] = field(default_factory=list)
    bend: list[Gesture] = field(default_factory=list)

    def changed(self, change: Callable[[Gesture], Gesture]) -> "Sitting":
        """Make the same of touches that were changed, where press and slide are read from them."""
        return replace(
            self,
            swells=[change(one) for one in self.swells],
            sweeps=[change(one) for one in self.sweeps],
            holds=[[change(one) for one in level] for level in self.holds],
        )

    def touches(self) -> list[Gesture]:
        """Every touch in which something moved or kept still for a while."""
        held = [hold for level in self.holds for hold in level]
        return [*self.swells, *self.sweeps, *held, *self.vibratos]
