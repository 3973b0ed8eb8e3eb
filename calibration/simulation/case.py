"""Cases: one player, one instrument in mind, and everything the two would play."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.simulation.grip import FAMILIES
from calibration.simulation.intention import (
    FULL,
    HELD_S,
    KINDS,
    LENGTH_S,
    NARROW,
    RATE_HZ,
    Intention,
    hold,
    intend,
)
from calibration.simulation.lesson import Demonstration, Lesson
from calibration.simulation.player import RAMPS_S, Player
from calibration.simulation.world import INSTRUMENTS, World
from synth.space import Space

Array = NDArray[np.float64]

TAKE_KINDS: Final = ("free", "free", "swell", "bright", "vibrato", "accent", "scoop", "free")
"""The order in which targets are imitated, over and over."""
MOST_TAKES: Final = 24
SNAPSHOT_S: Final = 3.0
"""Seconds that one snapshot takes: hear, find the place, hold, record."""
SNAPSHOT_RECORDED_S: Final = (1.0, 2.0)
MOST_SNAPSHOTS: Final = 32
TRIALS_PER_KIND: Final = 3
CLEAN_TAKES: Final = 105
"""Seven minutes."""
REACH_NOTES: Final = 7
"""How far from the middle of the playing the keys go."""
MARGIN_NOTES: Final = 9
STREAMS: Final = {
    "takes": 1,
    "snapshots": 2,
    "ramps": 3,
    "trials": 4,
    "clean": 5,
    "narrow": 6,
    "later": 7,
}


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A performance of the player's own, and what should have sounded, at 100 Hz."""

    kind: str
    touches: Array
    truth: Array
    held_s: float = HELD_S

    @property
    def held_rows(self) -> int:
        """Rows of the truth that are scored: those before the lift."""
        return min(int(self.held_s * RATE_HZ), len(self.truth))


