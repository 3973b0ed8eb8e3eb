"""View frames: the engine's telemetry as the bytes that a page draws; docs/service.md has the layout."""

import struct
from collections.abc import Callable
from typing import Final

import numpy as np

from embouchure.service.places import Places
from synth.engine.layout import HELD, TAIL
from synth.engine.telemetry import Snapshot

VERSION: Final = 1
SOUNDS, IS_PLACED = 1, 2
"""Flags: an engine sounds; the places on the chart are known."""
HEADER: Final = struct.Struct("<BBHIffII")
VOICE: Final = np.dtype(
    [
        ("touch", "<u4"),
        ("status", "u1"),
        ("zone", "u1"),
        ("unused", "<u2"),
        ("note", "<f4"),
        ("strike", "<f4"),
        ("press", "<f4"),
        ("slide", "<f4"),
        ("glide_semitones", "<f4"),
        ("loudness_db", "<f4"),
        ("f0_hz", "<f4"),
        ("map_x", "<f4"),
        ("map_y", "<f4"),
    ]
)
SAME: Final = (
    "touch", "status", "zone", "note", "strike", "press", "slide", "glide_semitones",
    "loudness_db", "f0_hz",
)  # fmt: skip
"""Fields that are as the engine tells them."""
Look = Callable[[], Snapshot | None]


def encode(now: Snapshot | None, counter: int, places: Places | None = None) -> bytes:
    """Write one frame; without a snapshot it says that no engine sounds."""
    flags = IS_PLACED if places else 0
    if now is None:
        return HEADER.pack(VERSION, 0, flags, counter, 0.0, 0.0, 0, 0)
    sounding = now.voices[np.isin(now.voices["status"], (HELD, TAIL))]
    voices = np.zeros(len(sounding), VOICE)
    for name in SAME:
        voices[name] = sounding[name]
    if places:
        voices["map_x"], voices["map_y"] = places.of(sounding["code"]).T
    numbers = (now.peak, now.load, now.dropouts & 0xFFFFFFFF, now.shed & 0xFFFFFFFF)
    header = HEADER.pack(VERSION, len(voices), flags | SOUNDS, counter, *numbers)
    return header + voices.tobytes()


class Frames:
    """The newest frame, encoded once for however many look; one thread.

    Parameters
    ----------
    look
        Reads the telemetry.
    every_s
        How old the newest frame may become before another is encoded.
    clock
        Tells the time in seconds.
    """

    def __init__(self, look: Look, every_s: float, clock: Callable[[], float]) -> None:
        self._look = look
        self._every_s = every_s
        self._clock = clock
        self._counter = 0
        self._encoded_s = -np.inf
        self._frame = b""
        self.places: Places | None = None

    def newest(self) -> bytes:
        """Give the newest frame."""
        now_s = self._clock()
        if now_s - self._encoded_s >= self._every_s:
            self._encoded_s = now_s
            self._counter = self._counter + 1 & 0xFFFFFFFF
            self._frame = encode(self._look(), self._counter, self.places)
        return self._frame
