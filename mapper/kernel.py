"""The mapping compiled: what the engine calls, by address, for each voice and control frame."""

import math
from typing import Any, Final, TypeAlias, cast

import numpy as np
from numba import cfunc, types
from numba.np.numpy_support import carray
from numpy.typing import NDArray

from mapper.features import MEMORY_SIZE, N_FEATURES, N_STATES, TOUCH_FIELDS
from mapper.listening import GLIDE, describe, listen
from mapper.mapping import HEADER_SIZE, PITCH_OFFSET, TRAJECTORY_SIZE
from mapper.tracking import VALUE, compiled

Array = NDArray[np.float32]
Pointer: TypeAlias = Any  # no type of Python's describes a pointer inside a kernel

N_HIDDEN: Final = 0
STRIKE_SHARE: Final = 1
"""The two numbers of a blob's header."""
ONE: Final = np.float32(1.0)
TWO: Final = np.float32(2.0)
MOST_BEHIND_CENTS: Final = 10_000.0
"""More than any hand glides within a message gap; what is not a number fails this too."""
N_TOUCH: Final = len(TOUCH_FIELDS)
INPUTS: Final = HEADER_SIZE
SCALES: Final = INPUTS + 2 * N_FEATURES
OFFSET: Final = SCALES + 2 * N_FEATURES
RANGE: Final = OFFSET + TRAJECTORY_SIZE
LINEAR: Final = RANGE + 2 * TRAJECTORY_SIZE
HIDDEN: Final = LINEAR + N_FEATURES * TRAJECTORY_SIZE
"""Where the parts of a blob begin, see `mapper.mapping.Mapping.blob`."""


@compiled
def standardise(blob: Array, features: Array) -> None:
    """Clamp and scale the features in place."""
    for i in range(N_FEATURES):
        value = features[i]
        value = max(blob[INPUTS + i], min(blob[INPUTS + N_FEATURES + i], value))
        features[i] = (value - blob[SCALES + i]) * blob[SCALES + N_FEATURES + i]


@compiled
def add_linear(blob: Array, inputs: Array, trajectory: Array) -> None:
    """Set the trajectory to the linear path's output."""
    for j in range(TRAJECTORY_SIZE):
        trajectory[j] = blob[OFFSET + j]
    for i in range(N_FEATURES):
        row = LINEAR + i * TRAJECTORY_SIZE
        for j in range(TRAJECTORY_SIZE):
            trajectory[j] += inputs[i] * blob[row + j]


@compiled
def tanh(value: np.float32) -> np.float32:
    """Hyperbolic tangent to single precision; twice as fast as the C library's."""
    return ONE - TWO / (math.exp(TWO * value) + ONE)


@compiled
def add_hidden(blob: Array, inputs: Array, trajectory: Array) -> None:
    """Add each hidden unit's share, one unit at a time, so that no layer need be stored."""
    n_hidden = int(blob[N_HIDDEN])
    hidden = HIDDEN + n_hidden
    out = hidden + n_hidden * N_FEATURES
    for h in range(n_hidden):
        total = blob[HIDDEN + h]
        for i in range(N_FEATURES):
            total += blob[hidden + h * N_FEATURES + i] * inputs[i]
        unit = tanh(total)
        for j in range(TRAJECTORY_SIZE):
            trajectory[j] += unit * blob[out + h * TRAJECTORY_SIZE + j]


@compiled
def clamp(blob: Array, trajectory: Array) -> None:
    """Keep the trajectory within the mapping's range."""
    for j in range(TRAJECTORY_SIZE):
        low, high = blob[RANGE + j], blob[RANGE + TRAJECTORY_SIZE + j]
        trajectory[j] = max(low, min(high, trajectory[j]))


@compiled
def smooth_glide(touch: Array, memory: Array, trajectory: Array) -> None:
    """Let the pitch follow the continuous glide: who sounds it adds the offset to the raw one."""
    behind_cents = 100.0 * (memory[GLIDE + VALUE] - touch[3])
    if abs(behind_cents) < MOST_BEHIND_CENTS:
        trajectory[PITCH_OFFSET] += behind_cents


def _map_frame(
    touch_at: Pointer, memory_at: Pointer, blob_at: Pointer, trajectory_at: Pointer
) -> None:
    """Turn one touch row into one trajectory row; pointers to float32, see `synth.patch`."""
    touch = carray(touch_at, N_TOUCH)
    memory = carray(memory_at, MEMORY_SIZE)
    trajectory = carray(trajectory_at, TRAJECTORY_SIZE)
    n_hidden = int(carray(blob_at, HEADER_SIZE)[N_HIDDEN])
    blob = carray(blob_at, HIDDEN + n_hidden * (1 + N_FEATURES + TRAJECTORY_SIZE))
    listen(touch, memory, blob[STRIKE_SHARE])
    describe(touch, memory)
    features = memory[N_STATES:]
    standardise(blob, features)
    add_linear(blob, features, trajectory)
    add_hidden(blob, features, trajectory)
    clamp(blob, trajectory)
    smooth_glide(touch, memory, trajectory)


_POINTER = types.CPointer(types.float32)
map_frame = cfunc(
    types.void(_POINTER, _POINTER, _POINTER, _POINTER), error_model="numpy", cache=True
)(_map_frame)


def map_frame_address() -> int:
    """Address of the compiled `map_frame`; valid for the life of the process.

    The kernel is real-time safe: it allocates nothing, takes no lock and calls no Python.
    """
    return cast(int, map_frame.address)
