"""Playback: a stored trajectory replayed from a touch's strike on, compiled for the engine."""

from typing import Any, Final, TypeAlias, cast

import numpy as np
from numba import cfunc, types
from numba.np.numpy_support import carray
from numpy.typing import NDArray

from mapper.features import TOUCH_FIELDS
from mapper.mapping import LOUDNESS, LOWEST, PITCH_OFFSET, TRAJECTORY_SIZE
from mapper.tracking import compiled

Array = NDArray[np.float32]
Pointer: TypeAlias = Any  # no type of Python's describes a pointer inside a kernel

N_ROWS: Final = 0
ROW_RATE_HZ: Final = 1
ROWS: Final = 2
"""A blob is the number of rows, their rate, then the rows themselves."""
ENDING_DB_PER_S: Final = np.float32(1200.0)
"""How fast the sound goes once the rows have ended: 60 dB in 50 ms."""
SILENT_DB: Final = LOWEST[LOUDNESS]
GLIDE: Final = TOUCH_FIELDS.index("glide_semitones")
AGE: Final = TOUCH_FIELDS.index("age_s")
N_TOUCH: Final = len(TOUCH_FIELDS)
MOST_CENTS: Final = np.float32(10_000.0)
"""More than any hand glides; what is not a number fails this too."""
ZERO: Final = np.float32(0.0)
ONE: Final = np.float32(1.0)
CENTS: Final = np.float32(100.0)


def blob(trajectory: Array, rate_hz: float) -> Array:
    """Pack a trajectory for `play_back`.

    Parameters
    ----------
    trajectory
        One row or more, shape (n_rows, TRAJECTORY_SIZE).
    rate_hz
        Rows in a second, the first at the strike.
    """
    header = np.array([len(trajectory), rate_hz], np.float32)
    return np.concatenate([header, trajectory.ravel()]).astype(np.float32)


@compiled
def read_between(rows: Array, position: np.float32, n_rows: int, trajectory: Array) -> None:
    """Read the trajectory at a fractional row; before the first and after the last, theirs."""
    last = np.float32(n_rows - 1)
    place = min(position, last) if position > ZERO else ZERO
    low = int(place)
    high = min(low + 1, n_rows - 1)
    part = place - np.float32(low)
    for j in range(TRAJECTORY_SIZE):
        before = rows[low * TRAJECTORY_SIZE + j]
        after = rows[high * TRAJECTORY_SIZE + j]
        trajectory[j] = before * (ONE - part) + after * part


def _play_back(
    touch_at: Pointer, memory_at: Pointer, blob_at: Pointer, trajectory_at: Pointer
) -> None:
    """Replay the blob at the touch's age and key, whatever the hand does; see `synth.patch`."""
    touch = carray(touch_at, N_TOUCH)
    trajectory = carray(trajectory_at, TRAJECTORY_SIZE)
    header = carray(blob_at, ROWS)
    n_rows, rate_hz = int(header[N_ROWS]), header[ROW_RATE_HZ]
    rows = carray(blob_at, ROWS + n_rows * TRAJECTORY_SIZE)[ROWS:]
    position = touch[AGE] * rate_hz
    read_between(rows, position, n_rows, trajectory)
    beyond_s = (position - np.float32(n_rows - 1)) / rate_hz
    if beyond_s > ZERO:
        trajectory[LOUDNESS] = max(trajectory[LOUDNESS] - ENDING_DB_PER_S * beyond_s, SILENT_DB)
    glide_cents = CENTS * touch[GLIDE]
    if abs(glide_cents) < MOST_CENTS:
        trajectory[PITCH_OFFSET] -= glide_cents


_POINTER = types.CPointer(types.float32)
play_back = cfunc(
    types.void(_POINTER, _POINTER, _POINTER, _POINTER), error_model="numpy", cache=True
)(_play_back)


def play_back_address() -> int:
    """Address of the compiled `play_back`; valid for the life of the process.

    The kernel is real-time safe: it allocates nothing, takes no lock and calls no Python.
    """
    return cast(int, play_back.address)
