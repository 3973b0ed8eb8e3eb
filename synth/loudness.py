"""Loudness held: rows of controls rescaled to the loudness that was asked for, as the engine does."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from synth.analysis.note import loudness_db
from synth.analysis.stretch import partial_hz
from synth.controls import NOISE, PARTIALS, STRETCH, note_to_hz

Array = NDArray[np.float64]

CORRECTION_DB: Final = (-30.0, 12.0)
"""How far the engine rescales a frame at most."""


def frequencies_hz(rows: NDArray[np.floating], note: NDArray[np.floating]) -> Array:
    """Frequency of each partial of rows of controls, shape (n_frames, N_PARTIALS)."""
    return partial_hz(1.0, rows[:, STRETCH].astype(np.float64)) * note_to_hz(note)[:, None]


def powers(rows: NDArray[np.floating]) -> tuple[Array, Array]:
    """Mean squares of partials and of noise bands, for a loudness of 0 dB."""
    partials = 10 ** (rows[:, PARTIALS].astype(np.float64) / 10) / 2
    noise = 10 ** (rows[:, NOISE].astype(np.float64) / 10)
    return partials, noise


def own_loudness_db(rows: NDArray[np.floating], note: NDArray[np.floating]) -> Array:
    """Loudness of rows whose levels should make 0 dB, shape (n_frames,)."""
    return loudness_db(*powers(rows), frequencies_hz(rows, note))


def held(rows: NDArray[np.float32], note: NDArray[np.floating]) -> NDArray[np.float32]:
    """Rescale rows of shape (n_frames, N_CONTROLS) so that their levels make 0 dB."""
    correction_db = np.clip(-own_loudness_db(rows, note), *CORRECTION_DB)
    rescaled = rows.astype(np.float32)
    rescaled[:, PARTIALS.start : NOISE.stop] += correction_db[:, None].astype(np.float32)
    return rescaled
