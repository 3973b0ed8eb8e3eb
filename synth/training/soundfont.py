"""A soundfont player without effects: single notes as float audio, by libfluidsynth."""

import ctypes
import ctypes.util
from pathlib import Path
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

FLUID_OK: Final = 0
SEVENTH_ORDER: Final = 7
GAIN: Final = 1.6
SWITCHES: Final = {
    "synth.reverb.active": 0,
    "synth.chorus.active": 0,
    "synth.dynamic-sample-loading": 1,
}
"""No effects, and only the samples that are played are read."""


class SoundfontError(RuntimeError):
    """The soundfont or its player is missing; the message is one sentence for the user."""


def _library() -> ctypes.CDLL:
    name = ctypes.util.find_library("fluidsynth")
    if name is None:
        raise SoundfontError(
            "libfluidsynth was not found; install it (Debian: libfluidsynth3) or name a corpus"
        )
    fluid = ctypes.CDLL(name)
    for function in ("new_fluid_settings", "new_fluid_synth"):
        getattr(fluid, function).restype = ctypes.c_void_p
    fluid.fluid_settings_setnum.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_double)
    return fluid


def require_soundfont(path: Path) -> None:
    """Refuse a soundfont that is not there.

    Raises
    ------
    SoundfontError
        When there is no such file.
    """
    if not path.exists():
        raise SoundfontError(
            f"the soundfont {path} does not exist; install it "
            "(Debian: fluid-soundfont-gm) or name a corpus"
        )


class Soundfont:
    """One loaded soundfont; use it as a context manager."""

    def __init__(self, path: Path, rate_hz: int) -> None:
        require_soundfont(path)
        self.rate_hz = rate_hz
        self._fluid = _library()
        self._fluid.fluid_set_log_function(2, None, None)
        self._settings = ctypes.c_void_p(self._fluid.new_fluid_settings())
        for key, value in (("synth.sample-rate", float(rate_hz)), ("synth.gain", GAIN)):
            self._fluid.fluid_settings_setnum(self._settings, key.encode(), value)
        for key, flag in SWITCHES.items():
            self._fluid.fluid_settings_setint(self._settings, key.encode(), flag)
        self._synth = ctypes.c_void_p(self._fluid.new_fluid_synth(self._settings))
        self._font = self._fluid.fluid_synth_sfload(self._synth, str(path).encode(), 1)
        if self._font < FLUID_OK:
            raise SoundfontError(f"{path} is not a soundfont; name an SF2 or SF3 file")
        self._fluid.fluid_synth_set_interp_method(self._synth, -1, SEVENTH_ORDER)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._fluid.delete_fluid_synth(self._synth)
        self._fluid.delete_fluid_settings(self._settings)

    def note(
        self, program: int, key: int, velocity: int, held_s: float, tail_s: float, bank: int = 0
    ) -> NDArray[np.float32]:
        """Play one note from silence.

        Returns
        -------
        NDArray
            The left channel (the right where the left is nearly silent), shape (n_samples,):
            adding the two would comb stereo samples.
        """
        self._fluid.fluid_synth_system_reset(self._synth)
        self._fluid.fluid_synth_program_select(self._synth, 0, self._font, bank, program)
        self._fluid.fluid_synth_noteon(self._synth, 0, key, velocity)
        held = self._render(round(held_s * self.rate_hz))
        self._fluid.fluid_synth_noteoff(self._synth, 0, key)
        stereo = np.hstack([held, self._render(round(tail_s * self.rate_hz))])
        left, right = np.sqrt((stereo.astype(np.float64) ** 2).mean(axis=1))
        return stereo[1] if left < right / 10 else stereo[0]

    def _render(self, n_samples: int) -> NDArray[np.float32]:
        stereo = np.zeros((2, n_samples), np.float32)
        left, right = (channel.ctypes.data_as(ctypes.c_void_p) for channel in stereo)
        self._fluid.fluid_synth_write_float(self._synth, n_samples, left, 0, 1, right, 0, 1)
        return stereo
