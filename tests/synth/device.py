"""A sound device for the tests: it asks the engine's callback for buffers, one after the other."""

import ctypes

import numpy as np

from synth.engine.engine import Engine, Event
from synth.outputs import Output

CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int, *[ctypes.c_void_p] * 2, ctypes.c_ulong, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_void_p
)  # fmt: skip


def output(n_channels: int = 8, name: str = "box") -> Output:
    """An output as PortAudio would list it."""
    return Output(
        index=0, name=name, host_api="ALSA", n_channels=n_channels, rate_hz=48e3, is_default=True
    )


class Device:
    """A sound device with some buffer size and number of channels.

    Unless it is `timed` the engine has no clock, so that it never gives way to what else this
    machine has to do.
    """

    def __init__(
        self, engine: Engine, n_frames: int, n_channels: int = 2, *, timed: bool = False
    ) -> None:
        self.engine, self.n_frames, self.n_channels = engine, n_frames, n_channels
        if not timed:
            engine._state["clock_address"] = 0
        self._call = CALLBACK(engine.callback_address)

    def ask(self, flags: int = 0, host_time_s: float | None = None) -> np.ndarray:
        """Ask for the next buffer, at the time that it is due unless another is given."""
        out = np.full((self.n_frames, self.n_channels), np.nan, np.float32)
        due_s = self.engine.frame / self.engine.rate_hz
        times = np.full(3, due_s if host_time_s is None else host_time_s)
        state = self.engine.state_address
        assert (
            self._call(None, out.ctypes.data, self.n_frames, times.ctypes.data, flags, state) == 0
        )
        return out

    def play(self, events: list[Event], n_buffers: int) -> np.ndarray:
        """Ask for several buffers, with each event told just before the buffer it falls in."""
        waiting, heard = list(events), []
        for _ in range(n_buffers):
            while waiting and waiting[0].frame < self.engine.frame + self.n_frames:
                self.engine.push(waiting.pop(0))
            heard.append(self.ask())
        return np.vstack(heard)
