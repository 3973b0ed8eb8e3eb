"""Wandering: surprise on purpose, most where least was demonstrated."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.refinements.locality import activity, raised, with_bumps
from calibration.refinements.refusal import RefinementError
from mapper.mapping import CODE_SIZE, LOUDNESS, TRAJECTORY_SIZE, Mapping

Array = NDArray[np.float64]

PRIOR: Final = np.array([0.8] * CODE_SIZE + [2.0, 0.0])
"""How far a bump may lie off before anything was demonstrated: code, dB, and no cents."""
KNOWN: Final = 0.5
"""What one second of demonstration says of a bump, against the prior."""
FARTHEST: Final = np.array([1.5] * CODE_SIZE + [4.0, 0.0])
"""No moment that was played moves further than this."""
FRAMES_PER_S: Final = 250.0


def wander(mapping: Mapping, features: NDArray[np.float32], amount: float, seed: int) -> Mapping:
    """Draw the heights of a mapping's bumps from what is still possible after what was played.

    With a prior of independent heights and what was played as observations, the posterior is
    Gaussian; an amount of 1 draws from it, less moves less, 0 is the mapping itself. Outside the
    bumps' reach nothing changes, nor does the pitch anywhere.

    Parameters
    ----------
    features
        Of what was demonstrated or played, shape (n_frames, N_FEATURES).

    Raises
    ------
    RefinementError
        When the amount is not from 0 to 1.
    RefinementError
        When the mapping cannot be changed in places.
    """
    if not 0.0 <= amount <= 1.0:
        raise RefinementError(f"wandering by {amount:g} cannot be; choose from 0, not at all, to 1")
    if amount == 0.0:
        return mapping
    shell, _ = with_bumps(mapping, features)
    heights = activity(shell, features)
    n_bumps = heights.shape[1]
    precision = np.eye(n_bumps) + KNOWN / FRAMES_PER_S * heights.T @ heights
    root = np.linalg.cholesky(np.linalg.inv(precision))
    drawn = np.random.default_rng(seed).normal(size=(n_bumps, TRAJECTORY_SIZE))
    steps = amount * PRIOR * (root @ drawn)
    return raised(shell, np.arange(n_bumps), steps * _guard(heights @ steps))


def _guard(moved: Array) -> Array:
    """Return what scales each output down to the farthest that it may move, shape (18,)."""
    most = np.abs(moved).max(axis=0)
    assert most[LOUDNESS] >= 0.0
    return np.minimum(1.0, FARTHEST / np.maximum(most, 1e-9))
