"""The encoder: a recorded sound to its path through the space, sixteen numbers every 16 ms."""

from functools import partial
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from synth.analysis.frames import HOP, RATE_HZ, YOUNG_FRAMES, YOUNG_HOP
from synth.analysis.note import Analysis
from synth.controls import (
    CODE_SIZE,
    HALF_ORDERS,
    N_HALF_ORDERS,
    N_NOISE_BANDS,
    N_PITCH_FEATURES,
    N_TRANSIENT_BANDS,
    NOISE,
    PARTIALS,
    STRETCH,
    TRANSIENT,
    decoder_inputs,
)
from synth.settling import Measured, settle
from synth.space import Space, SpaceError

Array = NDArray[np.float32]

POOL: Final = 4
"""Frames of `HOP` that share a code."""
CODE_RATE_HZ: Final = RATE_HZ / HOP / POOL
N_SLOW: Final = 12
"""Numbers of a code that move slowly; the others are quick, for attacks and what else hurries."""
N_PARTIALS_HEARD: Final = 64
N_STRETCHES_HEARD: Final = 24
N_INPUTS: Final = (
    N_PARTIALS_HEARD
    + N_NOISE_BANDS
    + N_STRETCHES_HEARD
    + N_TRANSIENT_BANDS
    + 1
    + N_PITCH_FEATURES
    + N_HALF_ORDERS
)


class Encoding(NamedTuple):
    """A sound's path through a space, at `CODE_RATE_HZ` from its onset."""

    codes: Array
    """Shape (n_codes, CODE_SIZE)."""
    loudness_db: Array
    """Shape (n_codes,)."""
    note: Array
    """Sounding pitch as a fractional note number, shape (n_codes,)."""


def uniform_frames(n_frames: int) -> NDArray[np.int64]:
    """Find the analysis frames that lie `HOP` apart, young ones included."""
    step = HOP // YOUNG_HOP
    young = np.arange(0, min(YOUNG_FRAMES, n_frames), step)
    return np.concatenate([young, np.arange(YOUNG_FRAMES, n_frames)])


def encoder_inputs(
    controls: Array, loudness_db: Array, note: Array, scale: tuple[float, float]
) -> Array:
    """Assemble the encoder's input rows.

    Parameters
    ----------
    controls
        Rows of controls, shape (n_frames, N_CONTROLS), frames `HOP` apart.
    loudness_db, note
        Loudness and pitch as a fractional note number, shape (n_frames,).
    scale
        Mean and standard deviation that standardise the loudness.

    Returns
    -------
    NDArray
        Shape (n_frames, N_INPUTS).
    """
    nothing = np.zeros((len(controls), CODE_SIZE), np.float32)
    return np.hstack(
        [
            _scaled(controls[:, PARTIALS][:, :N_PARTIALS_HEARD]),
            _scaled(controls[:, NOISE]),
            5 * controls[:, STRETCH][:, :N_STRETCHES_HEARD],
            _scaled(controls[:, TRANSIENT]),
            decoder_inputs(nothing, loudness_db, note, scale)[:, CODE_SIZE:],
            _scaled(controls[:, HALF_ORDERS]),
        ]
    )


def _scaled(level_db: Array) -> Array:
    return np.asarray((level_db + 50) / 25, np.float32)


def encode_analysis(space: Space, frames: Analysis) -> Encoding:
    """Find the path through a space that sounds like a note that has been analysed.

    The encoder's network hears it, and what it heard is settled by the space's decoder.

    Raises
    ------
    SpaceError
        When the space has no encoder.
    """
    if "encoder.out.weight" not in space.encoder:
        raise SpaceError(
            f"the space {space.card.name} cannot encode; give one that was trained with its encoder"
        )
    scale = space.card.loudness_mean_db, space.card.loudness_deviation_db
    even = uniform_frames(len(frames.note))
    controls, loudness_db, pitch = (
        frames.controls[even],
        frames.loudness_db[even],
        frames.note[even],
    )
    heard = run_encoder(space.encoder, encoder_inputs(controls, loudness_db, pitch, scale))
    at = np.minimum(np.arange(len(heard)) * POOL, len(even) - 1)
    measured = Measured(loudness_db[at], pitch[at], controls[at])
    codes = settle(space, heard, measured, partial(_calmed, space.encoder))
    return Encoding(codes, measured.loudness_db, measured.note)


def run_encoder(arrays: dict[str, Array], inputs: Array) -> Array:
    """Run the network on one note's rows, shape (n_codes, CODE_SIZE).

    Code j hears four frames, the one at j * 16 ms, two before and one after, and four codes on either
    side through two convolutions; its slow numbers are averages over eight more on either side.
    """
    hidden = _silu(inputs @ arrays["encoder.frame.weight"].T + arrays["encoder.frame.bias"])
    hidden = _pool(hidden)
    layer = 0
    while f"encoder.conv.{layer}.weight" in arrays:
        mixed = _convolve(hidden, arrays[f"encoder.conv.{layer}.weight"])
        mixed = _normalise(mixed + arrays[f"encoder.conv.{layer}.bias"])
        gain, shift = arrays[f"encoder.norm.{layer}.weight"], arrays[f"encoder.norm.{layer}.bias"]
        hidden = hidden + _silu(mixed * gain + shift)
        layer += 1
    codes = hidden @ arrays["encoder.out.weight"].T + arrays["encoder.out.bias"]
    return _calmed(arrays, np.asarray(codes, np.float32))


def _calmed(arrays: dict[str, Array], codes: Array) -> Array:
    """Let slow numbers move slowly, where the encoder was taught so."""
    if "encoder.slow" not in arrays:
        return codes
    slow = _calm(codes[:, :N_SLOW], arrays["encoder.slow"])
    return np.hstack([slow, codes[:, N_SLOW:]])


def _calm(codes: Array, taps: Array) -> Array:
    """Average numbers over their neighbours in time, at the ends over those there are."""
    size = len(codes)
    low = len(taps) // 2
    share = np.convolve(np.ones(size), taps)[low : low + size]
    calm = [np.convolve(column, taps)[low : low + size] / share for column in codes.T]
    return np.stack(calm, axis=1).astype(np.float32)


def _silu(x: Array) -> Array:
    return np.asarray(x * expit(x), np.float32)


def _pool(frames: Array) -> Array:
    """Average the frames around each code; at the edges, those there are."""
    n_codes = (len(frames) + POOL // 2 - 1) // POOL + 1
    tail = n_codes * POOL - len(frames) - POOL // 2
    edges = (POOL // 2, tail)
    grouped = np.pad(frames, (edges, (0, 0))).reshape(n_codes, POOL, -1).sum(1)
    count = np.pad(np.ones(len(frames), np.float32), edges).reshape(n_codes, POOL).sum(1)
    return np.asarray(grouped / count[:, None], np.float32)


def _convolve(frames: Array, weight: Array) -> Array:
    """Convolve over time with silence beyond the ends; weight has shape (n_out, n_in, n_taps)."""
    n_taps = weight.shape[2]
    padded = np.pad(frames, ((n_taps // 2, n_taps // 2), (0, 0)))
    out = np.zeros((len(frames), weight.shape[0]), np.float32)
    for tap in range(n_taps):
        out += padded[tap : tap + len(frames)] @ weight[:, :, tap].T
    return out


def _normalise(x: Array) -> Array:
    centred = x - x.mean(axis=1, keepdims=True)
    return np.asarray(
        centred / np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-5), np.float32
    )
