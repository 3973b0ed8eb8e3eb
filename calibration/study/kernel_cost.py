"""Kernel cost: what one voice costs in one control frame, many voices in turn."""

import time
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mapper.features import MEMORY_SIZE
from mapper.kernel import map_frame_address
from mapper.mapping import TRAJECTORY_SIZE, Mapping
from mapper.playing import KERNEL

Array = NDArray[np.float64]

N_VOICES: Final = 16
N_FRAMES: Final = 500
PERCENTILE: Final = 99.0


def kernel_us(mapping: Mapping, touches: Array) -> float:
    """Measure the 99th percentile in microseconds, the call from Python included.

    Voices take turns, so that each finds its memory as cold as when the engine calls it.
    """
    kernel = KERNEL(map_frame_address())
    rows = np.ascontiguousarray(touches[:N_FRAMES], np.float32)
    memories = np.zeros((N_VOICES, MEMORY_SIZE), np.float32)
    blob, out = mapping.blob(), np.zeros(TRAJECTORY_SIZE, np.float32)
    places = [memory.ctypes.data for memory in memories]
    blob_at, out_at = blob.ctypes.data, out.ctypes.data
    taken_ns = np.empty((len(rows), N_VOICES))
    for frame, row in enumerate(rows):
        row_at = row.ctypes.data
        for voice, memory_at in enumerate(places):
            begun_ns = time.perf_counter_ns()
            kernel(row_at, memory_at, blob_at, out_at)
            taken_ns[frame, voice] = time.perf_counter_ns() - begun_ns
    return float(np.percentile(taken_ns, PERCENTILE)) / 1000.0
