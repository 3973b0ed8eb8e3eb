"""Sounds of plain arithmetic, and folders of them."""

from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

Array = NDArray[np.float64]


def tone(note: float | Array, rate_hz: int, seconds: float = 0.8, level: float = 0.2) -> Array:
    """A harmonic tone with soft edges; its note may be a track of one value a sample."""
    n = round(seconds * rate_hz)
    hz = np.broadcast_to(440 * 2 ** ((np.asarray(note) - 69) / 12), n)
    turns = np.cumsum(hz) / rate_hz
    orders = [k for k in range(1, 9) if k * hz.max() < 0.45 * rate_hz]
    edge = np.minimum(1, np.minimum(np.arange(n), n - 1 - np.arange(n)) / (0.01 * rate_hz))
    return level * edge * np.sum([np.sin(2 * np.pi * k * turns) / k for k in orders], axis=0)


def write_tone(path: Path, note: float, rate_hz: int = 22_050, level: float = 0.2) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, tone(note, rate_hz, level=level), rate_hz)
    return path
