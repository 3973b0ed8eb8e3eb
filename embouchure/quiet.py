"""Quiet: how the engine process keeps out of its own way once everything is ready."""

import ctypes
import gc
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

SWITCH_INTERVAL_S: Final = 0.0005
YOUNG_OBJECTS: Final = 100_000
"""Objects made before the garbage collector looks; playing makes no cycles."""
NICENESS: Final = -11
"""Where audio servers run that have no real-time right; few users may ask for it, root may."""
COMPILER: Final = "libllvmlite"
MADV_PAGEOUT: Final = 21
"""Linux 5.4: hand pages back to the system, which reads them again should they be needed."""


def take_precedence() -> None:
    """Ask to be scheduled before ordinary programs, for threads started from now on."""
    with suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, 0, NICENESS)


def become_quiet() -> None:
    """Keep the garbage collector, slow threads and the idle compiler out of the way of playing."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, 100, 1000)
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    if sys.platform == "linux":
        _hand_back(COMPILER)


def _hand_back(library: str) -> None:
    """Let go of a loaded library's pages: kernels, once loaded, no longer need their compiler."""
    madvise = ctypes.CDLL(None).madvise
    madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    for start, end in _mappings(library):
        madvise(start, end - start, MADV_PAGEOUT)


def _mappings(library: str) -> Iterator[tuple[int, int]]:
    """Yield the address ranges that a library is mapped to."""
    for line in Path("/proc/self/maps").read_text().splitlines():
        if library in line:
            start, end = line.split(maxsplit=1)[0].split("-")
            yield int(start, 16), int(end, 16)
