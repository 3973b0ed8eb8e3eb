"""Description: how loud, how bright and how high a trajectory is, as a player would mean it."""

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.targets.target import (
    HIGHEST_DESCRIBED,
    LOWEST_DESCRIBED,
    TARGET_RATE_HZ,
    Target,
    TargetError,
)
from mapper.mapping import CODE_SIZE, LOUDNESS, PITCH_OFFSET
from presets.factory.demonstrations import Composer

Array = NDArray[np.float32]

LEAST_SPAN_NOTES: Final = 1.0
"""A path whose ends are nearer each other than this in brightness is read as this long."""


def described(composer: Composer, target: Target) -> Target:
    """Describe a target by another instrument than it was made with.

    Raises
    ------
    TargetError
        When its codes are of another space than the instrument's.
    """
    own, theirs = composer.space.sha256, target.space_sha256
    if theirs and theirs != own:
        raise TargetError(
            f"the target {target.name} was made in the space {theirs[:12]} and {own[:12]} is "
            f"played; run `embouchure targets move {target.name}`"
        )
    heard = describe(composer, target.trajectory, target.note, target.strike)
    return replace(target, descriptors=heard, space_sha256=own)


def describe(composer: Composer, trajectory: Array, note: float, strike: float) -> Array:
    """Measure what a player hears of a trajectory through an instrument's path.

    Parameters
    ----------
    composer
        The instrument; its path from dull to bright says what 0 and 1 of brightness are.
    trajectory
        At `TARGET_RATE_HZ` from the strike on, shape (n_rows, TRAJECTORY_SIZE).
    note, strike
        The key as a fractional note number, and how hard it is struck, 0-1.

    Returns
    -------
    NDArray
        Loudness in dB, brightness, pitch offset in cents, shape (n_rows, N_DESCRIPTORS).
    """
    rows = trajectory.astype(np.float64)
    loudness_db, cents = rows[:, LOUDNESS], rows[:, PITCH_OFFSET]
    pitch_note = note + cents / 100.0
    move = {
        "pitch_note": pitch_note,
        "age_s": np.arange(len(rows)) / TARGET_RATE_HZ,
        "strike": np.full(len(rows), strike),
    }
    dull, bright = composer.ends_note(composer.anchors(move), pitch_note)
    centroid = composer.centroid_note(rows[:, :CODE_SIZE], loudness_db, pitch_note)
    brightness = (centroid - dull) / np.maximum(bright - dull, LEAST_SPAN_NOTES)
    described = np.column_stack([loudness_db, brightness, cents])
    return np.clip(described, LOWEST_DESCRIBED, HIGHEST_DESCRIBED).astype(np.float32)
