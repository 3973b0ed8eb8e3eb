"""Touch measures: how a sound follows a hand, from the sound alone."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, find_peaks, sosfiltfilt

Array = NDArray[np.float64]

RATE_HZ: Final = 48_000
SILENCE_DB: Final = -200.0
HISS_HZ: Final = 10_000.0
"""Zipper noise is looked for above this."""
PITCH_WINDOW_S: Final = 0.030
PITCH_STEP_S: Final = 0.004


def peak_db(sound: Array, from_s: float, to_s: float) -> float:
    """Highest sample between two times in dB of full scale."""
    part = np.abs(sound[round(from_s * RATE_HZ) : round(to_s * RATE_HZ)])
    return to_db(float(part.max(initial=0.0)))


def to_db(amplitude: float) -> float:
    """Convert an amplitude to dB."""
    return 20.0 * float(np.log10(amplitude)) if amplitude > 0.0 else SILENCE_DB


def level_db(sound: Array, window_s: float) -> Array:
    """Level in dB at each sample, over a window centred on it."""
    n = max(1, round(window_s * RATE_HZ))
    power = np.convolve(np.square(sound), np.full(n, 1.0 / n), "same")
    return 10.0 * np.log10(np.maximum(power, 1e-20))


def quietest_db(sound: Array, from_s: float, to_s: float, window_s: float = 0.010) -> float:
    """Lowest level of any window between two times."""
    part = level_db(sound, window_s)[round(from_s * RATE_HZ) : round(to_s * RATE_HZ)]
    return float(part.min())


def half_change_s(level: Array, step_s: float, before_s: float, after_s: float) -> float:
    """Time from a step until the level has gone half its way.

    Parameters
    ----------
    level
        Level in dB at each sample.
    step_s
        Time of the step.
    before_s, after_s
        Times at which the level has settled before the step and after it.
    """
    old, new = (level[round(at_s * RATE_HZ)] for at_s in (before_s, after_s))
    first = round(step_s * RATE_HZ)
    share = (level[first:] - old) / (new - old)
    return float(np.argmax(share >= 0.5)) / RATE_HZ


def wave(curve: Array, hz: float) -> complex:
    """Amplitude and phase of one frequency in a curve of whole periods, its mean left out."""
    turns = hz * np.arange(len(curve)) / RATE_HZ
    window = np.hanning(len(curve))
    steady = curve - np.average(curve, weights=window)
    return complex(2.0 * np.sum(steady * window * np.exp(-2j * np.pi * turns)) / window.sum())


def ripple_db(level: Array) -> float:
    """Distance between the highest and the lowest level."""
    return float(np.ptp(level))


def largest_jump_db(levels_db: Array) -> float:
    """Largest distance between neighbours."""
    return float(np.abs(np.diff(levels_db)).max())


def hiss_db(sound: Array) -> float:
    """Level above `HISS_HZ` in dB."""
    high = sosfiltfilt(butter(8, HISS_HZ, "highpass", fs=RATE_HZ, output="sos"), sound)
    return to_db(float(np.sqrt(np.mean(high**2))))


def pitch_notes(sound: Array, low_note: float, high_note: float) -> tuple[Array, Array]:
    """Track the pitch of one note.

    Returns
    -------
    tuple
        Times in seconds of the middles of the windows, and note numbers, by the first high peak of
        the normalised autocorrelation (as in McLeod & Wyvill 2005), refined by a parabola.
    """
    n, hop = round(PITCH_WINDOW_S * RATE_HZ), round(PITCH_STEP_S * RATE_HZ)
    shortest = int(RATE_HZ / (440.0 * 2.0 ** ((high_note - 69.0) / 12.0)))
    longest = int(RATE_HZ / (440.0 * 2.0 ** ((low_note - 69.0) / 12.0))) + 2
    starts = range(0, len(sound) - n - longest, hop)
    notes = [_note(sound[at : at + n + longest], n, shortest, longest) for at in starts]
    times_s = (np.array(starts) + (n + longest) / 2) / RATE_HZ
    return times_s, np.array(notes)


def _note(part: Array, n: int, shortest: int, longest: int) -> float:
    lags = np.arange(max(2, shortest - 2), longest)
    likeness = np.array([_likeness(part, n, int(lag)) for lag in lags])
    peaks, _ = find_peaks(likeness)
    if not len(peaks):
        return float("nan")
    best = next(p for p in peaks if likeness[p] >= 0.9 * likeness[peaks].max())
    left, middle, right = likeness[best - 1 : best + 2]
    bend = left - 2.0 * middle + right
    lag = lags[best] + (0.5 * (left - right) / bend if bend else 0.0)
    return float(69.0 + 12.0 * np.log2(RATE_HZ / lag / 440.0))


def _likeness(part: Array, n: int, lag: int) -> float:
    """Likeness of a window to itself `lag` later, both placed about the middle of `part`."""
    at = (len(part) - n - lag) // 2
    one, other = part[at : at + n], part[at + lag : at + lag + n]
    return 2.0 * float(one @ other) / float(one @ one + other @ other + 1e-20)
