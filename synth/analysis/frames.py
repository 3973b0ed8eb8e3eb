"""The frames of an analysis: where they lie in time and how they are cut from a sound."""

from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Float = TypeVar("Float", bound=np.floating[Any])

RATE_HZ: Final = 48_000
HOP: Final = 192
YOUNG_HOP: Final = 64
YOUNG_FRAMES: Final = 45
"""Frames of `YOUNG_HOP` before the frames of `HOP` begin, 60 ms in all."""

WINDOW_MIN: Final = 512
WINDOW_MAX: Final = 8192


def frame_starts(n_frames: int) -> NDArray[np.int64]:
    """Sample of each frame since the onset: every 64 while young, every 192 after."""
    young = np.arange(YOUNG_FRAMES) * YOUNG_HOP
    old = YOUNG_FRAMES * YOUNG_HOP + np.arange(max(n_frames - YOUNG_FRAMES, 0)) * HOP
    return np.concatenate([young, old])[:n_frames]


def frame_times_s(n_frames: int) -> Array:
    """Age of each frame in seconds, shape (n_frames,)."""
    return frame_starts(n_frames) / RATE_HZ


def n_frames_within(n_samples: int) -> int:
    """Count the frames that start within a note of this length."""
    young = min(-(-n_samples // YOUNG_HOP), YOUNG_FRAMES)
    return young + max(0, -(-(n_samples - YOUNG_FRAMES * YOUNG_HOP) // HOP))


def window(n_samples: int) -> Array:
    """Hann window, symmetric between samples."""
    return np.asarray(0.5 - 0.5 * np.cos(2 * np.pi * (np.arange(n_samples) + 0.5) / n_samples))


def cut_frames(sound: NDArray[Float], centres: Array, n_samples: int) -> NDArray[Float]:
    """Cut frames around (rounded) centres; the sound is silent outside, shape (n_frames, n_samples)."""
    padded = np.pad(sound, (n_samples, n_samples))
    starts = np.rint(centres).astype(np.int64) + n_samples - n_samples // 2
    starts = np.clip(starts, 0, len(padded) - n_samples)
    return np.lib.stride_tricks.sliding_window_view(padded, n_samples)[starts]


def period_window(f0_hz: float, n_periods: float) -> int:
    """Length of a window of whole periods: so many, but `WINDOW_MIN` to `WINDOW_MAX` samples."""
    periods = np.ceil(max(n_periods, WINDOW_MIN * f0_hz / RATE_HZ))
    return int(min(np.rint(periods * RATE_HZ / f0_hz), WINDOW_MAX))
