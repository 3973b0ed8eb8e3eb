"""Moving: a target said in one space, said in another so that it sounds alike."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from calibration.targets.target import TARGET_RATE_HZ, Target, TargetError
from mapper.mapping import CODE_SIZE, HIGHEST, LOUDNESS, LOWEST, PITCH_OFFSET
from synth.analysis.frames import HOP, RATE_HZ
from synth.controls import SILENCE_DB, TRANSIENT
from synth.decoder import decode
from synth.encoder import CODE_RATE_HZ, encoder_inputs, run_encoder
from synth.space import Space

Array = NDArray[np.float32]


def moved(target: Target, old: Space, new: Space) -> Target:
    """Decode a target's codes in its own space and encode what they say in another.

    Loudness, pitch and description stay; what counts as dull and as bright is told by instruments,
    which every space has.

    Raises
    ------
    TargetError
        When the target's codes are not of the old space, or the new one cannot encode.
    """
    if target.space_sha256 != old.sha256:
        raise TargetError(
            f"the target {target.name} was made in the space {target.space_sha256[:12] or 'unknown'}, "
            f"not in {old.card.name} {old.sha256[:12]}; give the one it was made in"
        )
    if "encoder.out.weight" not in new.encoder:
        raise TargetError(
            f"the space {new.card.name} cannot encode; give one that was trained with its encoder"
        )
    codes = _codes(target, old, new)
    at = target.times_s * CODE_RATE_HZ
    trajectory = target.trajectory.copy()
    for column in range(CODE_SIZE):
        trajectory[:, column] = np.interp(at, np.arange(len(codes)), codes[:, column])
    trajectory = np.clip(trajectory, LOWEST, HIGHEST).astype(np.float32)
    return replace(target, trajectory=trajectory, space_sha256=new.sha256)


def _codes(target: Target, old: Space, new: Space) -> Array:
    """Encode the decoded target anew, shape (n_codes, CODE_SIZE) at `CODE_RATE_HZ`."""
    at_s = np.arange(0.0, target.length_s, HOP / RATE_HZ)
    rows = np.stack(
        [np.interp(at_s * TARGET_RATE_HZ, np.arange(len(c)), c) for c in target.trajectory.T],
        axis=1,
    ).astype(np.float32)
    note = target.note + rows[:, PITCH_OFFSET] / 100.0
    controls = decode(old, rows[:, :CODE_SIZE], rows[:, LOUDNESS], note)
    controls[1:, TRANSIENT] = SILENCE_DB
    scale = new.card.loudness_mean_db, new.card.loudness_deviation_db
    return run_encoder(new.encoder, encoder_inputs(controls, rows[:, LOUDNESS], note, scale))
