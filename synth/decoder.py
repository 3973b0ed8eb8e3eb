"""The decoder: a small network from decoder inputs to controls, frame by frame and without state."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from synth.controls import CODE_SIZE, LEAK, decoder_inputs
from synth.engine.intrinsics import FAST
from synth.engine.layout import LANES, TILE
from synth.space import Space, SpaceError

Array = NDArray[np.float32]
MAX_WIDTH = 256
MAX_LAYERS = 7
_LEAK = np.float32(LEAK)


def decode(
    space: Space, codes: Array, loudness_db: NDArray[np.floating], note: NDArray[np.floating]
) -> Array:
    """Decode frames with plain array operations; the oracle of the compiled decoder.

    Parameters
    ----------
    codes
        Shape (n_frames, CODE_SIZE).
    loudness_db, note
        K-weighted loudness and fractional note number, shape (n_frames,).

    Returns
    -------
    NDArray
        Controls clamped to the space's bounds, shape (n_frames, N_CONTROLS).
    """
    scale = (space.card.loudness_mean_db, space.card.loudness_deviation_db)
    x = decoder_inputs(codes, loudness_db, note, scale)
    for weight, bias in zip(space.weights[:-1], space.biases[:-1], strict=True):
        x = x @ weight.T + bias
        x = np.where(x > 0, x, _LEAK * x)
    return np.clip(x @ space.weights[-1].T + space.biases[-1], space.low, space.high)


def decode_with_slopes(
    space: Space, codes: Array, loudness_db: NDArray[np.floating], note: NDArray[np.floating]
) -> tuple[Array, Array]:
    """Decode frames as `decode` does, and tell how each control changes with each number of the code.

    Returns
    -------
    tuple
        Controls, shape (n, N_CONTROLS), and their slopes, shape (n, CODE_SIZE, N_CONTROLS).
    """
    scale = (space.card.loudness_mean_db, space.card.loudness_deviation_db)
    x = decoder_inputs(codes, loudness_db, note, scale)
    slopes = np.eye(CODE_SIZE, x.shape[1], dtype=np.float32)[None]
    for weight, bias in zip(space.weights[:-1], space.biases[:-1], strict=True):
        x = x @ weight.T + bias
        leak = np.where(x > 0, np.float32(1.0), np.float32(LEAK))
        x, slopes = x * leak, _through(weight, slopes) * leak[:, None, :]
    controls = x @ space.weights[-1].T + space.biases[-1]
    inside = (controls > space.low) & (controls < space.high)
    slopes = _through(space.weights[-1], slopes) * inside[:, None, :]
    return np.clip(controls, space.low, space.high), slopes


def _through(weight: Array, slopes: Array) -> Array:
    """Multiply slopes, shape (n or 1, CODE_SIZE, m), by a layer's weights, all in one product."""
    flat = slopes.reshape(-1, slopes.shape[2]) @ weight.T
    return flat.reshape(*slopes.shape[:2], -1)


def _padded(n: int) -> int:
    return -(-n // LANES) * LANES


def _sizes(space: Space) -> list[int]:
    return [_padded(space.weights[0].shape[1]), *(_padded(len(b)) for b in space.biases)]


def plays_live(space: Space) -> bool:
    """Whether the engine can run a space's decoder; a larger one is played from a lattice."""
    sizes = _sizes(space)
    return max(sizes) <= MAX_WIDTH and len(sizes) - 1 <= MAX_LAYERS


def pack(space: Space) -> tuple[Array, NDArray[np.int32]]:
    """Lay the layers out for the compiled decoder.

    Returns
    -------
    tuple
        One vector holding each layer's weights (n_outputs, n_inputs) and biases with both sizes
        padded to `LANES`, and the padded sizes: inputs, then outputs of every layer.

    Raises
    ------
    SpaceError
        When it has more layers than the engine holds, or wider ones.
    """
    sizes = _sizes(space)
    if not plays_live(space):
        raise SpaceError(
            f"the space's decoder has {len(sizes) - 1} layers of up to {max(sizes)} numbers, and at "
            f"most {MAX_LAYERS} of {MAX_WIDTH} can be played live; build a cache of the preset with "
            "embouchure space cache and play it with --cached"
        )
    parts = []
    for weight, bias, n_in, n_out in zip(
        space.weights, space.biases, sizes[:-1], sizes[1:], strict=True
    ):
        padded = np.zeros((n_out, n_in), np.float32)
        padded[: weight.shape[0], : weight.shape[1]] = weight
        parts += [padded.ravel(), np.pad(bias, (0, n_out - len(bias)))]
    return np.concatenate(parts, dtype=np.float32), np.array(sizes, np.int32)


@njit(cache=True, error_model="numpy", fastmath=FAST)
def _layer(weight: Array, bias: Array, x: Array, y: Array, leak: np.float32) -> None:
    """Compute one layer for a tile of four rows, two outputs at a time, sums kept in registers.

    `weight` holds the rows of the layer's matrix one after the other.
    """
    n_out = len(bias)
    n_in = len(weight) // n_out
    x0, x1, x2, x3 = x[0], x[1], x[2], x[3]
    for j in range(0, n_out, 2):
        wa, wb = weight[j * n_in : (j + 1) * n_in], weight[(j + 1) * n_in : (j + 2) * n_in]
        a0 = a1 = a2 = a3 = b0 = b1 = b2 = b3 = np.float32(0)
        for i in range(n_in):
            a0 += wa[i] * x0[i]
            a1 += wa[i] * x1[i]
            a2 += wa[i] * x2[i]
            a3 += wa[i] * x3[i]
            b0 += wb[i] * x0[i]
            b1 += wb[i] * x1[i]
            b2 += wb[i] * x2[i]
            b3 += wb[i] * x3[i]
        y[0, j], y[0, j + 1] = a0 + bias[j], b0 + bias[j + 1]
        y[1, j], y[1, j + 1] = a1 + bias[j], b1 + bias[j + 1]
        y[2, j], y[2, j + 1] = a2 + bias[j], b2 + bias[j + 1]
        y[3, j], y[3, j + 1] = a3 + bias[j], b3 + bias[j + 1]
    for row in range(TILE):
        for j in range(n_out):
            value = y[row, j]
            y[row, j] = value if value > 0 else leak * value


@njit(cache=True, error_model="numpy")
def _copy(rows: Array, into: Array, n: int) -> None:
    """Copy the first numbers of each row; numba's own slice assignment could allocate a message."""
    for row in range(TILE):
        for j in range(n):
            into[row, j] = rows[row, j]


@njit(cache=True, error_model="numpy")
def decode_tile(packed: Array, sizes: NDArray[np.int32], n_layers: int, x: Array, y: Array) -> None:
    """Decode `TILE` rows; always the same shape, so a row's result never depends on the others.

    `x` holds the inputs, shape (TILE, MAX_WIDTH), zero beyond the inputs; both buffers are
    overwritten and the controls, not yet clamped, end in `x`.
    """
    at = 0
    for layer in range(n_layers):
        n_in, n_out = sizes[layer], sizes[layer + 1]
        weight = packed[at : at + n_in * n_out]
        bias = packed[at + n_in * n_out : at + n_in * n_out + n_out]
        at += n_in * n_out + n_out
        leak = np.float32(1.0) if layer == n_layers - 1 else _LEAK
        _layer(weight, bias, x, y, leak)
        x, y = y, x
    if n_layers % 2 == 1:  # `x` is the caller's `y` now
        _copy(x, y, sizes[n_layers])
