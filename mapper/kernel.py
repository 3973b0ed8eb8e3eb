"""The mapping compiled: what the engine calls, by address, for each voice and control frame."""

from typing import Any, Final, TypeAlias, cast

import numpy as np
from numba import cfunc, types
from numba.np.numpy_support import carray
from numpy.typing import NDArray

from mapper.cycles import N_SWINGING
from mapper.features import (
    INPUTS_AT,
    LAST_AT,
    MEMORY_SIZE,
    N_FEATURES,
    TOUCH_FIELDS,
    UNITS_AT,
    VIBRATO_AT,
)
from mapper.listening import GLIDE, describe, listen
from mapper.mapping import (
    HEADER_SIZE,
    HIGHEST,
    LOWEST,
    MAX_BLOB_SIZE,
    N_INPUTS,
    PITCH_OFFSET,
    TRAJECTORY_SIZE,
    VIBRATO_SIZE,
)
from mapper.network import answer, network_size
from mapper.reading import N_DESCRIPTORS
from mapper.residual import add_bumps
from mapper.swinging import calm, vibrate, watch
from mapper.tracking import VALUE, compiled

Array = NDArray[np.float32]
Pointer: TypeAlias = Any  # no type of Python's describes a pointer inside a kernel

N_HIDDEN, STRIKE_SHARE, HAS_READING, N_READ, N_BUMPS = range(HEADER_SIZE)
"""The numbers of a blob's header."""
MOST_BEHIND_CENTS: Final = 10_000.0
"""More than any hand glides within a message gap; what is not a number fails this too."""
N_TOUCH: Final = len(TOUCH_FIELDS)
SCALES: Final = HEADER_SIZE
RANGE: Final = SCALES + 4 * N_FEATURES
SLEW: Final = RANGE + 2 * TRAJECTORY_SIZE
VIBRATO: Final = SLEW + TRAJECTORY_SIZE
INSTRUMENT: Final = VIBRATO + VIBRATO_SIZE
"""Where the parts of a blob begin, see `mapper.mapping.Mapping.blob`."""


@compiled
def standardise(blob: Array, inputs: Array) -> None:
    """Clamp and scale the features in place."""
    for i in range(N_FEATURES):
        low, high = blob[SCALES + i], blob[SCALES + N_FEATURES + i]
        value = max(low, min(high, inputs[i]))
        centre, scale = blob[SCALES + 2 * N_FEATURES + i], blob[SCALES + 3 * N_FEATURES + i]
        inputs[i] = (value - centre) * scale


@compiled
def read(blob: Array, at: int, inputs: Array, units: Array) -> int:
    """Write the descriptors behind the features, and return where in the blob the reading ends."""
    descriptors = inputs[N_FEATURES:]
    if blob[HAS_READING] <= 0.0:
        descriptors[:N_DESCRIPTORS] = np.float32(0.0)
        return at
    network, n_read = at + 4 * N_DESCRIPTORS, int(blob[N_READ])
    answer(blob, network, n_read, inputs, N_FEATURES, descriptors, N_DESCRIPTORS, units)
    for d in range(N_DESCRIPTORS):
        value = max(blob[at + d], min(blob[at + N_DESCRIPTORS + d], descriptors[d]))
        centre, scale = blob[at + 2 * N_DESCRIPTORS + d], blob[at + 3 * N_DESCRIPTORS + d]
        descriptors[d] = (value - centre) * scale
    return network + network_size(N_FEATURES, n_read, N_DESCRIPTORS)


@compiled
def clamp(blob: Array, trajectory: Array) -> None:
    """Keep the trajectory within the mapping's range."""
    for j in range(TRAJECTORY_SIZE):
        low, high = blob[RANGE + j], blob[RANGE + TRAJECTORY_SIZE + j]
        trajectory[j] = max(low, min(high, trajectory[j]))


@compiled
def slew(blob: Array, dt_s: float, last: Array, trajectory: Array) -> None:
    """Let nothing move faster than it may; a strike begins anywhere."""
    for j in range(TRAJECTORY_SIZE):
        if dt_s > 0.0:
            most = blob[SLEW + j] * dt_s
            trajectory[j] = max(last[j] - most, min(last[j] + most, trajectory[j]))
        last[j] = trajectory[j]


@compiled
def smooth_glide(touch: Array, memory: Array, trajectory: Array) -> None:
    """Let the pitch follow the continuous glide: who sounds it adds the offset to the raw one."""
    behind_cents = 100.0 * (memory[GLIDE + VALUE] - touch[3])
    if abs(behind_cents) < MOST_BEHIND_CENTS:
        trajectory[PITCH_OFFSET] += behind_cents


@compiled
def bound(trajectory: Array) -> None:
    """Keep code and loudness within what can be played, whatever swings."""
    for j in range(PITCH_OFFSET):
        trajectory[j] = max(LOWEST[j], min(HIGHEST[j], trajectory[j]))


def _map_frame(
    touch_at: Pointer, memory_at: Pointer, blob_at: Pointer, trajectory_at: Pointer
) -> None:
    """Turn one touch row into one trajectory row; pointers to float32, see `synth.patch`."""
    touch = carray(touch_at, N_TOUCH)
    memory = carray(memory_at, MEMORY_SIZE)
    trajectory = carray(trajectory_at, TRAJECTORY_SIZE)
    blob = carray(blob_at, MAX_BLOB_SIZE)
    inputs, units = memory[INPUTS_AT:], memory[UNITS_AT:]
    listen(touch, memory, blob[STRIKE_SHARE])
    describe(touch, memory)
    watch(memory, VIBRATO_AT, blob, VIBRATO, touch[8])
    calm(memory, VIBRATO_AT, blob, VIBRATO, inputs)
    standardise(blob, inputs)
    reading = INSTRUMENT + network_size(N_INPUTS, int(blob[N_HIDDEN]), TRAJECTORY_SIZE)
    bumps = read(blob, reading, inputs, units)
    n_hidden, n_bumps = int(blob[N_HIDDEN]), int(blob[N_BUMPS])
    answer(blob, INSTRUMENT, n_hidden, inputs, N_INPUTS, trajectory, TRAJECTORY_SIZE, units)
    add_bumps(blob, bumps, n_bumps, inputs, N_INPUTS, trajectory, TRAJECTORY_SIZE, units)
    clamp(blob, trajectory)
    slew(blob, touch[8], memory[LAST_AT:], trajectory)
    smooth_glide(touch, memory, trajectory)
    vibrate(memory, VIBRATO_AT, blob, VIBRATO, trajectory)
    bound(trajectory)


_POINTER = types.CPointer(types.float32)
assert VIBRATO_AT + N_SWINGING <= UNITS_AT
map_frame = cfunc(
    types.void(_POINTER, _POINTER, _POINTER, _POINTER), error_model="numpy", cache=True
)(_map_frame)


def map_frame_address() -> int:
    """Address of the compiled `map_frame`; valid for the life of the process.

    The kernel is real-time safe: it allocates nothing, takes no lock and calls no Python.
    """
    return cast(int, map_frame.address)
