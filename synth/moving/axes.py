"""Axes: named directions of a space along which any sound is moved."""

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from synth.moving.bend import Bend
from synth.moving.mixture import Mixture
from synth.moving.refusal import MovingError
from synth.space import Axis, Space

Array = NDArray[np.float64]

MAX_STEPS = 4.0
FEWEST_SOUNDS: Final = 60
"""A space with fewer sounds has no axes: nothing would be left to prove them on."""


class Axes(NamedTuple):
    """The axes of a space.

    Attributes
    ----------
    cards
        Names, units and what was measured of each.
    directions, onsets
        What one step adds to every code and to those of the onset, shape (n_axes, CODE_SIZE).
    envelopes
        What one step adds to the attack in doublings and to the decay in dB/s, shape (n_axes, 2).
    """

    cards: tuple[Axis, ...]
    directions: Array
    onsets: Array
    envelopes: Array

    @property
    def names(self) -> tuple[str, ...]:
        """Their names, in order."""
        return tuple(card.name for card in self.cards)

    @property
    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """The arrays under their names in a space."""
        named = {
            "directions": self.directions,
            "onsets": self.onsets,
            "envelopes": self.envelopes,
        }
        return {f"axes.{name}": array.astype(np.float32) for name, array in named.items()}

    def bend(self, name: str, steps: float) -> Bend:
        """Move so many steps along an axis.

        Raises
        ------
        MovingError
            When there is no such axis, or the steps are too many.
        """
        if name not in self.names:
            raise MovingError(f"there is no axis {name!r}; choose one of {', '.join(self.names)}")
        if not abs(steps) <= MAX_STEPS:
            raise MovingError(
                f"{steps:g} steps lead out of the space; choose from -{MAX_STEPS:g} to {MAX_STEPS:g}"
            )
        return self.step(self.names.index(name)).times(steps)

    def step(self, place: int) -> Bend:
        """Move one step along an axis, by its place in order."""
        attack_octaves, decay_db_per_s = map(float, self.envelopes[place])
        return Bend(
            shift=self.directions[place],
            onset=self.onsets[place],
            attack_octaves=attack_octaves,
            decay_db_per_s=decay_db_per_s,
        )


@lru_cache(maxsize=4)
def axes_of(space: Space) -> Axes:
    """Read a space's axes; where it has none, find them, in a few seconds."""
    if not space.card.axes:
        from synth.moving.axis_search import find_axes

        return find_axes(space)
    return Axes(
        space.card.axes,
        *(space.axes[name].astype(np.float64) for name in ("directions", "onsets", "envelopes")),
    )


def some_axes_of(space: Space) -> Axes:
    """Read or find a space's axes.

    Raises
    ------
    MovingError
        When it has none.
    """
    axes = axes_of(space)
    if not axes.cards:
        raise MovingError(_why_none(space))
    return axes


def _why_none(space: Space) -> str:
    n_sounds = len(space.card.sounds)
    if n_sounds < FEWEST_SOUNDS:
        return (
            f"the space {space.card.name} has {n_sounds} sounds, too few for axes, which need "
            f"{FEWEST_SOUNDS}; mix its sounds instead, or choose another space with --space"
        )
    return (
        f"the space {space.card.name} has no axes, for its sounds are all alike; choose another "
        "space with --space"
    )


def moved(space: Space, mixture: Mixture, steps: dict[str, float]) -> Mixture:
    """Move a mixture along axes.

    Parameters
    ----------
    steps
        Axis to steps.

    Raises
    ------
    MovingError
        When there is no such axis, or the steps are too many.
    """
    axes = some_axes_of(space)
    for name, amount in steps.items():
        mixture = mixture.bent(axes.bend(name, amount))
    return mixture
