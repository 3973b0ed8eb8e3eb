"""Ears: how far apart two ways of playing the same touches sound, told from decoded controls.

Levels of mel bands come straight from the decoder's partials and noise bands, so that no second of
sound need be rendered; `synth.training.distance` measures the same on sound.
"""

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mapper.mapping import CODE_SIZE, LOUDNESS, PITCH_OFFSET
from synth.controls import NOISE, ORDERS, PARTIALS, noise_centres_hz, note_to_hz
from synth.decoder import decode
from synth.space import Space

Array = NDArray[np.float64]

N_BANDS: Final = 80
LOWEST_HZ: Final = 20.0
HIGHEST_HZ: Final = 20_000.0
FLOOR_DB: Final = -80.0
HEARD_DB: Final = -60.0
SILENT_POWER: Final = 1e-12
SPREAD_DB: Final = 20.0
"""A band is heard in its neighbour so much softer, as a window of analysis leaks, or an ear."""


def _mel(hz: Array) -> Array:
    return np.asarray(2595.0 * np.log10(1.0 + np.asarray(hz) / 700.0))


@lru_cache(maxsize=1)
def _band_edges_hz() -> Array:
    """Feet and tops of triangular bands equally spaced in mel, shape (N_BANDS + 2,)."""
    mel = np.linspace(_mel(np.array(LOWEST_HZ)), _mel(np.array(HIGHEST_HZ)), N_BANDS + 2)
    return np.asarray(700.0 * (10.0 ** (mel / 2595.0) - 1.0))


@lru_cache(maxsize=1)
def _spreading() -> Array:
    """Share of each band's power that is heard in each other, shape (N_BANDS, N_BANDS)."""
    band = np.arange(N_BANDS)
    return np.asarray(10.0 ** (-SPREAD_DB * np.abs(band[:, None] - band) / 10.0))


def _into_bands(hz: Array, powers: Array) -> Array:
    """Pour powers at frequencies, both of shape (n_frames, n), into bands, (n_frames, N_BANDS)."""
    edges_hz = _band_edges_hz()
    place = np.interp(hz, edges_hz, np.arange(N_BANDS + 2), left=0.0, right=N_BANDS + 1.0)
    index = np.minimum(place.astype(int), N_BANDS)
    part = place - index
    rows = np.broadcast_to(np.arange(len(hz))[:, None] * (N_BANDS + 2), index.shape)
    size = len(hz) * (N_BANDS + 2)
    low = np.bincount((rows + index).ravel(), (powers * (1.0 - part)).ravel(), size)
    high = np.bincount((rows + index + 1).ravel(), (powers * part).ravel(), size + 1)[:size]
    return np.asarray((low + high).reshape(len(hz), -1)[:, 1:-1])


def band_levels_db(space: Space, trajectory: NDArray[np.floating], note: Array) -> Array:
    """Hear a trajectory.

    Parameters
    ----------
    trajectory
        Shape (n_frames, TRAJECTORY_SIZE).
    note
        What the keys and the glide say, without the trajectory's pitch offset, shape (n_frames,).

    Returns
    -------
    NDArray
        Levels of mel bands in dB, shape (n_frames, N_BANDS).
    """
    sounding = note + trajectory[:, PITCH_OFFSET].astype(np.float64) / 100.0
    loudness_db = trajectory[:, LOUDNESS].astype(np.float64)
    codes = np.ascontiguousarray(trajectory[:, :CODE_SIZE], np.float32)
    controls = decode(space, codes, loudness_db, sounding).astype(np.float64)
    partial_hz = note_to_hz(sounding)[:, None] * ORDERS
    tone = 10.0 ** (controls[:, PARTIALS] / 10.0) / 2.0 * (partial_hz < HIGHEST_HZ)
    noise = 10.0 ** (controls[:, NOISE] / 10.0)
    noise_hz = np.broadcast_to(noise_centres_hz(), noise.shape)
    bands = (_into_bands(partial_hz, tone) + _into_bands(noise_hz, noise)) @ _spreading()
    return np.asarray(10.0 * np.log10(bands + SILENT_POWER) + loudness_db[:, None])


def distance_db(wanted: Array, got: Array) -> float:
    """Mean difference of band levels while the wanted sound is heard, in dB.

    Levels are floored 80 dB below the loudest band wanted; only frames within 60 dB of the loudest
    count.
    """
    floor_db = wanted.max() + FLOOR_DB
    level_db = 10.0 * np.log10((10.0 ** (wanted / 10.0)).sum(axis=1))
    heard = level_db > level_db.max() + HEARD_DB
    difference = np.abs(np.maximum(wanted, floor_db) - np.maximum(got, floor_db))
    return float(difference[heard].mean())
