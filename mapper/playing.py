"""Playing: a whole gesture through the compiled kernel, frame by frame as the engine calls it."""

import ctypes
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mapper.features import MEMORY_SIZE
from mapper.kernel import map_frame_address
from mapper.mapping import TRAJECTORY_SIZE, Mapping

Array = NDArray[np.float32]

KERNEL: Final = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 4)
FLOAT_BYTES: Final = 4


def play(mapping: Mapping, touches: NDArray[np.floating], strike_share: float = 1.0) -> Array:
    """Play a gesture.

    Parameters
    ----------
    touches
        Touch rows at successive control frames, `mapper.features.TOUCH_FIELDS` in order, shape
        (n_frames, len(TOUCH_FIELDS)); the first is the strike.
    strike_share
        How much of the first loudness is the strike's, as `mapper.manner.Manner` has it.

    Returns
    -------
    NDArray
        Trajectory, shape (n_frames, TRAJECTORY_SIZE); whoever sounds it adds the glide of the
        touch to its pitch offset.
    """
    kernel = KERNEL(map_frame_address())
    rows = np.ascontiguousarray(touches, np.float32)
    memory, blob = np.zeros(MEMORY_SIZE, np.float32), mapping.blob(strike_share)
    trajectory = np.zeros((len(rows), TRAJECTORY_SIZE), np.float32)
    touch_at, trajectory_at = rows.ctypes.data, trajectory.ctypes.data
    touch_bytes, trajectory_bytes = FLOAT_BYTES * rows.shape[1], FLOAT_BYTES * TRAJECTORY_SIZE
    for frame in range(len(rows)):
        kernel(
            touch_at + frame * touch_bytes,
            memory.ctypes.data,
            blob.ctypes.data,
            trajectory_at + frame * trajectory_bytes,
        )
    return trajectory
