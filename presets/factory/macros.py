"""Macros: directions of the space that change one attribute of a preset's sound and keep the others."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from mapper.features import FEATURES
from mapper.mapping import CODE_SIZE, LOUDNESS, TRAJECTORY_SIZE
from presets.factory.demonstrations import Demonstrations
from synth.moving.attributes import ATTRIBUTES, attributes
from synth.moving.edge import AUDIBLE_DB, Edge
from synth.space import Space

Array = NDArray[np.float64]

GOALS: Final = np.array([12.0, 12.0, 10.0, 10.0])
"""How far a macro at its full value should move its attribute: semitones, then dB."""
UNITS: Final = np.array([3.0, 4.0, 4.0, 4.0])
"""Errors of the attributes that weigh the same."""
N_FRAMES: Final = 160
ITERATIONS: Final = 12
NUDGE: Final = 0.02
SHORTNESS: Final = 0.5
"""Cost of a unit of length, so that of two directions that do as much the shorter is taken."""
STRAYING: Final = 2.0


class Frames(NamedTuple):
    """Moments at which a preset's own sound is measured."""

    codes: Array
    loudness_db: Array
    note: Array


def frames_of(played: Demonstrations, rng: np.random.Generator) -> Frames:
    """Draw audible moments from what a preset was taught."""
    audible = np.flatnonzero(played.targets[:, LOUDNESS] > AUDIBLE_DB)
    at = rng.choice(audible, N_FRAMES)
    return Frames(
        codes=played.targets[at, :CODE_SIZE],
        loudness_db=played.targets[at, LOUDNESS],
        note=played.features[at, FEATURES.index("pitch_note")],
    )


def direction(space: Space, edge: Edge, frames: Frames, attribute: int) -> Array:
    """Find the direction of the code that moves one attribute and keeps the others, shape (16,).

    Least squares, robust to the few frames that cannot follow; codes pushed over the codebook's
    edge count against it, those that lie outside anyway only if pushed further.
    """
    wanted = np.where(np.arange(len(ATTRIBUTES)) == attribute, GOALS, 0.0)
    before = attributes(space, *frames)
    allowed = np.maximum(edge.free, edge.distance(frames.codes))

    def residual(step: Array) -> Array:
        after = attributes(space, frames.codes + step, frames.loudness_db, frames.note)
        missed = (after - before - wanted) / UNITS
        strayed = np.maximum(edge.distance(frames.codes + step) - allowed, 0.0)
        return np.concatenate([missed.ravel(), STRAYING * strayed, SHORTNESS * step])

    def slope(step: Array) -> Array:
        here = residual(step)
        nudges = NUDGE * np.eye(CODE_SIZE)
        return np.stack([(residual(step + nudge) - here) / NUDGE for nudge in nudges], axis=1)

    found = least_squares(
        residual, np.zeros(CODE_SIZE), jac=slope, loss="soft_l1", max_nfev=ITERATIONS
    )
    return np.asarray(found.x)


def macros(space: Space, played: Demonstrations, seed: int) -> NDArray[np.float32]:
    """Find a preset's macros, one for each of `ATTRIBUTES`, shape (n_macros, TRAJECTORY_SIZE)."""
    frames, edge = frames_of(played, np.random.default_rng(seed)), Edge(space)
    found = np.zeros((len(ATTRIBUTES), TRAJECTORY_SIZE), np.float32)
    for attribute in range(len(ATTRIBUTES)):
        found[attribute, :CODE_SIZE] = direction(space, edge, frames, attribute)
    return found
