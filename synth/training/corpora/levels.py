"""Levels of recorded notes: how loud they are, and how hard they seem to have been struck."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LOUDEST_DB: Final = -14.0
"""What an instrument's loudest note is brought to, the level of a strong note of a soundfont."""
PEAK: Final = 0.98
LOOK_S: Final = 0.05
VELOCITY_RANGE_DB: Final = 30.0
"""So far below the loudest, a note counts as struck without force."""
SOFTEST: Final = 12


def level_db(sound: Array, rate_hz: int) -> float:
    """Measure the loudest moment of a sound, in dB of its mean square over 50 ms."""
    size = max(1, min(round(LOOK_S * rate_hz), len(sound)))
    power = np.cumsum(np.concatenate([[0.0], sound**2]))
    loudest = (power[size:] - power[:-size]).max() / size if len(sound) else 0.0
    return float(10.0 * np.log10(loudest + 1e-14))


def velocity(below_loudest_db: float) -> int:
    """Tell how hard a note seems struck from how far it stays below the loudest.

    >>> velocity(0.0), velocity(15.0), velocity(90.0)
    (127, 64, 12)
    """
    return max(SOFTEST, round(127 * (1.0 - below_loudest_db / VELOCITY_RANGE_DB)))


def gain(loudest_db: float, peak: float) -> float:
    """Find the gain that brings an instrument's loudest note to `LOUDEST_DB` without clipping."""
    wanted = 10.0 ** ((LOUDEST_DB - loudest_db) / 20.0)
    return float(min(wanted, PEAK / max(peak, 1e-9)))
