"""Breeding: new sounds from those the player likes, near their parents and not the same."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.exploration.candidate import MAX_PARTS, MAX_SHARE, Candidate, Part, rounded
from calibration.exploration.palette import MIDDLING, NOTES, Palette
from calibration.exploration.preview import Preview, preview_on
from calibration.exploration.sounding import foreseen
from calibration.exploration.spread import APART_DB, nearest_db
from synth.moving.fingerprint import distance_db

Array = NDArray[np.float64]

TRIES: Final = 6
"""Children bred for each that is wanted, since some are refused or too like another."""
BETWEEN: Final = (0.25, 0.75)
"""How far from one parent to the other a child may lie."""
CROSSED: Final = 0.3
"""Share of children that begin as one parent and turn into the other."""
PACE_SPREAD: Final = 0.12
FIRST_STEP: Final = 0.2
STEPS: Final = (0.01, 1.5)
"""Bounds of a mutation, deviations of the code."""
MAX_SHIFT: Final = 16.0
DIED_AWAY_AGE_S: Final = 1.5
"""What a part says later than this is not heard in a preview."""


class Breeder:
    """Crosses and mutates candidates; equal seeds breed equal children.

    Parameters
    ----------
    spacing_db
        How far apart neighbours are in the exploration: a mutation goes about as far.
    """

    def __init__(self, palette: Palette, note: float, spacing_db: float, seed: list[int]) -> None:
        self._palette = palette
        self._note = note
        self._spacing_db = spacing_db
        self._rng = np.random.default_rng(seed)

    def brood(
        self, parents: dict[int, Candidate], count: int, marks: Sequence[Array]
    ) -> list[tuple[Candidate, Preview]]:
        """Breed and render children that pass the guards and differ audibly from all others.

        Parameters
        ----------
        marks
            Fingerprints of the sounds there are.
        """
        taken, born = list(marks), list[tuple[Candidate, Preview]]()
        for _ in range(TRIES * count):
            child = self.child(parents)
            made = preview_on(self._palette, child, self._note)
            if made.fingerprint is None:
                continue
            mark = made.fingerprint.astype(np.float64)
            if nearest_db(mark[None], np.array(taken))[0] >= APART_DB:
                born.append((child, made))
                taken.append(mark)
            if len(born) == count:
                break
        return born

    def child(self, parents: dict[int, Candidate]) -> Candidate:
        """Breed one child of two of the parents, drawn by chance, or of the only one."""
        numbers = [int(n) for n in self._rng.permutation(sorted(parents))[:2]]
        first, second = parents[numbers[0]], parents[numbers[-1]]
        crossed = self._cross(first, second) if len(numbers) > 1 else first
        born = self._mutate(crossed)
        return born.model_copy(update={"kind": "bred", "parents": tuple(sorted(numbers))})

    def _cross(self, first: Candidate, second: Candidate) -> Candidate:
        toward = self._rng.uniform(*BETWEEN)
        later = toward if self._rng.random() >= CROSSED else 1.0 - 0.4 * toward
        shares: dict[str, Array] = {}
        for candidate, weights in (
            (first, (1.0 - toward, 1.0 - later)),
            (second, (toward, later)),
        ):
            for part in candidate.parts:
                so_far = shares.setdefault(part.instrument, np.zeros(2))
                so_far += np.multiply(weights, (part.share, part.later))
        shift = (1.0 - toward) * np.array(first.shift) + toward * np.array(second.shift)
        kept, folded = self._fold(shares)
        return Candidate(
            kind="bred",
            parts=tuple(Part(n, *map(_share, pair)) for n, pair in kept.items()),
            shift=_shift(shift + folded),
            turn_s=_between(first.turn_s, second.turn_s, toward),
            pace=_between(first.pace, second.pace, toward),
        )

    def _fold(self, shares: dict[str, Array]) -> tuple[dict[str, Array], Array]:
        """Keep the strongest parts and fold what the others say on average into a shift."""
        order = sorted(shares, key=lambda name: -np.abs(shares[name]).max())
        folded = sum(
            (shares[name].mean() * self._mean_code(name) for name in order[MAX_PARTS:]),
            np.zeros(len(self._palette.edge.centre)),
        )
        return {name: shares[name] for name in order[:MAX_PARTS]}, np.asarray(folded)

    def _mean_code(self, instrument: str) -> Array:
        nearest = int(np.abs(np.array(NOTES) - self._note).argmin())
        place = self._palette.instruments.index(instrument)
        early = self._palette.ages_s < DIED_AWAY_AGE_S
        return np.asarray(self._palette.codes[MIDDLING, place, nearest][early].mean(axis=0))

    def _mutate(self, candidate: Candidate) -> Candidate:
        """Step in a random direction, as far as neighbours are apart."""
        pace = candidate.pace * np.exp(self._rng.normal(0.0, PACE_SPREAD))
        paced = candidate.model_copy(update={"pace": rounded(np.clip(pace, 0.2, 5.0))})
        direction = self._rng.normal(size=len(candidate.shift))
        before = foreseen(self._palette, candidate, self._note)
        step = FIRST_STEP
        for _ in range(3):
            moved = float(
                distance_db(
                    foreseen(self._palette, _step(paced, step * direction), self._note), before
                )
            )
            step = float(np.clip(step * self._spacing_db / max(moved, 1e-3), *STEPS))
        return _step(paced, step * direction)


def _step(candidate: Candidate, step: Array) -> Candidate:
    return candidate.model_copy(update={"shift": _shift(np.array(candidate.shift) + step)})


def _shift(shift: Array) -> tuple[float, ...]:
    return tuple(rounded(number) for number in np.clip(shift, -MAX_SHIFT, MAX_SHIFT))


def _share(share: float) -> float:
    return rounded(np.clip(share, -MAX_SHARE, MAX_SHARE))


def _between(first: float, second: float, toward: float) -> float:
    """Go from one ratio or time to another by ratios."""
    return rounded(first ** (1.0 - toward) * second**toward)
