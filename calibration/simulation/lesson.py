"""Lessons: everything that a learner is told about a player and a wish, and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from presets.factory.recipes import Recipe
from synth.space import Space

Array = NDArray[np.float64]

TARGET_RATE_HZ: Final = 100


@dataclass(frozen=True, kw_only=True)
class Demonstration:
    """One target and how the player imitated it.

    Attributes
    ----------
    touches
        Touch rows at the engine's control frames from the strike to the end of the release,
        shape (n_frames, len(TOUCH_FIELDS)).
    trajectory
        The target at `TARGET_RATE_HZ` from the strike on, shape (n, TRAJECTORY_SIZE); its pitch
        in cents from the note struck.
    strike, held_s
        The target's own, not the player's.
    recorded_s
        Ages between which it counts: a snapshot is recorded while the hand holds still.
    """

    kind: str
    note: float
    strike: float
    held_s: float
    touches: Array
    trajectory: Array
    recorded_s: tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """A space, the recipe of the instrument, ramps of the hand if it was measured, and takes.

    `ramps` holds the dimension that was swept up and down, "press" or "slide", and the touch rows;
    `way` is how the player's time was spent, one of `WAYS`.
    """

    space: Space
    recipe: Recipe
    ramps: tuple[tuple[str, Array], ...] = ()
    demonstrations: tuple[Demonstration, ...] = ()
    way: str = "takes"


Played = Callable[[Array], Array]
"""From touch rows to what sounds in each of them, shape (n_frames, TRAJECTORY_SIZE); the pitch is
what sounds, glide included, in cents from the note struck."""


class Learner(Protocol):
    """One way of learning a mapping from a lesson."""

    @property
    def name(self) -> str:
        """What tables call it."""

    @property
    def ways(self) -> tuple[str, ...]:
        """Ways of spending the player's time that suit it, of `WAYS`; its better one counts."""

    def fit(self, lesson: Lesson) -> Played:
        """Learn from a lesson."""


WAYS: Final = ("takes", "snapshots", "ramps and takes")
"""Imitating targets; holding still sounds; measuring the hand first."""
