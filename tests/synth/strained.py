"""A device on a machine whose strain the test decides: each buffer seems to take as long as told."""

import ctypes

import numpy as np

from synth.engine.engine import Engine
from tests.synth.device import Device

CLOCK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.POINTER(ctypes.c_int64))


class Strained(Device):
    """A device whose clock is a fake: between asking and having a buffer `load` of it goes by."""

    def __init__(self, engine: Engine, n_frames: int = 64) -> None:
        super().__init__(engine, n_frames)
        self.load = 0.0
        self._now_ns, self._asked = 10**9, False
        self._clock = CLOCK(self._read)
        engine._state["clock_address"] = ctypes.cast(self._clock, ctypes.c_void_p).value

    @property
    def buffer_ns(self) -> float:
        return self.n_frames / self.engine.rate_hz * 1e9

    def _read(self, _clock: int, timespec: "ctypes._Pointer[ctypes.c_int64]") -> int:
        self._asked = not self._asked
        spent_ns = 0 if self._asked else self.load * self.buffer_ns
        timespec[0], timespec[1] = divmod(int(self._now_ns + spent_ns), 10**9)
        return 0

    def ask(self, flags: int = 0) -> np.ndarray:
        """Ask for the next buffer, one buffer's time after the last."""
        heard = super().ask(flags)
        self._now_ns += int(self.buffer_ns)
        return heard

    def run(self, seconds: float, *loads: float) -> np.ndarray:
        """Ask for some time, under these loads in turn."""
        heard = []
        for i in range(int(seconds * self.engine.rate_hz / self.n_frames)):
            self.load = loads[i % len(loads)]
            heard.append(self.ask())
        return np.vstack(heard)
