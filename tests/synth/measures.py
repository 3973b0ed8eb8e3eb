"""Measures of sound that share nothing with the engine: scipy's filters and numpy's transforms."""

import numpy as np
from numpy.typing import NDArray
from scipy.signal import freqz, lfilter

Audio = NDArray[np.floating]

K_WEIGHTING_48K = (
    ([1.53512485958697, -2.69169618940638, 1.19839281085285], [1.0, -1.69065929318241, 0.73248077421585]),
    ([1.0, -2.0, 1.0], [1.0, -1.99004745483398, 0.99007225036621]),
)  # fmt: skip
"""The two biquads of ITU-R BS.1770-4, as the standard prints them for 48 kHz."""


def k_weighting_db(frequency_hz: NDArray[np.floating]) -> NDArray[np.floating]:
    """Gain of the standard's filters and its offset of -0.691 dB."""
    gains = [abs(freqz(b, a, frequency_hz, fs=48_000)[1]) for b, a in K_WEIGHTING_48K]
    return 20.0 * np.log10(np.prod(gains, axis=0)) - 0.691


def loudness_db(audio: Audio) -> float:
    """Ungated loudness of 48 kHz audio, shape (n_frames, n_channels), after BS.1770-4."""
    for b, a in K_WEIGHTING_48K:
        audio = lfilter(b, a, audio, axis=0)
    return float(10.0 * np.log10(np.sum(np.mean(audio[4800:] ** 2, axis=0))) - 0.691)


def power_db(audio: Audio) -> float:
    """Mean square in dB."""
    return float(10.0 * np.log10(np.mean(np.square(audio, dtype=np.float64)) + 1e-30))


def instantaneous_hz(tone: Audio, rate_hz: float) -> float:
    """Mean frequency of one steady sine, from the slope of its phase, edges left out."""
    n = len(tone)
    window = np.hanning(n)
    coarse_hz = np.argmax(abs(np.fft.rfft(tone * window))) * rate_hz / n
    mixed = tone * np.exp(-2j * np.pi * coarse_hz * np.arange(n) / rate_hz)
    hop = n // 64
    low = np.convolve(mixed, np.hanning(2 * hop), "valid")[::hop]
    slope = np.polyfit(np.arange(len(low)) * hop, np.unwrap(np.angle(low)), 1)[0]
    return float(coarse_hz + slope * rate_hz / (2.0 * np.pi))


def cents_between(frequency_hz: float, reference_hz: float) -> float:
    """Interval from the reference to the frequency."""
    return float(1200.0 * np.log2(frequency_hz / reference_hz))


def second_difference(audio: Audio) -> float:
    """The largest |x[n+1] - 2 x[n] + x[n-1]| of any channel."""
    return float(abs(np.diff(np.asarray(audio, np.float64), 2, axis=0)).max(initial=0.0))
