"""Transients: the first milliseconds of a strike, one short burst per octave band."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from synth.controls import (
    N_TRANSIENT_BANDS,
    TRANSIENT,
    TRANSIENT_CENTRES_HZ,
    TRANSIENT_REFERENCE_S,
)
from synth.engine.intrinsics import FAST
from synth.engine.layout import Record
from synth.engine.partials import db_to_ratio

Array = NDArray[np.float32]

ATOM_FRAMES = 2048
_TRANSIENT_AT = TRANSIENT.start


def make_atoms(rate_hz: float, seed: int = 5) -> Array:
    """Make each band's burst: an octave of noise under a fast rise and an exponential fall.

    The fall lasts four periods of the band's centre, but 3 ms at least and 20 ms at most. Each
    burst holds the energy of `TRANSIENT_REFERENCE_S` at a mean square of 1.

    Returns
    -------
    NDArray
        Shape (N_TRANSIENT_BANDS, ATOM_FRAMES); bands that reach above 0.48 of the rate are silent.
    """
    generator = np.random.default_rng(seed)
    times_s = np.arange(ATOM_FRAMES) / rate_hz
    bins_hz = np.fft.rfftfreq(ATOM_FRAMES, 1.0 / rate_hz)
    rise = np.sin(0.5 * np.pi * np.minimum(times_s / 0.0004, 1.0)) ** 2
    end = np.cos(0.5 * np.pi * np.clip(np.arange(ATOM_FRAMES) / ATOM_FRAMES * 4 - 3, 0, 1)) ** 2
    atoms = np.zeros((N_TRANSIENT_BANDS, ATOM_FRAMES), np.float32)
    for band, centre_hz in enumerate(TRANSIENT_CENTRES_HZ):
        if centre_hz * np.sqrt(2) > 0.48 * rate_hz:
            continue
        fall_s = np.clip(4.0 / centre_hz, 0.003, 0.02)
        inside = np.abs(np.log2(np.maximum(bins_hz, 1.0) / centre_hz)) <= 0.5
        noise = generator.normal(size=(len(bins_hz), 2)) @ (1.0, 1.0j) * inside
        atom = np.fft.irfft(noise, ATOM_FRAMES) * np.exp(-times_s / fall_s) * rise * end
        energy_frames = TRANSIENT_REFERENCE_S * rate_hz
        atoms[band] = atom * np.sqrt(energy_frames / np.sum(atom**2))
    return atoms


@njit(cache=True, error_model="numpy", fastmath=FAST)
def start(voice: Record, controls: Array, gain: np.float32) -> None:
    """Set the strike's burst from the controls of its first frame."""
    for band in range(N_TRANSIENT_BANDS):
        voice.transient_gain[band] = gain * db_to_ratio(controls[_TRANSIENT_AT + band])
    voice.transient_at = 0


@njit(cache=True, error_model="numpy", fastmath=FAST)
def _play(atom: Array, gain: np.float32, out: Array) -> None:
    for frame in range(len(out)):
        out[frame] += gain * atom[frame]


@njit(cache=True, error_model="numpy")
def render(voice: Record, atoms: Array, out: Array) -> None:
    """Add what is left of the burst to `out`, shape (n_frames,)."""
    at = voice.transient_at
    n = min(len(out), ATOM_FRAMES - at)
    if n <= 0:
        return
    for band in range(N_TRANSIENT_BANDS):
        if voice.transient_gain[band] > np.float32(1e-6):
            _play(atoms[band, at : at + n], voice.transient_gain[band], out[:n])
    voice.transient_at = at + n
