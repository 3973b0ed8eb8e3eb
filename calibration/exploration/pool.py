"""The pool: many candidates drawn by chance, from which those that differ most are taken."""

from typing import Final

import numpy as np

from calibration.exploration.candidate import Candidate, Kind, Part, rounded
from calibration.exploration.palette import Palette

KINDS: Final[dict[Kind, float]] = {"mix": 0.25, "turn": 0.2, "beyond": 0.25, "analogy": 0.3}
"""How often each kind is drawn."""
PACE_SPREAD: Final = 0.35
"""Standard deviation of the pace's logarithm."""
KIN: Final = 0.6
"""Share of analogies whose first two instruments are of one family."""
BEYOND: Final = (0.25, 1.1)
TURN_S: Final = (0.03, 0.5)


class Pool:
    """A seeded source of candidates of a palette."""

    def __init__(self, palette: Palette, seed: int) -> None:
        self._palette = palette
        self._rng = np.random.default_rng(seed)
        self._makers = {
            "mix": self._mix,
            "turn": self._turn,
            "beyond": self._beyond,
            "analogy": self._analogy,
        }

    def draw(self, count: int) -> list[Candidate]:
        """Draw candidates; equal seeds give equal ones."""
        kinds = self._rng.choice(list(KINDS), count, p=list(KINDS.values()))
        return [self._candidate(str(kind)) for kind in kinds]

    def _candidate(self, kind: str) -> Candidate:
        parts = [Part(n, rounded(a), rounded(b)) for n, a, b in self._makers[kind]()]
        pace = np.exp(np.clip(self._rng.normal(0.0, PACE_SPREAD), -1.2, 1.2))
        turn_s = np.exp(self._rng.uniform(*np.log(TURN_S)))
        return Candidate.model_validate(
            {"kind": kind, "parts": parts, "pace": rounded(pace), "turn_s": rounded(turn_s)}
        )

    def _names(self, count: int) -> list[str]:
        return [
            str(name) for name in self._rng.choice(self._palette.instruments, count, replace=False)
        ]

    def _mix(self) -> list[tuple[str, float, float]]:
        names = self._names(int(self._rng.integers(2, 5)))
        shares = 0.15 / len(names) + 0.85 * self._rng.dirichlet(np.full(len(names), 2.0))
        return sorted(zip(names, shares, shares, strict=True), key=lambda part: -part[1])

    def _turn(self) -> list[tuple[str, float, float]]:
        """Begin as one instrument and turn into another."""
        first, second = self._names(2)
        return [(first, 1.0, 0.0), (second, 0.0, 1.0)]

    def _beyond(self) -> list[tuple[str, float, float]]:
        """Go on from one instrument to another and past it."""
        toward, origin = self._names(2)
        extra = self._rng.uniform(*BEYOND)
        return [(toward, 1.0 + extra, 1.0 + extra), (origin, -extra, -extra)]

    def _analogy(self) -> list[tuple[str, float, float]]:
        """Apply to one instrument what tells two others apart."""
        like, unlike, base = self._names(3)
        if self._rng.random() < KIN:
            unlike = self._sibling(like, unlike, base)
        return [(like, 1.0, 1.0), (unlike, -1.0, -1.0), (base, 1.0, 1.0)]

    def _sibling(self, like: str, unlike: str, base: str) -> str:
        family = self._palette.families[like]
        kin = [
            name
            for name in self._palette.instruments
            if self._palette.families[name] == family and name not in (like, base)
        ]
        return str(self._rng.choice(kin)) if kin else unlike
