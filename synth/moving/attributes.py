"""Attributes: what a player would say of a sound, measured on decoded controls."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from synth.controls import (
    NOISE,
    ORDERS,
    PARTIALS,
    hz_to_note,
    k_weighting_db,
    noise_centres_hz,
    note_to_hz,
)
from synth.decoder import decode
from synth.space import Space

Array = NDArray[np.float64]

ATTRIBUTES: Final = ("bright", "breath", "hollow", "body")
"""In order, each a column of `attributes`:

- bright: centroid of the partials' amplitudes, in semitones above the note
- breath: share of the noise in the weighted power, dB
- hollow: partials 3, 5 and 7 against 2, 4 and 6, dB
- body: the partials up to the second against those above, dB
"""
ODD: Final = (2, 4, 6)
EVEN: Final = (1, 3, 5)
LOW: Final = ORDERS <= 2
HEARD_HZ: Final = 18_000.0


def attributes(space: Space, codes: Array, loudness_db: Array, note: Array) -> Array:
    """Measure frames of the decoder.

    Parameters
    ----------
    codes
        Shape (n_frames, CODE_SIZE).
    loudness_db, note
        Shape (n_frames,).

    Returns
    -------
    NDArray
        Shape (n_frames, len(ATTRIBUTES)).
    """
    controls = decode(space, codes.astype(np.float32), loudness_db, note).astype(np.float64)
    partial_hz = note_to_hz(note)[:, None] * ORDERS
    powers = 10.0 ** (controls[:, PARTIALS] / 10.0) / 2.0 * (partial_hz < HEARD_HZ)
    tone = (powers * 10.0 ** (k_weighting_db(partial_hz) / 10.0)).sum(axis=1)
    noise_db = controls[:, NOISE] + k_weighting_db(noise_centres_hz())
    noise = (10.0 ** (noise_db / 10.0)).sum(axis=1)
    amplitudes = np.sqrt(powers)
    centroid_hz = (amplitudes * partial_hz).sum(axis=1) / amplitudes.sum(axis=1)
    return np.column_stack(
        [
            hz_to_note(centroid_hz) - note,
            10.0 * np.log10(noise / (tone + noise)),
            10.0 * np.log10(powers[:, ODD].sum(axis=1) / powers[:, EVEN].sum(axis=1)),
            10.0 * np.log10(powers[:, LOW].sum(axis=1) / powers[:, ~LOW].sum(axis=1)),
        ]
    )
