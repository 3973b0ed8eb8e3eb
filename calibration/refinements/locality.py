"""Locality: bumps around what was played, so that a change there is no change elsewhere."""

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.refinements.refusal import RefinementError
from mapper.features import AT
from mapper.mapping import N_INPUTS, TRAJECTORY_SIZE, Mapping
from mapper.residual import MAX_BUMPS, Residual

Array = NDArray[np.float64]
Places = NDArray[np.intp]

REACHES: Final = {
    AT.effort: 0.7,
    AT.slide: 0.7,
    AT.strike: 1.2,
    AT.age_640ms: 1.0,
    AT.pitch_note: 1.2,
}
"""Standardised inputs by which places in a performance are told apart, and how far a bump reaches."""
N_LAID: Final = 32
"""Bumps laid by one change, as long as there is room."""


def with_bumps(mapping: Mapping, features: NDArray[np.float32]) -> tuple[Mapping, Places]:
    """Lay new bumps, of no height yet, over what was played.

    Parameters
    ----------
    features
        Where the mapping is to be changed, shape (n_frames, N_FEATURES).

    Returns
    -------
    tuple
        The mapping that says the same, and the numbers of the bumps that may be given a height,
        shape (n_bumps,): the new ones, or all where there is no more room.

    Raises
    ------
    RefinementError
        When the mapping reads no descriptors.
    """
    if mapping.reading is None:
        raise RefinementError(
            "this preset cannot be changed in places; turn its gains instead, or choose one that can, "
            "such as a factory preset"
        )
    before = mapping.residual or _empty()
    n_before = len(before.centre)
    n_new = min(N_LAID, MAX_BUMPS - n_before)
    if n_new <= 0:
        return mapping, np.arange(n_before)
    centre = _apart(mapping.inputs(features) * before.scale, n_new)
    none = np.zeros((len(centre), TRAJECTORY_SIZE), np.float32)
    residual = Residual(
        scale=before.scale,
        centre=np.vstack([before.centre, centre]).astype(np.float32),
        out=np.vstack([before.out, none]),
    )
    laid = np.arange(n_before, len(residual.centre))
    return replace(mapping, residual=residual), laid


def raised(mapping: Mapping, bumps: Places, heights: Array) -> Mapping:
    """Add to the heights of some bumps, shape (len(bumps), TRAJECTORY_SIZE)."""
    assert mapping.residual
    out = mapping.residual.out.astype(np.float64)
    out[bumps] += heights
    return replace(mapping, residual=replace(mapping.residual, out=out.astype(np.float32)))


def activity(mapping: Mapping, features: NDArray[np.float32]) -> Array:
    """Tell how much of each bump is heard in each frame, shape (n_frames, n_bumps)."""
    assert mapping.residual
    return mapping.residual.bumps(mapping.inputs(features)).astype(np.float64)


def _empty() -> Residual:
    scale = np.zeros(N_INPUTS, np.float32)
    for feature, reach in REACHES.items():
        scale[feature] = 1.0 / reach
    centre = np.zeros((0, N_INPUTS), np.float32)
    return Residual(scale=scale, centre=centre, out=np.zeros((0, TRAJECTORY_SIZE), np.float32))


def _apart(rows: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """Choose rows far from one another."""
    distance = np.full(len(rows), np.inf)
    chosen = [len(rows) // 2]
    while len(chosen) < min(count, len(rows)):
        distance = np.minimum(distance, ((rows - rows[chosen[-1]]) ** 2).sum(axis=1))
        chosen.append(int(distance.argmax()))
    return rows[chosen]
