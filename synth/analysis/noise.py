"""The noise of a note: band levels frame by frame, and the burst of its strike."""

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from synth.analysis.frames import RATE_HZ, YOUNG_FRAMES, YOUNG_HOP, cut_frames, window
from synth.controls import TRANSIENT_CENTRES_HZ, noise_centres_hz, noise_edges_hz

Array = NDArray[np.float64]

YOUNG_WINDOW: Final = 256
OLD_WINDOW: Final = 512
YOUNG_SMOOTHING: Final = 9
OLD_SMOOTHING: Final = 7
"""Frames over which noise is averaged: a single frame's band scatters by several dB."""
STRIKE_FRAMES: Final = 9
"""Young frames whose surplus of noise belongs to the transient, 12 ms."""
CALM_FRAMES: Final = 6
"""Frames after them that tell what is no surplus."""


@lru_cache(maxsize=4)
def _band_weights(size: int) -> Array:
    """Share of each FFT bin's power that lies in each noise band, shape (n_bins, N_NOISE_BANDS)."""
    edges = noise_edges_hz()
    bin_hz = RATE_HZ / size
    low = (np.arange(size // 2 + 1) - 0.5)[:, None] * bin_hz
    overlap = np.minimum(low + bin_hz, edges[1:]) - np.maximum(low, edges[:-1])
    return np.clip(overlap, 0, None) / bin_hz


def noise_power(residual: Array, centres: Array) -> Array:
    """Mean-square level of the noise bands, smoothed in time, shape (n_frames, N_NOISE_BANDS).

    Young frames look forwards through a short window, so that nothing sounds before the strike.
    """
    young = min(YOUNG_FRAMES, len(centres))
    early = _band_power(residual, centres[:young] + YOUNG_WINDOW // 4, YOUNG_WINDOW)
    late = _band_power(residual, centres[young:], OLD_WINDOW)
    late = uniform_filter1d(late, OLD_SMOOTHING, axis=0, mode="nearest") if len(late) else late
    calm = uniform_filter1d(early, YOUNG_SMOOTHING, axis=0, mode="nearest")
    early[STRIKE_FRAMES:] = calm[STRIKE_FRAMES:]
    return np.vstack([early, late])


def _band_power(residual: Array, centres: Array, size: int) -> Array:
    hann = window(size)
    spectra = np.fft.rfft(cut_frames(residual, centres, size) * hann, axis=1)
    scale = 2.0 / (size * (hann**2).sum())
    return np.asarray((np.abs(spectra) ** 2 * scale) @ _band_weights(size))


def take_strike(noise: Array) -> tuple[Array, Array]:
    """Move what is flat of the strike's surplus of noise into the transient.

    Only the geometric mean of the surplus over an octave's bands moves: a burst is flat within an
    octave, and must not fill the valleys between the peaks that the noise bands can follow.

    Returns the remaining noise, shape (n_frames, N_NOISE_BANDS), and the energy taken in each
    transient band, shape (N_TRANSIENT_BANDS,), in mean square times seconds.
    """
    calm = noise[STRIKE_FRAMES : STRIKE_FRAMES + CALM_FRAMES].mean(axis=0)
    surplus = np.maximum(noise[:STRIKE_FRAMES] - calm, 0.0)
    width_hz = np.diff(noise_edges_hz())
    density = np.log(surplus.mean(0) / width_hz + 1e-22)
    octave = np.abs(np.log2(noise_centres_hz()[:, None] / TRANSIENT_CENTRES_HZ)).argmin(axis=1)
    flat = np.exp(np.bincount(octave, density) / np.bincount(octave))
    share = np.clip(flat[octave] / np.exp(density), 0, 1)
    kept = noise.copy()
    kept[:STRIKE_FRAMES] -= surplus * share
    duration_s = STRIKE_FRAMES * YOUNG_HOP / RATE_HZ
    return kept, np.asarray(flat * np.bincount(octave, width_hz) * duration_s, np.float64)
