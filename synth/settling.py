"""Settling: codes that an encoder heard, moved until the decoder says nearly what was measured."""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from synth.audibility import AUDIBLE_DB, INAUDIBLE_DB
from synth.controls import CODE_SIZE, NOISE, PARTIALS
from synth.decoder import decode_with_slopes
from synth.space import Space

Array = NDArray[np.float32]

N_STEPS: Final = 4
PRIOR: Final = 2.0
"""How strongly a code is held where the encoder heard it, in dB² for a move of 1."""
KNEE_DB: Final = 6.0
NOISE_SHARE: Final = 0.5
LEVELS: Final = slice(PARTIALS.start, NOISE.stop)
PIECE_ROWS: Final = 512
"""Rows at a time, for the slopes of one row take 16 kB."""


class Measured(NamedTuple):
    """What was measured where each code lies."""

    loudness_db: Array
    """Shape (n_codes,)."""
    note: Array
    """Sounding pitch as a fractional note number, shape (n_codes,)."""
    controls: Array
    """Shape (n_codes, N_CONTROLS)."""


def settle(space: Space, codes: Array, measured: Measured, calm: Callable[[Array], Array]) -> Array:
    """Move codes so that a space's decoder says nearly what was measured, and never far.

    Each is moved by damped Gauss-Newton steps (Levenberg 1944). The levels of partials and noise
    count by how audible they are, and less the farther they are off (Huber 1964), so that none
    that the space cannot say drags the others away.

    Parameters
    ----------
    codes
        As heard, shape (n_codes, CODE_SIZE).
    calm
        Smooths a path of moves over time, as the encoder smooths its codes.
    """
    moved = np.zeros_like(codes)
    for _ in range(N_STEPS):
        pieces = range(0, len(codes), PIECE_ROWS)
        steps = [_step(space, codes, moved, measured, at) for at in pieces]
        moved = calm(moved + np.vstack(steps))
    return codes + moved


def _step(space: Space, codes: Array, moved: Array, measured: Measured, start: int) -> Array:
    """Find the step of each code of one piece, shape (n_rows, CODE_SIZE)."""
    piece = slice(start, start + PIECE_ROWS)
    loudness_db, note, controls = (rows[piece] for rows in measured)
    said, slopes = decode_with_slopes(space, codes[piece] + moved[piece], loudness_db, note)
    said, slopes = said[:, LEVELS], slopes[:, :, LEVELS]
    off = controls[:, LEVELS] - said
    weighed = slopes * _weights(said, off)[:, None, :]
    within = weighed @ slopes.transpose(0, 2, 1) + PRIOR * np.eye(CODE_SIZE, dtype=np.float32)
    wished = (weighed * off[:, None, :]).sum(2) - PRIOR * moved[piece]
    return np.asarray(np.linalg.solve(within, wished[..., None])[..., 0], np.float32)


def _weights(said: Array, off: Array) -> Array:
    """Tell how much each level counts, shape (n_rows, n_levels); in each row the sum is 1."""
    louder = np.maximum(said, said + off)
    audible = np.clip((louder - INAUDIBLE_DB) / (AUDIBLE_DB - INAUDIBLE_DB), 0, 1)
    audible[:, NOISE] *= NOISE_SHARE
    weights = audible * np.minimum(1, KNEE_DB / np.maximum(np.abs(off), KNEE_DB))
    total = weights.sum(1, keepdims=True)
    return np.divide(weights, total, out=np.zeros_like(weights), where=total > 0)
