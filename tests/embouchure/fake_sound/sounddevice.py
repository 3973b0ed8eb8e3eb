"""PortAudio with sound devices that fail; put before the real one on the path of a program.

The file that FAKE_SOUND names holds a JSON object of devices by name. A device that "plays" does so
through the real default output; one that is "stuck" opens, never asks for sound and hangs in
closing; one that "hangs" never opens. A device whose entry changes while it plays falls silent.
"""

import json
import os
import sys
import threading
import time
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path
from types import ModuleType
from typing import Any

FIRST_INDEX = 1000
FOR_EVER_S = 60.0


def _real() -> ModuleType:
    """Load the module that this one stands before."""
    here = Path(__file__).parent
    spec = PathFinder.find_spec("sounddevice", [one for one in sys.path if Path(one) != here])
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


REAL = _real()
PortAudioError, query_hostapis, _ffi = REAL.PortAudioError, REAL.query_hostapis, REAL._ffi


def _devices() -> dict[str, str]:
    return json.loads(Path(os.environ["FAKE_SOUND"]).read_text())


def query_devices() -> list[dict[str, Any]]:
    """List the real devices and the fake ones, which belong to the first host API."""
    fakes = [
        {
            "index": FIRST_INDEX + place,
            "name": name,
            "hostapi": 0,
            "max_output_channels": 2,
            "default_samplerate": 48_000.0,
        }
        for place, name in enumerate(_devices())
    ]
    return [*REAL.query_devices(), *fakes]


def check_output_settings(*, device: int, **settings: Any) -> None:  # noqa: ANN401
    """Let fake devices play at any rate."""
    if device < FIRST_INDEX:
        REAL.check_output_settings(device=device, **settings)


class _StreamBase:
    """An output stream to a real device or a fake one."""

    def __init__(self, kind: str, *, device: int, **settings: Any) -> None:  # noqa: ANN401
        self._name = list(_devices())[device - FIRST_INDEX] if device >= FIRST_INDEX else ""
        manner = _devices().get(self._name, "plays")
        if manner == "hangs":
            time.sleep(FOR_EVER_S)
        self._is_stuck = manner == "stuck"
        device = (
            next(one["default_output_device"] for one in query_hostapis()[::-1])
            if self._name
            else device
        )
        self._stream = REAL._StreamBase(kind, device=device, **settings)

    def start(self) -> None:
        """Begin, if it does."""
        if not self._is_stuck:
            self._stream.start()
        if self._name:
            threading.Thread(target=self._follow, daemon=True).start()

    def _follow(self) -> None:
        """Fall silent when the device is gone."""
        while _devices().get(self._name) == "plays":
            time.sleep(0.02)
        if not self._is_stuck:
            self._stream.abort()
        self._is_stuck = True

    def stop(self) -> None:
        """End what it asked for."""
        self._hang()
        self._stream.stop()

    def close(self) -> None:
        """Let go."""
        self._hang()
        self._stream.close()

    def _hang(self) -> None:
        if self._is_stuck:
            time.sleep(FOR_EVER_S)
