"""Supplements: the part of the demonstrated sounds that an instrument does not know, as a residual."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.fitting.examples import Rows
from mapper.features import AT
from mapper.mapping import CODE_SIZE, N_INPUTS, TRAJECTORY_SIZE, Mapping
from mapper.residual import Residual

Array = NDArray[np.float64]

COLUMNS: Final = [AT.effort, AT.slide, AT.strike, AT.age_640ms, AT.glide_semitones]
"""What the residual knows of a touch."""
LENGTHS: Final = np.array([2.0, 2.0, 3.0, 3.0, 2.0])
"""How far one bump reaches along each, in the spread of what was played."""
LEAST_SPREAD: Final = 0.3
"""What hardly moved is taken to have moved this far, in the mapping's own spread."""
STRETCHES: Final = (1.0, 1.5)
RIDGES: Final = (0.3, 1.0, 3.0, 10.0)
N_BUMPS: Final = 128
EVERY: Final = 6
"""One row in so many is used: neighbours tell the same."""


class Shape(NamedTuple):
    """How far bumps reach, and how small they are kept."""

    stretch: float = 1.0
    ridge: float = 3.0


class Lessons(NamedTuple):
    """What each take has to teach: inputs of the instrument, and what it leaves of the codes."""

    inputs: list[Array]
    left: list[Array]
    weights: Array


def lessons(mapping: Mapping, rows: Sequence[Rows]) -> Lessons:
    """Collect what the instrument, as it reads the hand, leaves of the demonstrated sounds."""
    inputs = [mapping.inputs(one.features[::EVERY].astype(np.float32)) for one in rows]
    left = [
        one.trajectory[::EVERY, :CODE_SIZE] - mapping.instrument.predict(x)[:, :CODE_SIZE]
        for one, x in zip(rows, inputs, strict=True)
    ]
    weights = np.array([one.weight for one in rows])
    return Lessons([x.astype(np.float64) for x in inputs], left, weights)


def supplement(mapping: Mapping, rows: Sequence[Rows], shape: Shape) -> Mapping:
    """Give a mapping what its instrument leaves of the demonstrated sounds."""
    taught = lessons(mapping, rows)
    shell, heights = _lay(taught, shape.stretch)
    out = _solve(heights, taught, shape.ridge)
    padded = np.pad(out, ((0, 0), (0, TRAJECTORY_SIZE - CODE_SIZE)))
    return replace(mapping, residual=replace(shell, out=padded.astype(np.float32)))


def best_shape(mapping: Mapping, rows: Sequence[Rows]) -> Shape:
    """Choose a shape by the error on each take, learned from the others."""
    if len(rows) == 1:
        return Shape()
    taught = lessons(mapping, rows)
    best = (np.inf, Shape())
    for stretch in STRETCHES:
        _, heights = _lay(taught, stretch)
        for ridge in RIDGES:
            best = min(best, (_held_out(heights, taught, ridge), Shape(stretch, ridge)))
    return best[1]


def _lay(taught: Lessons, stretch: float) -> tuple[Residual, list[Array]]:
    """Lay bumps over what was played, as far from one another as can be; and their heights."""
    rows = np.vstack(taught.inputs)
    spread = np.maximum(rows[:, COLUMNS].std(axis=0), LEAST_SPREAD)
    scale = np.zeros(N_INPUTS)
    scale[COLUMNS] = 1.0 / (stretch * LENGTHS * spread)
    centre = _apart((rows * scale)[::2])
    none = np.zeros((len(centre), TRAJECTORY_SIZE), np.float32)
    shell = Residual(scale=scale.astype(np.float32), centre=centre.astype(np.float32), out=none)
    heights = [shell.bumps(x.astype(np.float32)).astype(np.float64) for x in taught.inputs]
    return shell, heights


def _apart(rows: Array) -> Array:
    """Choose the rows farthest from one another, at most `N_BUMPS`."""
    distance = np.full(len(rows), np.inf)
    chosen = [0]
    while len(chosen) < min(N_BUMPS, len(rows)):
        distance = np.minimum(distance, ((rows - rows[chosen[-1]]) ** 2).sum(axis=1))
        chosen.append(int(distance.argmax()))
    return rows[chosen]


def _solve(heights: list[Array], taught: Lessons, ridge: float) -> Array:
    parts = list(zip(taught.weights, heights, taught.left, strict=True))
    gram = sum(weight * height.T @ height for weight, height, _ in parts)
    moment = sum(weight * height.T @ left for weight, height, left in parts)
    return np.asarray(np.linalg.solve(gram + ridge * np.eye(heights[0].shape[1]), moment))


def _held_out(heights: list[Array], taught: Lessons, ridge: float) -> float:
    """Error over all takes, each left out in turn."""
    parts = list(zip(taught.weights, heights, taught.left, strict=True))
    grams = [weight * height.T @ height for weight, height, _ in parts]
    moments = [weight * height.T @ left for weight, height, left in parts]
    gram = sum(grams) + ridge * np.eye(len(grams[0]))
    moment = sum(moments)
    total = 0.0
    for (weight, height, left), own_gram, own_moment in zip(parts, grams, moments, strict=True):
        found = np.linalg.solve(gram - own_gram, moment - own_moment)
        total += weight * float(((left - height @ found) ** 2).sum(axis=1).mean())
    return total
