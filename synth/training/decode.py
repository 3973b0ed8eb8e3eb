"""A path of codes to the controls of a whole note, rescaled to its loudness as the engine does."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from synth.analysis.frames import frame_times_s
from synth.analysis.note import Analysis
from synth.decoder import decode
from synth.encoder import CODE_RATE_HZ
from synth.loudness import held
from synth.space import Space

Array = NDArray[np.float32]
Decoder = Callable[[Array, Array, Array], Array]


def decode_path(space: Space, codes: Array, frames: Analysis) -> Analysis:
    """Decode codes at the loudness and pitch of an analysed note; see `speak`."""
    return speak(partial(decode, space), codes, frames)


def speak(decoder: Decoder, codes: Array, frames: Analysis) -> Analysis:
    """Let any decoder say codes at the loudness and pitch of an analysed note.

    Parameters
    ----------
    decoder
        Given rows of codes, loudness and pitch it returns rows of controls.
    codes
        Codes at `CODE_RATE_HZ`, shape (n_codes, CODE_SIZE); the last lasts as long as the note.
    frames
        Gives loudness and pitch of each frame.
    """
    path = _at_frames(codes, len(frames.note))
    return at_loudness(decoder(path, frames.loudness_db, frames.note), frames)


def at_loudness(rows: Array, frames: Analysis) -> Analysis:
    """Rescale rows of controls until they sound as loud as the frames, within what the engine does."""
    return replace(frames, controls=held(rows, frames.note))


def _at_frames(columns: Array, n_frames: int) -> Array:
    """Interpolate what is sampled at `CODE_RATE_HZ` at the frames of an analysis."""
    at = frame_times_s(n_frames) * CODE_RATE_HZ
    steps = np.arange(len(columns))
    return np.stack(
        [np.interp(at, steps, column) for column in columns.T], axis=1, dtype=np.float32
    )
