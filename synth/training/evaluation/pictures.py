"""Pictures: a sound's spectrogram on a logarithmic axis, as a PNG file."""

from importlib.util import find_spec
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synth.analysis.frames import RATE_HZ, window
from synth.training.extras import how_to_install

Array = NDArray[np.float64]

WINDOW: Final = 4096
HOP: Final = 480
LOW_HZ, HIGH_HZ = 40.0, 20_000.0
N_ROWS: Final = 240
RANGE_DB: Final = 80.0


class PictureError(ValueError):
    """No picture can be drawn; the message is one sentence for the user."""


def check_can_draw() -> None:
    """Refuse to draw where nothing can be drawn.

    Raises
    ------
    PictureError
        When matplotlib is missing.
    """
    if find_spec("matplotlib") is None:
        raise PictureError(
            "drawing needs matplotlib, which is not installed; " + how_to_install("study")
        )


def spectrogram_db(sound: Array) -> Array:
    """Levels of rows spaced evenly in log frequency, highest first, shape (N_ROWS, n_columns)."""
    padded = np.pad(sound, WINDOW // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]
    power = np.abs(np.fft.rfft(frames * window(WINDOW), axis=1)) ** 2
    at = np.geomspace(HIGH_HZ, LOW_HZ, N_ROWS) * WINDOW / RATE_HZ
    bins = np.arange(power.shape[1])
    rows = np.stack([np.interp(at, bins, frame) for frame in power], axis=1)
    return np.asarray(10.0 * np.log10(rows + 1e-12))


def draw_spectrogram(path: Path, sound: Array, top_db: float) -> None:
    """Draw a sound's spectrogram, `RANGE_DB` down from the given level, and nothing around it."""
    from matplotlib.image import imsave

    imsave(path, spectrogram_db(sound), vmin=top_db - RANGE_DB, vmax=top_db, cmap="magma")
