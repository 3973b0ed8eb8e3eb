"""A window: the engine's telemetry in shared memory, which the service reads and never waits for.

Each engine process has a window of its own. The memory has no name that could be left behind: it
ends with whichever of the two processes lives longer.
"""

import mmap
import os
import sys
import tempfile
import time
import uuid
from typing import Final

import numpy as np

from synth.engine.layout import TELEMETRY, Records
from synth.engine.telemetry import Snapshot, read_whole

SIZE: Final = TELEMETRY.itemsize
STALE_S: Final = 0.5
"""What has not changed for so long was left by an engine that has died or hangs."""
_TAGGED: Final = sys.platform == "win32"


class Window:
    """The service's side; `handle` tells the engine process which memory it is."""

    def __init__(self) -> None:
        self._file = None if _TAGGED else _memory_file()
        self.handle = f"embouchure-{uuid.uuid4()}" if self._file is None else str(self._file)
        self._view: Records | None = open_window(self.handle)
        self._frame = 0
        self._changed_s = -STALE_S

    @property
    def inherited(self) -> tuple[int, ...]:
        """File descriptors that the engine process must inherit."""
        return () if self._file is None else (self._file,)

    def look(self) -> Snapshot | None:
        """Read what the engine publishes, from any thread; None when it publishes no more."""
        view = self._view
        now = None if view is None else read_whole(view)
        return now if now and self._is_fresh(now.frame) else None

    def _is_fresh(self, frame: int) -> bool:
        now_s = time.monotonic()
        if frame != self._frame:
            self._frame, self._changed_s = frame, now_s
        return now_s - self._changed_s < STALE_S

    def close(self) -> None:
        """Give the memory back, as soon as nobody reads it; closing twice is allowed."""
        self._view = None
        if self._file is not None:
            os.close(self._file)
            self._file = None


def open_window(handle: str) -> Records:
    """Open the memory that a handle names: one record of `layout.TELEMETRY`, shape (1,)."""
    if sys.platform == "win32":
        return np.frombuffer(mmap.mmap(-1, SIZE, tagname=handle), TELEMETRY)
    return np.frombuffer(mmap.mmap(int(handle), SIZE), TELEMETRY)


def _memory_file() -> int:
    """Make a file without a name, in memory where the system can."""
    if sys.platform == "linux":
        file = os.memfd_create("embouchure-telemetry")
    else:
        with tempfile.TemporaryFile() as unnamed:
            file = os.dup(unnamed.fileno())
    os.ftruncate(file, SIZE)
    return file
