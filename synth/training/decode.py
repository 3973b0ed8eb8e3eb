"""A path of codes to the controls of a whole note, rescaled to its loudness as the engine does."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from synth.analysis.frames import frame_times_s
from synth.analysis.note import Analysis, loudness_db
from synth.analysis.stretch import partial_hz
from synth.controls import NOISE, PARTIALS, STRETCH, note_to_hz
from synth.decoder import decode
from synth.encoder import CODE_RATE_HZ
from synth.space import Space

Array = NDArray[np.float32]

CORRECTION_DB: Final = (-30.0, 12.0)


def decode_path(space: Space, codes: Array, frames: Analysis) -> Analysis:
    """Decode codes at `CODE_RATE_HZ` at the loudness and pitch of an analysed note.

    Parameters
    ----------
    space
        Holds the decoder.
    codes
        Shape (n_codes, CODE_SIZE); the last one lasts as long as the note.
    frames
        Gives loudness and pitch of each frame.
    """
    at = frame_times_s(len(frames.note)) * CODE_RATE_HZ
    path = np.stack([np.interp(at, np.arange(len(codes)), column) for column in codes.T], axis=1)
    rows = decode(space, path.astype(np.float32), frames.loudness_db, frames.note)
    correction_db = np.clip(-_own_loudness_db(rows, frames.note), *CORRECTION_DB)
    rows[:, PARTIALS.start : NOISE.stop] += correction_db[:, None]
    return Analysis(
        controls=rows.astype(np.float32), loudness_db=frames.loudness_db, note=frames.note
    )


def _own_loudness_db(rows: Array, note: Array) -> NDArray[np.float64]:
    """Loudness of rows whose levels should make 0 dB, shape (n_frames,)."""
    hz = partial_hz(1.0, rows[:, STRETCH].astype(np.float64)) * note_to_hz(note)[:, None]
    partials = 10 ** (rows[:, PARTIALS].astype(np.float64) / 10) / 2
    noise = 10 ** (rows[:, NOISE].astype(np.float64) / 10)
    return loudness_db(partials, noise, hz)
