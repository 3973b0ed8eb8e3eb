"""Refitting: a mapping, its vibrato and its macros said in the codes of another space."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import Ridge

from calibration.crossing.counterparts import counterparts
from calibration.crossing.repertoire import Repertoire, repertoire
from mapper.mapping import (
    CODE_SIZE,
    HIGHEST,
    LOUDNESS,
    LOWEST,
    NO_SLEW,
    TRAJECTORY_SIZE,
    Mapping,
)
from mapper.network import Network
from mapper.residual import Residual
from presets.factory.fitting import N_HIDDEN, UNITS, fit_network
from synth.space import Space

Array = NDArray[np.float32]

SEED: Final = 1
MARGIN: Final = 0.1
"""A code may go so much of its spread beyond what was found."""
SMOOTHNESS: Final = 0.1
"""Cost of a bump's height, against an error of as much in one frame."""
N_PROBED: Final = 160
"""Moments at which a direction is asked what it does."""
PROBED_DB: Final = -45.0


def refitted(
    mapping: Mapping, old: Space, new: Space, played: Sequence[NDArray[np.floating]]
) -> tuple[Mapping, Repertoire]:
    """Fit a mapping anew, so that it sounds in the new space as it did in the old.

    What it reads of a hand stays. Codes of the instrument and heights of the residual are learned
    from counterparts of what they said; loudness and pitch stay as they are, exactly where they
    are told by descriptors alone.

    Returns
    -------
    tuple
        The mapping, and what it was learned from.
    """
    asked = repertoire(mapping, old, new, played)
    codes, instrument = _learned(mapping, old, new, asked)
    whole, residual = codes, mapping.residual
    if residual is not None:
        whole = asked.found(old, new, asked.whole)
        left = whole - instrument.predict(asked.inputs)[:, :CODE_SIZE]
        residual = _residual(residual, asked.inputs, left)
    low, high = _range(mapping, np.vstack([codes, whole]))
    slew = np.concatenate([NO_SLEW[:CODE_SIZE], mapping.slew[CODE_SIZE:]])
    moved = replace(
        mapping, instrument=instrument, residual=residual, low=low, high=high, slew=slew
    )
    return _with_vibrato(moved, old, new, asked), asked


def _learned(mapping: Mapping, old: Space, new: Space, asked: Repertoire) -> tuple[Array, Network]:
    """Find counterparts and learn them, and look again from what was learned.

    Many codes sound alike; what was learned is smooth, so those found near it are better learned.
    """
    codes = asked.found(old, new, asked.answers)
    first = _instrument(mapping.instrument, asked, codes)
    again = asked.near(first.predict(asked.inputs))
    codes = again.found(old, new, asked.answers)
    return codes, _instrument(mapping.instrument, asked, codes)


def _instrument(before: Network, asked: Repertoire, codes: Array) -> Network:
    """Fit the instrument's network on the inputs that it read before."""
    read = np.flatnonzero(np.vstack([before.linear.T, before.hidden]).any(axis=0))
    rows = asked.inputs[:, read].astype(np.float64)
    if before.out[:, CODE_SIZE:].any():
        wanted = np.hstack([codes, asked.answers[:, CODE_SIZE:]]).astype(np.float64)
        return _widened(fit_network(rows, wanted, UNITS, N_HIDDEN, SEED), read, before)
    units = np.ones(CODE_SIZE)
    part = fit_network(rows, codes.astype(np.float64), units, N_HIDDEN, SEED)
    return _widened(part, read, before)


def _widened(part: Network, read: NDArray[np.intp], before: Network) -> Network:
    """Let a network read all inputs; outputs that it lacks stay what they were."""
    n_outputs, n_hidden = len(part.offset), len(part.bias)
    linear, offset = before.linear.copy(), before.offset.copy()
    linear[:, :n_outputs] = 0.0
    linear[read, :n_outputs], offset[:n_outputs] = part.linear, part.offset
    hidden = np.zeros((n_hidden, len(before.linear)), np.float32)
    hidden[:, read] = part.hidden
    out = np.zeros((n_hidden, TRAJECTORY_SIZE), np.float32)
    out[:, :n_outputs] = part.out
    return Network(linear=linear, offset=offset, hidden=hidden, bias=part.bias, out=out)


def _residual(before: Residual, inputs: Array, left: Array) -> Residual:
    """Give the bumps heights that make up what the instrument leaves."""
    bumps = before.bumps(inputs).astype(np.float64)  # they are often nearly alike
    found = Ridge(alpha=SMOOTHNESS, fit_intercept=False).fit(bumps, left)
    out = before.out.copy()
    out[:, :CODE_SIZE] = found.coef_.T
    return replace(before, out=out)


def _range(mapping: Mapping, codes: Array) -> tuple[Array, Array]:
    lowest, highest = codes.min(axis=0), codes.max(axis=0)
    margin = MARGIN * (highest - lowest)
    low, high = mapping.low.copy(), mapping.high.copy()
    low[:CODE_SIZE] = np.maximum(lowest - margin, LOWEST[:CODE_SIZE])
    high[:CODE_SIZE] = np.minimum(highest + margin, HIGHEST[:CODE_SIZE])
    return low, high


def _with_vibrato(mapping: Mapping, old: Space, new: Space, asked: Repertoire) -> Mapping:
    if mapping.vibrato is None:
        return mapping
    swings = directions(mapping.vibrato.swings, old, new, asked)
    return replace(mapping, vibrato=replace(mapping.vibrato, swings=swings))


def directions(steps: Array, old: Space, new: Space, asked: Repertoire) -> Array:
    """Find steps of the new space that change what is played as steps of the old do.

    Parameters
    ----------
    steps
        Added to trajectories, shape (n, TRAJECTORY_SIZE).

    Returns
    -------
    NDArray
        The same, with each code step the mean of its counterparts over what is played.
    """
    audible = np.flatnonzero(asked.whole[:, LOUDNESS] > PROBED_DB)
    at = audible[np.linspace(0, len(audible) - 1, min(N_PROBED, len(audible))).astype(int)]
    probed = asked.some(at)
    rest = probed.found(old, new, probed.whole)
    moved = steps.copy()
    for row, step in zip(moved, steps, strict=True):
        if step[:CODE_SIZE].any():
            codes = probed.whole[:, :CODE_SIZE] + step[:CODE_SIZE]
            there = counterparts(old, new, codes, probed.moments, rest)
            row[:CODE_SIZE] = (there - rest).mean(axis=0)
    return moved
