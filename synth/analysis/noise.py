"""The noise of a note: band levels frame by frame, and the burst of its strike."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from synth.analysis.frames import RATE_HZ, YOUNG_HOP, cut_frames, window
from synth.controls import N_NOISE_BANDS, TRANSIENT_CENTRES_HZ, noise_centres_hz, noise_edges_hz

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Look:
    """How the noise of one age is looked at.

    Attributes
    ----------
    from_s
        Age at which it begins.
    windows
        Lengths in samples for bands from each of `LOWEST_HZ` on: as long as narrow bands need to
        stand apart, as short as wide ones allow.
    per_window
        Looks in the length of a window.
    smoothing_s
        Time over which looks are averaged: a single one scatters by several dB.
    least
        Least share of the residual that counts as noise; see `_left`.
    """

    from_s: float
    windows: tuple[int, int, int]
    per_window: int
    smoothing_s: float
    least: float


LOWEST_HZ: Final = (0.0, 1500.0, 5000.0)
LOOKS: Final = (
    Look(from_s=0.0, windows=(1024, 512, 256), per_window=8, smoothing_s=0.003, least=0.1),
    Look(from_s=0.004, windows=(2048, 1024, 512), per_window=8, smoothing_s=0.006, least=0.1),
    Look(from_s=0.060, windows=(2048, 1024, 512), per_window=4, smoothing_s=0.016, least=0.3),
)
STRIKE_FRAMES: Final = 9
"""Young frames whose surplus of noise belongs to the transient, 12 ms."""
CALM_FRAMES: Final = 6
"""Frames after them that tell what is no surplus."""


def noise_power(sound: Array, harmonic: Array, centres: Array) -> Array:
    """Read what a note's partials leave, shape (n_frames, N_NOISE_BANDS), mean square.

    Parameters
    ----------
    sound, harmonic
        The note and its partials, shape (n_samples,).
    centres
        Where its frames lie in samples, the first at the onset, shape (n_frames,). Only what
        follows the first is heard, so that the silence before does not dilute the onset.
    """
    power = np.empty((len(centres), N_NOISE_BANDS))
    onset = round(float(centres[0]))
    after = np.stack([sound, harmonic]) * (np.arange(len(sound)) >= onset)
    begins = [onset + look.from_s * RATE_HZ for look in LOOKS]
    at = [0, *np.searchsorted(centres, begins[1:]), len(centres)]
    resolution = np.searchsorted(LOWEST_HZ, noise_centres_hz(), side="right") - 1
    for look, (first, end) in zip(LOOKS, pairwise(at), strict=True):
        for number, size in enumerate(look.windows):
            bands = np.flatnonzero(resolution == number)
            if end > first:
                power[first:end, bands] = _read(after, onset, centres[first:end], size, bands, look)
    return power


def _read(
    after: Array, onset: int, centres: Array, size: int, bands: NDArray[np.int64], look: Look
) -> Array:
    """Read some bands through one window and interpolate them at the centres."""
    hop = size // look.per_window
    at = np.arange(centres[0], centres[-1] + hop, hop)
    power = _left(after, at, size, bands, look.least) / _share_after(at - onset, size)[:, None]
    n_smoothed = round(look.smoothing_s * RATE_HZ / hop) | 1
    calm = uniform_filter1d(power, n_smoothed, axis=0, mode="nearest")
    return np.stack([np.interp(centres, at, band) for band in calm.T], axis=1)


def _left(after: Array, at: Array, size: int, bands: NDArray[np.int64], least: float) -> Array:
    """Measure what is left of the sound beside its partials, shape (n_looks, n_bands).

    The residual is too much where a partial is there with another phase: it will sound with a
    phase of its own anyway. What the sound has more than its partials is enough.
    """
    true, told = (cut_frames(part, at, size) * window(size) for part in after)
    residual = _band_power(true - told, bands)
    more = _band_power(true, bands) - _band_power(told, bands)
    return np.clip(more, least * residual, residual)


def _share_after(ages: Array, size: int) -> Array:
    """Share of a window's power that lies after the onset, for windows so far after it."""
    rising = np.cumsum(window(size) ** 2)
    reach = np.clip(np.rint(ages).astype(np.int64) + size // 2, 1, size) - 1
    return np.asarray(rising[reach] / rising[-1])


@lru_cache(maxsize=8)
def _band_weights(size: int) -> Array:
    """Share of each FFT bin's power that lies in each noise band, shape (n_bins, N_NOISE_BANDS)."""
    edges = noise_edges_hz()
    bin_hz = RATE_HZ / size
    low = (np.arange(size // 2 + 1) - 0.5)[:, None] * bin_hz
    overlap = np.minimum(low + bin_hz, edges[1:]) - np.maximum(low, edges[:-1])
    return np.clip(overlap, 0, None) / bin_hz


def _band_power(windowed: Array, bands: NDArray[np.int64]) -> Array:
    """Mean square of some bands of windowed frames, shape (n_frames, n_bands)."""
    size = windowed.shape[1]
    weights = _band_weights(size)[:, bands]
    bins = np.flatnonzero(weights.any(axis=1))
    inside = slice(bins[0], bins[-1] + 1)
    spectra = np.fft.rfft(windowed, axis=1)[:, inside]
    scale = 2.0 / (size * (window(size) ** 2).sum())
    return np.asarray((spectra.real**2 + spectra.imag**2) @ (scale * weights[inside]))


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
