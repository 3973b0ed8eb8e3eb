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
LENGTH: Final = 2.0
"""How far one bump reaches along each, in the spread of what was played."""
LEAST_SPREAD: Final = 0.3
"""What hardly moved is taken to have moved this far, in the mapping's own spread."""
STRETCHES: Final = (1.0, 1.5)
RIDGES: Final = (0.3, 1.0, 3.0, 10.0, 30.0)
JITTER: Final = 1e-3
"""Added to the likeness of bumps, which nearly equal ones would make singular."""
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


class Layer(NamedTuple):
    """Bumps laid over what was played.

    Attributes
    ----------
    shell
        The residual, saying nothing yet.
    heights
        Height of each bump in the rows of each take.
    likeness
        Covariance of the bumps, shape (n_bumps, n_bumps).
    """

    shell: Residual
    heights: list[Array]
    likeness: Array


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
    """Give a mapping what its instrument leaves of the demonstrated sounds.

    A Gaussian process with one inducing point for each bump (subset of regressors; Rasmussen and
    Williams 2006, 8.3.1).
    """
    taught = lessons(mapping, rows)
    layer = lay(taught, shape.stretch)
    grams, moments = _sums(layer, taught)
    out = np.linalg.solve(sum(grams) + shape.ridge * layer.likeness, sum(moments))
    padded = np.pad(out, ((0, 0), (0, TRAJECTORY_SIZE - CODE_SIZE)))
    return replace(mapping, residual=replace(layer.shell, out=padded.astype(np.float32)))


def best_shape(mapping: Mapping, rows: Sequence[Rows]) -> Shape:
    """Choose a shape by the error on each take, learned from the others."""
    if len(rows) == 1:
        return Shape()
    taught = lessons(mapping, rows)
    best = (np.inf, Shape())
    for stretch in STRETCHES:
        layer = lay(taught, stretch)
        for ridge in RIDGES:
            error = float(taught.weights @ errors_left_out(layer, taught, ridge))
            best = min(best, (error, Shape(stretch, ridge)))
    return best[1]


def lay(taught: Lessons, stretch: float) -> Layer:
    """Lay bumps over what was played, as far from one another as can be."""
    seen = np.vstack(taught.inputs)[:, COLUMNS]
    scale = np.zeros(N_INPUTS)
    scale[COLUMNS] = 1.0 / (stretch * LENGTH * np.maximum(seen.std(axis=0), LEAST_SPREAD))
    chosen = _apart((seen * scale[COLUMNS])[::2])
    centre = np.zeros((len(chosen), N_INPUTS))
    centre[:, COLUMNS] = chosen
    none = np.zeros((len(centre), TRAJECTORY_SIZE), np.float32)
    shell = Residual(scale=scale.astype(np.float32), centre=centre.astype(np.float32), out=none)
    heights = [shell.bumps(x.astype(np.float32)).astype(np.float64) for x in taught.inputs]
    return Layer(shell, heights, _likeness(chosen))


def _apart(rows: Array) -> Array:
    """Choose the rows farthest from one another, at most `N_BUMPS`."""
    distance = np.full(len(rows), np.inf)
    chosen = [0]
    while len(chosen) < min(N_BUMPS, len(rows)):
        distance = np.minimum(distance, ((rows - rows[chosen[-1]]) ** 2).sum(axis=1))
        chosen.append(int(distance.argmax()))
    return rows[chosen]


def _likeness(centre: Array) -> Array:
    """Compare bumps by the Gaussian that each of them nearly is."""
    squares = ((centre[:, None] - centre[None]) ** 2).sum(axis=2)
    return np.exp(-0.5 * squares) + JITTER * np.eye(len(centre))


def errors_left_out(layer: Layer, taught: Lessons, ridge: float) -> Array:
    """Mean squared error of each take, learned from the others; shape (n_takes,).

    Found from what is learned of all takes at once: what is left of a take, divided by what its
    own rows did not explain of themselves. Of a take of more rows than bumps it is found by
    learning without it, which is then quicker.
    """
    grams, moments = _sums(layer, taught)
    gram, moment = sum(grams) + ridge * layer.likeness, sum(moments)
    inverse = np.linalg.inv(gram)
    errors = []
    takes = zip(taught.weights, layer.heights, taught.left, grams, moments, strict=True)
    for weight, heights, left, own_gram, own_moment in takes:
        if len(left) > len(gram):
            wrong = left - heights @ np.linalg.solve(gram - own_gram, moment - own_moment)
        else:
            own = np.eye(len(left)) - weight * heights @ inverse @ heights.T
            wrong = np.linalg.solve(own, left - heights @ (inverse @ moment))
        errors.append((wrong**2).sum(axis=1).mean())
    return np.array(errors)


def _sums(layer: Layer, taught: Lessons) -> tuple[list[Array], list[Array]]:
    """Gram matrix and moment of each take, weighted."""
    parts = list(zip(taught.weights, layer.heights, taught.left, strict=True))
    return [w * h.T @ h for w, h, _ in parts], [w * h.T @ left for w, h, left in parts]
