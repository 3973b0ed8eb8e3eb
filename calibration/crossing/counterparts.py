"""Counterparts: the codes of one space that sound like codes of another, frame by frame."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.crossing.likeness import Moments, decoded, heard
from mapper.mapping import HIGHEST, LOWEST
from synth.controls import CODE_SIZE, SILENCE_DB, TRANSIENT
from synth.decoder import decode
from synth.encoder import CODE_RATE_HZ, encoder_inputs, run_encoder
from synth.space import Space

Array = NDArray[np.float32]

AT_ONCE: Final = 256
ROUNDS: Final = 4
PULL: Final = 1.0
"""What a deviation of the code away from where the search began counts, in dB of one band."""
DAMPING: Final = 3.0
"""Added to each slope's square at first; less where a step helps, more where it does not."""
EASED, STIFFENED = 0.3, 8.0
LONGEST: Final = 2.0
"""No step leads further, so that slopes still hold."""


def counterparts(old: Space, new: Space, codes: Array, moments: Moments, start: Array) -> Array:
    """Find codes of the new space that sound like codes of the old, shape (n, CODE_SIZE).

    Damped least squares (Levenberg 1944) on what is heard of each frame, from `start` on.
    """
    parts = [slice(at, at + AT_ONCE) for at in range(0, len(codes), AT_ONCE)]
    found = [_found(old, new, codes[p], moments.some(p), start[p]) for p in parts]
    return np.concatenate(found) if found else start


def _found(old: Space, new: Space, codes: Array, moments: Moments, start: Array) -> Array:
    wanted = heard(*decoded(old, codes, moments), moments)[0]
    damping = np.full((len(codes), 1, 1), DAMPING, np.float32)
    here = start.astype(np.float32)
    error, slopes = _missed(new, here, moments, wanted)
    cost = _cost(error, here - start)
    for _ in range(ROUNDS):
        there = _clip(here + _step(error, slopes, here - start, damping))
        error_there, slopes_there = _missed(new, there, moments, wanted)
        cost_there = _cost(error_there, there - start)
        better = cost_there < cost
        here, cost = np.where(better[:, None], there, here), np.minimum(cost, cost_there)
        error = np.where(better[:, None], error_there, error)
        slopes = np.where(better[:, None, None], slopes_there, slopes)
        damping *= np.where(better, EASED, STIFFENED)[:, None, None].astype(np.float32)
    return here


def _missed(new: Space, codes: Array, moments: Moments, wanted: Array) -> tuple[Array, Array]:
    rows, slopes = heard(*decoded(new, codes, moments), moments)
    return rows - wanted, slopes


def _cost(error: Array, strayed: Array) -> Array:
    return np.asarray((error**2).sum(axis=1) + PULL**2 * (strayed**2).sum(axis=1))


def _step(error: Array, slopes: Array, strayed: Array, damping: Array) -> Array:
    gram = np.matmul(slopes, slopes.transpose(0, 2, 1))
    gram += (PULL**2 + damping) * np.eye(CODE_SIZE, dtype=np.float32)
    downhill = np.matmul(slopes, error[:, :, None]) + PULL**2 * strayed[:, :, None]
    step = -np.linalg.solve(gram, downhill)[:, :, 0]
    length = np.linalg.norm(step, axis=1, keepdims=True)
    return np.asarray(step * np.minimum(1.0, LONGEST / np.maximum(length, 1e-6)), np.float32)


def _clip(codes: Array) -> Array:
    return np.clip(codes, LOWEST[:CODE_SIZE], HIGHEST[:CODE_SIZE])


def encoded(
    old: Space, new: Space, codes: Array, moments: Moments, ages_s: NDArray[np.float64]
) -> Array:
    """Let the new space's encoder say what one touch's frames in the old sound like.

    Parameters
    ----------
    ages_s
        Ages of the frames since the strike, increasing, shape (n,).

    Returns
    -------
    NDArray
        Codes at the same ages, shape (n, CODE_SIZE).
    """
    step_s = 1.0 / (4.0 * CODE_RATE_HZ)
    even_s = np.arange(0.0, ages_s[-1] + step_s, step_s)
    rows = np.column_stack([codes, moments.loudness_db, moments.note])
    even = np.stack([np.interp(even_s, ages_s, column) for column in rows.T], axis=1)
    even = even.astype(np.float32)
    code, loudness_db, note = even[:, :CODE_SIZE], even[:, CODE_SIZE], even[:, CODE_SIZE + 1]
    controls = decode(old, code, loudness_db, note)
    controls[1:, TRANSIENT] = SILENCE_DB
    scale = new.card.loudness_mean_db, new.card.loudness_deviation_db
    said = run_encoder(new.encoder, encoder_inputs(controls, loudness_db, note, scale))
    said_s = np.arange(len(said)) / CODE_RATE_HZ
    return _clip(np.stack([np.interp(ages_s, said_s, one) for one in said.T], axis=1)).astype(
        np.float32
    )
