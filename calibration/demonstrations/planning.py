"""Planning: which target to play next, so that the mapping learns where it knows least."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.targets.target import TARGET_RATE_HZ, Target

Array = NDArray[np.float64]

N_BUMPS: Final = 64
SPREAD: Final = 1.0
"""Reach of what one moment teaches, in the units below."""
UNITS: Final = np.array([8.0, 0.3, 150.0, 0.3, 12.0])
"""Loudness in dB, brightness, pitch in cents, strike, note: so far apart is another matter."""
BURST_S: Final = 0.16
EVERY: Final = 10
"""One row in so many: a tenth of a second tells as much as the rows in it."""
NOISE: Final = 4.0
"""Variance of what one moment teaches, against that of what is not known."""
SEED: Final = 5
FREE: Final = "free"
FREE_FIRST: Final = 2
"""The first targets move freely: each teaches much of everything."""


class Planner:
    """Chooses targets by how much less the mapping would be unsure of all of them.

    Bayesian ridge regression on features of the descriptors: how unsure it is depends on what was
    played alone, not on how well, so that it can be said beforehand (V-optimal design, greedily).

    Parameters
    ----------
    candidates
        Every target that may be asked for.
    """

    def __init__(self, candidates: Sequence[Target]) -> None:
        self.candidates = tuple(candidates)
        rows = [_rows(target) for target in self.candidates]
        self._centre = np.vstack(rows).mean(axis=0)
        rng = np.random.default_rng(SEED)
        self._directions = rng.normal(0.0, 1.0 / SPREAD, (rows[0].shape[1], N_BUMPS))
        self._phases = rng.uniform(0.0, 2.0 * np.pi, N_BUMPS)
        grams = [self._gram(target) for target in self.candidates]
        self._everything = sum(grams) / sum(len(one) for one in rows)
        self._grams = grams

    def unsureness(self, played: Sequence[Target]) -> float:
        """How unsure the mapping is, on average over the candidates; 1 before anything is played."""
        return self._variance(self._known(played)) / self._variance(self._known([]))

    def next_target(self, played: Sequence[Target], *, sets_out: bool = True) -> Target:
        """Choose what to play next.

        Parameters
        ----------
        played
            What was played so far.
        sets_out
            Whether the first targets are free ones.
        """
        known = self._known(played)
        allowed = [
            place
            for place, target in enumerate(self.candidates)
            if not sets_out or len(played) >= FREE_FIRST or target.kind == FREE
        ] or range(len(self.candidates))
        left = [self._variance(known + self._grams[place] / NOISE) for place in allowed]
        return self.candidates[allowed[int(np.argmin(left))]]

    def plan(self, count: int) -> list[Target]:
        """Choose so many targets, one after another."""
        chosen: list[Target] = []
        for _ in range(count):
            chosen.append(self.next_target(chosen))
        return chosen

    def _known(self, played: Sequence[Target]) -> Array:
        n = 1 + len(self._centre) + N_BUMPS
        known = np.eye(n)
        for target in played:
            known += self._gram(target) / NOISE
        return known

    def _variance(self, known: Array) -> float:
        return float(np.trace(np.linalg.solve(known, self._everything)))

    def _gram(self, target: Target) -> Array:
        features = self._features(_rows(target))
        return np.asarray(features.T @ features)

    def _features(self, rows: Array) -> Array:
        """Linear terms, and random waves that stand for bumps (Rahimi & Recht 2007)."""
        x = rows - self._centre
        waves = np.sqrt(2.0 / N_BUMPS) * np.cos(x @ self._directions + self._phases)
        return np.hstack([np.ones((len(x), 1)), x, waves])


def _rows(target: Target) -> Array:
    """List what a target asks for while it is held, in `UNITS`, and how fresh its strike is."""
    n = max(round(target.held_s * TARGET_RATE_HZ), 1)
    descriptors = target.descriptors[:n:EVERY].astype(np.float64)
    same = np.ones(len(descriptors))
    fresh = np.exp(-np.arange(len(descriptors)) * EVERY / TARGET_RATE_HZ / BURST_S)
    scaled = np.column_stack([descriptors, target.strike * same, target.note * same]) / UNITS
    return np.column_stack([scaled, fresh])
