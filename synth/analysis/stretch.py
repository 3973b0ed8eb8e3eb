"""How far a note's partials lie from multiples of its pitch."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from synth.analysis.frames import RATE_HZ
from synth.controls import N_PARTIALS, N_STRETCHES, ORDERS, TOP_RATIO

Array = NDArray[np.float64]

TOP_HZ: Final = TOP_RATIO * RATE_HZ
STRETCH_MAX: Final = 0.5


def follow_stretch(sound: Array, f0_hz: float) -> Array:
    """Follow the partials' peaks upwards and tell how far each lies from its multiple of f0.

    Returns
    -------
    NDArray
        Stretch per partial, shape (N_STRETCHES,); a partial without a clear peak takes over the
        stretch that the partials below it suggest.
    """
    level_db, bin_hz = _spectrum_db(sound)
    stretch = np.zeros(N_STRETCHES)
    slope = 0.0
    for k in range(1, N_STRETCHES + 1):
        guess = 0.0 if k == 1 else min(stretch[k - 2] + slope * (2 * k - 1), STRETCH_MAX)
        at_hz, half_hz = k * f0_hz * (1 + guess), (0.05 if k == 1 else 0.35) * f0_hz
        if at_hz + half_hz > TOP_HZ:
            stretch[k - 1 :] = stretch[k - 2]
            break
        stretch[k - 1] = guess
        found_hz = _clear_peak_hz(level_db, bin_hz, at_hz, half_hz)
        if found_hz is not None:
            stretch[k - 1] = found_hz / (k * f0_hz) - 1
            slope = max(0.0, 0.7 * slope + 0.3 * stretch[k - 1] / (k * k))
    return np.asarray(stretch)


def nearest_stretch(sound: Array, f0_hz: float) -> Array:
    """Take for each partial the clearest peak that is nearer to it than to its neighbours.

    Bars, bells and plates have no running stretch to follow. Shape (N_STRETCHES,), 0 where nothing
    stands out.
    """
    level_db, bin_hz = _spectrum_db(sound)
    stretch = np.zeros(N_STRETCHES)
    for k in range(1, N_STRETCHES + 1):
        half_hz = (0.05 if k == 1 else 0.45) * f0_hz
        if k * f0_hz + half_hz > TOP_HZ:
            break
        found_hz = _clear_peak_hz(level_db, bin_hz, k * f0_hz, half_hz)
        stretch[k - 1] = 0.0 if found_hz is None else found_hz / (k * f0_hz) - 1
    return stretch


def _spectrum_db(sound: Array) -> tuple[Array, float]:
    """Level of the first third of a second, the strike weighted most, and its bins' distance."""
    size = 1 << 15
    piece = sound[: size // 2]
    fading = np.hanning(2 * len(piece))[len(piece) :]
    level_db = 20 * np.log10(np.abs(np.fft.rfft(piece * fading, 2 * size)) + 1e-9)
    return level_db, RATE_HZ / (2 * size)


def _clear_peak_hz(level_db: Array, bin_hz: float, at_hz: float, half_hz: float) -> float | None:
    """Find the peak nearest in level and place within a slot, if it stands 12 dB over the slot."""
    low, high = int((at_hz - half_hz) / bin_hz), int((at_hz + half_hz) / bin_hz) + 2
    if low < 1 or high >= len(level_db) - 1 or high - low < 8:
        return None
    slot = level_db[low:high]
    distance = (np.arange(low, high) * bin_hz - at_hz) / half_hz
    peak = low + int(np.argmax(slot - 6 * distance**2))
    if level_db[peak] < np.median(slot) + 12 or peak in (low, high - 1):
        return None
    left, centre, right = level_db[peak - 1 : peak + 2]
    bend = left - 2 * centre + right
    return float((peak + (0.5 * (left - right) / bend if bend < 0 else 0.0)) * bin_hz)


def partial_hz(f0_hz: float, stretch: Array) -> Array:
    """Frequency of every partial, shape (..., N_PARTIALS) for stretch (..., N_STRETCHES)."""
    above = np.zeros((*stretch.shape[:-1], N_PARTIALS - N_STRETCHES))
    return f0_hz * ORDERS * (1 + np.concatenate([stretch, above], axis=-1))