class Case:
    """One simulated player with one wish; equal seeds, equal cases.

    Parameters
    ----------
    place
        The seed, and the number that chooses the family of the hand and the instrument in turn.
    special_share
        Share of the code's variance that the instrument's recipe does not tell.
    hidden
        Whether nothing may be tuned on this hand.
    shelf
        Folder for what takes long to draw.
    """

    def __init__(
        self,
        space: Space,
        place: tuple[int, int],
        *,
        special_share: float,
        hidden: bool,
        shelf: Path | None = None,
    ) -> None:
        seed, number = place
        self.space = space
        self.shelf = shelf
        self.seed = seed
        self.number = number
        self.special_share = special_share
        self.hidden = hidden
        self.family = FAMILIES[number % len(FAMILIES)]
        turn = 5 * number + number // len(FAMILIES)
        recipe, memory_s = INSTRUMENTS[turn % len(INSTRUMENTS)]
        self.world = World(space, recipe, special_share, seed, memory_s)
        low, high = recipe.notes
        self._middle = np.random.default_rng(seed).uniform(low + MARGIN_NOTES, high - MARGIN_NOTES)

    @property
    def name(self) -> str:
        """What a table calls it."""
        return f"{self.family} hand {self.seed}, {self.world.recipe.name}"

    def player(self, purpose: str, worn: float = 0.0) -> Player:
        """Seat the player for one purpose."""
        return Player(self.seed, self.family, STREAMS[purpose], worn)

    def _rng(self, purpose: str) -> np.random.Generator:
        return np.random.default_rng([self.seed, 2, STREAMS[purpose]])

    def note(self, rng: np.random.Generator) -> float:
        """Choose a key between the keys that instruments are learned on."""
        return float(np.floor(self._middle + rng.uniform(-REACH_NOTES, REACH_NOTES)) + 0.5)

    @cached_property
    def takes(self) -> list[Demonstration]:
        """Imitations in the order in which they are recorded."""
        return self._imitations("takes", MOST_TAKES, FULL)

    @cached_property
    def narrow_takes(self) -> list[Demonstration]:
        """Imitations of targets from the middle of loudness and brightness only."""
        return self._imitations("narrow", MOST_TAKES // 4, NARROW)

    def _imitations(
        self, purpose: str, count: int, reach: tuple[float, float]
    ) -> list[Demonstration]:
        player, rng = self.player(purpose), self._rng(purpose)
        kinds = [TAKE_KINDS[i % len(TAKE_KINDS)] for i in range(count)]
        targets = [intend(rng, kind, self.note(rng), reach) for kind in kinds]
        touches = [player.imitate(target) for target in targets]
        return self._demonstrations(targets, touches, (0.0, HELD_S))

    @cached_property
    def snapshots(self) -> list[Demonstration]:
        """Still sounds held."""
        player, rng = self.player("snapshots"), self._rng("snapshots")
        targets = [hold(rng, self.note(rng)) for _ in range(MOST_SNAPSHOTS)]
        touches = [player.snapshot(target) for target in targets]
        return self._demonstrations(targets, touches, SNAPSHOT_RECORDED_S)

    @cached_property
    def ramps(self) -> tuple[tuple[str, Array], ...]:
        """One ramp of each dimension; on the tuning hands a second of each told nothing more."""
        return tuple((ramp.dimension, ramp.touches) for ramp in self.player("ramps").ramps())

    @cached_property
    def trials(self) -> list[Trial]:
        """Performances of the player's own, of every kind."""
        return self._performances("trials", list(KINDS) * TRIALS_PER_KIND)

    @cached_property
    def later_trials(self) -> list[Trial]:
        """The same on another day, when the controller's response has drifted."""
        return self._performances("later", list(KINDS), worn=1.0)

    @cached_property
    def clean(self) -> list[Trial]:
        """Seven minutes of performances, each paired exactly with what should sound."""
        kinds = [TAKE_KINDS[i % len(TAKE_KINDS)] for i in range(CLEAN_TAKES)]
        return self._performances("clean", kinds)

    def _performances(self, purpose: str, kinds: list[str], worn: float = 0.0) -> list[Trial]:
        player, rng = self.player(purpose, worn), self._rng(purpose)
        played = [player.perform(intend(rng, kind, self.note(rng))) for kind in kinds]
        truths = self.world.trajectories([meant for meant, _ in played], self.shelf)
        return [
            Trial(kind=meant.kind, touches=touches, truth=truth)
            for (meant, touches), truth in zip(played, truths, strict=True)
        ]

    def _demonstrations(
        self, targets: list[Intention], touches: list[Array], recorded_s: tuple[float, float]
    ) -> list[Demonstration]:
        truths = self.world.trajectories(targets, self.shelf)
        return [
            Demonstration(
                kind=target.kind,
                note=target.note,
                strike=target.strike,
                held_s=target.held_s,
                touches=rows,
                trajectory=truth,
                recorded_s=recorded_s,
            )
            for target, rows, truth in zip(targets, touches, truths, strict=True)
        ]

    def lesson(self, way: str, seconds: float) -> Lesson:
        """Give what was recorded in one of the `calibration.simulation.lesson.WAYS` within so many seconds.

        Where not even the ramps fit, the hand is not measured and all the time goes to takes.
        """
        measured = way == "ramps and takes" and seconds >= RAMPS_S
        ramps = self.ramps if measured else ()
        left_s = seconds - RAMPS_S if measured else seconds
        if way == "snapshots":
            return self._lesson(self.snapshots[: round(left_s / SNAPSHOT_S)], ramps, way)
        return self._lesson(self.takes[: round(left_s / LENGTH_S)], ramps, way)

    def narrow_lesson(self, seconds: float, *, measured: bool) -> Lesson:
        """Learn the middle of each dimension only, with or without ramps beforehand."""
        takes = self.narrow_takes[: round(seconds / LENGTH_S)]
        return self._lesson(takes, self.ramps if measured else ())

    def clean_lesson(self) -> Lesson:
        """Seven minutes of the player's own performances with what should sound in each."""
        pairs = [
            Demonstration(
                kind=trial.kind,
                note=float(trial.touches[0, 5]),
                strike=float(trial.touches[0, 0]),
                held_s=trial.held_s,
                touches=trial.touches,
                trajectory=trial.truth,
                recorded_s=(0.0, trial.held_s),
            )
            for trial in self.clean
        ]
        return self._lesson(pairs, ())

    def _lesson(
        self, takes: list[Demonstration], ramps: tuple[tuple[str, Array], ...], way: str = "takes"
    ) -> Lesson:
        return Lesson(
            space=self.space,
            recipe=self.world.recipe,
            ramps=ramps,
            demonstrations=tuple(takes),
            way=way,
        )
