"""Likeness: what is heard of single frames of a decoder, and how it changes with the code."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from synth.controls import (
    NOISE,
    ORDERS,
    PARTIALS,
    STRETCH,
    TRANSIENT,
    hz_to_erb_rate,
    noise_centres_hz,
    note_to_hz,
)
from synth.decoder import decode_with_slopes
from synth.space import Space

Array = NDArray[np.float32]

LOWEST_HZ, HIGHEST_HZ = 40.0, 18_000.0
N_TONE_BANDS: Final = 40
N_BANDS_OF_NOISE: Final = 20
N_STRETCHES_HEARD: Final = 16
"""Partials whose stretch is compared; those above are rarely heard apart."""
CENTS_PER_DB: Final = 5.0
"""So many cents of stretch count as a decibel."""
FLOOR_DB: Final = -60.0
"""Bands further below the whole frame are all alike."""
CENTS: Final = 1200.0 / np.log(2.0)
DB: Final = 10.0 / np.log(10.0)
SIZE: Final = (
    N_TONE_BANDS + N_BANDS_OF_NOISE + N_STRETCHES_HEARD + (TRANSIENT.stop - TRANSIENT.start)
)


class Moments(NamedTuple):
    """Frames, whatever their codes: loudness in dB, pitch as a note, whether it is the strike's."""

    loudness_db: Array
    note: Array
    is_strike: NDArray[np.bool_]

    def some(self, kept: slice | NDArray[np.intp]) -> "Moments":
        """Keep some of them."""
        return Moments(self.loudness_db[kept], self.note[kept], self.is_strike[kept])


def decoded(space: Space, codes: Array, moments: Moments) -> tuple[Array, Array]:
    """Decode frames, and tell how each control changes with each number of the code.

    Returns
    -------
    tuple
        Controls, shape (n, N_CONTROLS), and their slopes, shape (n, CODE_SIZE, N_CONTROLS).
    """
    return decode_with_slopes(space, codes, moments.loudness_db, moments.note)


def heard(controls: Array, slopes: Array, moments: Moments) -> tuple[Array, Array]:
    """Measure what is heard of frames, and its slopes, shapes (n, SIZE) and (n, CODE_SIZE, SIZE).

    Levels of bands of the tone and of the noise relative to the whole frame, cents by which low
    partials are stretched, and in the frame of a strike its transient.
    """
    powers = 10.0 ** (controls[:, : NOISE.stop] / 10.0)
    powers[:, PARTIALS] *= 0.5 * (_partials_hz(moments.note) < HIGHEST_HZ)
    changes = slopes[:, :, : NOISE.stop] * (powers / np.float32(DB))[:, None, :]
    tone = _band_levels(powers, changes, _tone_bands(moments.note), PARTIALS)
    noise = _band_levels(powers, changes, _noise_bands(), NOISE)
    stretch = slice(STRETCH.start, STRETCH.start + N_STRETCHES_HEARD)
    audible = _audible(controls) * np.float32(CENTS / CENTS_PER_DB)
    strike = moments.is_strike[:, None].astype(np.float32)
    rows = [tone[0], noise[0], controls[:, stretch] * audible, controls[:, TRANSIENT] * strike]
    steps = [
        tone[1],
        noise[1],
        slopes[:, :, stretch] * audible[:, None, :],
        slopes[:, :, TRANSIENT] * strike[:, None, :],
    ]
    return np.concatenate(rows, axis=1), np.concatenate(steps, axis=2)


def _band_levels(powers: Array, changes: Array, bands: Array, part: slice) -> tuple[Array, Array]:
    """Sum powers to bands in dB relative to the whole, and their slopes; `bands` (n or 1, k, b)."""
    whole = powers.sum(axis=1, keepdims=True)
    whole_change = changes.sum(axis=2, keepdims=True) / whole[:, None, :]
    sums = np.matmul(powers[:, None, part], bands)[:, 0]
    floored = sums / whole + np.float32(10.0 ** (FLOOR_DB / 10.0))
    risen = np.matmul(changes[:, :, part], bands) / whole[:, None, :]
    fallen = (sums / whole)[:, None, :] * whole_change
    slopes = np.float32(DB) * (risen - fallen) / floored[:, None, :]
    return np.float32(DB) * np.log(floored), slopes


def _partials_hz(note: Array) -> Array:
    return (note_to_hz(note)[:, None] * ORDERS).astype(np.float32)


def _tone_bands(note: Array) -> Array:
    """Share of each partial in each band, shape (n, N_PARTIALS, N_TONE_BANDS)."""
    return _tents(_partials_hz(note), N_TONE_BANDS)


def _noise_bands() -> Array:
    return _tents(noise_centres_hz()[None], N_BANDS_OF_NOISE)


def _tents(hz: NDArray[np.floating], count: int) -> Array:
    """Share frequencies between the two bands that they lie between, as hearing spaces bands."""
    low, high = hz_to_erb_rate(LOWEST_HZ), hz_to_erb_rate(HIGHEST_HZ)
    place = np.clip((hz_to_erb_rate(hz) - low) / (high - low), 0.0, 1.0) * (count - 1)
    away = np.abs(place[..., None] - np.arange(count))
    return np.maximum(1.0 - away, 0.0).astype(np.float32)


def _audible(controls: Array) -> Array:
    """How much of each low partial is heard, 0-1, shape (n, N_STRETCHES_HEARD)."""
    level = controls[:, :N_STRETCHES_HEARD]
    return np.clip(1.0 + (level - controls[:, PARTIALS].max(axis=1, keepdims=True)) / 40.0, 0, 1)
