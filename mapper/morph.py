"""A morph compiled: two mappings follow one touch, and what is heard lies between their answers."""

from typing import Any, Final, cast

import numpy as np
from numba import cfunc, njit, types
from numba.core.extending import intrinsic
from numba.np.numpy_support import carray
from numpy.typing import NDArray

from mapper.features import MEMORY_SIZE, MORPH_MEMORY_SIZE
from mapper.kernel import Pointer, _map_frame
from mapper.mapping import TRAJECTORY_SIZE

Array = NDArray[np.float32]

SHARE, OTHER_AT = range(2)
HEADER_SIZE: Final = 2
"""A blob is the share of the second mapping and where its own blob begins, then both blobs."""
FIRST: Final = 2 * MEMORY_SIZE
"""Where the first one's answer waits, behind the memories of both."""
ONE: Final = np.float32(1.0)

_map = njit(error_model="numpy", cache=True, forceinline=True)(_map_frame)


def blob(first: Array, other: Array, share: float) -> Array:
    """Pack the blobs of two mappings, the second of which is heard to this share, 0-1."""
    header = np.array([share, HEADER_SIZE + len(first)], np.float32)
    return np.concatenate([header, first, other]).astype(np.float32)


def _ahead(typing: Any, pointer: Any, n: Any) -> Any:  # noqa: ANN401  # numba's protocol
    """Point `n` numbers further on than a pointer does."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ANN401
        return builder.gep(args[0], [args[1]])

    return pointer(pointer, types.intp), codegen


ahead: Any = intrinsic(_ahead)


def _morph_frame(
    touch_at: Pointer, memory_at: Pointer, blob_at: Pointer, trajectory_at: Pointer
) -> None:
    """Mix what both mappings make of a touch, code, dB and cents; see `synth.patch`."""
    header = carray(blob_at, HEADER_SIZE)
    trajectory = carray(trajectory_at, TRAJECTORY_SIZE)
    first = carray(memory_at, MORPH_MEMORY_SIZE)[FIRST:]
    share = header[SHARE]
    for part in range(2):
        own = HEADER_SIZE if part == 0 else int(header[OTHER_AT])
        memory = ahead(memory_at, part * MEMORY_SIZE)
        _map(touch_at, memory, ahead(blob_at, own), trajectory_at)
        for j in range(TRAJECTORY_SIZE):
            if part == 0:
                first[j] = (ONE - share) * trajectory[j]
            else:
                trajectory[j] = first[j] + share * trajectory[j]


_POINTER = types.CPointer(types.float32)
morph_frame = cfunc(
    types.void(_POINTER, _POINTER, _POINTER, _POINTER), error_model="numpy", cache=True
)(_morph_frame)


def morph_frame_address() -> int:
    """Address of the compiled `morph_frame`; valid for the life of the process.

    The kernel is real-time safe: it allocates nothing, takes no lock and calls no Python.
    """
    return cast(int, morph_frame.address)
