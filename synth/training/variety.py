"""Variety: notes that nobody recorded, made of those there are, so that codes learn more than they.

A crop may be blended with another note of about its pitch, coloured by a filter that is smooth over
frequency, and shifted, its spectrum and all, to another pitch.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synth.analysis.stretch import TOP_HZ
from synth.controls import (
    N_NOISE_BANDS,
    NOISE,
    ORDERS,
    PARTIALS,
    SILENCE_DB,
    TRANSIENT,
    TRANSIENT_CENTRES_HZ,
    hz_to_erb_rate,
    k_weighting_db,
    noise_centres_hz,
    note_to_hz,
)

Array = NDArray[np.float32]
Indices = NDArray[np.int64]

BLENDED: Final = 0.25
COLOURED: Final = 0.35
SHIFTED: Final = 0.25
"""Shares of crops."""
SHIFT_SEMITONES: Final = 5.0
TILT_DB: Final = 8.0
"""Deviation of the tilt from the lowest to the highest frequency."""
BUMP_DB: Final = 5.0
N_BUMPS: Final = 6
TOP_ERB: Final = 42.0
ERB_PER_BAND: Final = float(np.diff(hz_to_erb_rate(noise_centres_hz()[[0, -1]]))[0]) / (
    N_NOISE_BANDS - 1
)
INAUDIBLE_DB: Final = -95.0


@dataclass(frozen=True, kw_only=True)
class Variety:
    """What makes each crop another's; nothing where all is 0.

    Attributes
    ----------
    other, share
        The note that each crop is blended with, and how much of it, shape (n_crops,).
    shift_semitones
        Shape (n_crops,).
    colour_db
        A constant tilt, then weights of bumps an octave or so wide, shape (n_crops, 1 + N_BUMPS).
    """

    other: Indices
    share: NDArray[np.float64]
    shift_semitones: NDArray[np.float64]
    colour_db: NDArray[np.float64]

    def some(self, which: slice) -> "Variety":
        """Take some of the crops."""
        return Variety(**{key: value[which] for key, value in vars(self).items()})

    @property
    def varied(self) -> Indices:
        """Which crops are not left as they are."""
        moved = (self.share > 0) | (self.shift_semitones != 0) | self.colour_db.any(axis=1)
        return np.flatnonzero(moved)


def draw_variety(random: np.random.Generator, other: Indices) -> Variety:
    """Draw what happens to each of some crops, given which notes they may be blended with."""
    n = len(other)
    colour = random.normal(size=(n, 1 + N_BUMPS)) * ([TILT_DB] + [BUMP_DB] * N_BUMPS)
    return Variety(
        other=other,
        share=random.random(n) * (random.random(n) < BLENDED),
        shift_semitones=random.uniform(-1, 1, n) * SHIFT_SEMITONES * (random.random(n) < SHIFTED),
        colour_db=colour * (random.random((n, 1)) < COLOURED),
    )


def no_variety(notes: Indices) -> Variety:
    """Leave some crops as they are."""
    nothing = np.zeros(len(notes))
    colour = np.zeros((len(notes), 1 + N_BUMPS))
    return Variety(other=notes, share=nothing, shift_semitones=nothing, colour_db=colour)


def vary(rows: Array, others: Array, pitch: NDArray[np.float64], variety: Variety) -> Array:
    """Make other sounds of crops.

    Parameters
    ----------
    rows, others
        Controls of the crops and of what they are blended with, shape (n_crops, n_frames,
        N_CONTROLS).
    pitch
        Of each crop after its shift, a note number, shape (n_crops,).
    variety
        What to do to each.

    Returns
    -------
    NDArray
        Controls at loudness 0 dB again, of the shape of `rows`.
    """
    share = variety.share[:, None, None].astype(np.float32)
    rows = rows + share * (others - rows)
    rows[..., NOISE] = _shifted(rows[..., NOISE], variety.shift_semitones)
    hz = note_to_hz(pitch)[:, None] * ORDERS
    for part, at_hz in (
        (PARTIALS, hz),
        (NOISE, noise_centres_hz()),
        (TRANSIENT, TRANSIENT_CENTRES_HZ),
    ):
        rows[..., part] += _colour_db(variety.colour_db, at_hz)[:, None] * (
            rows[..., part] > INAUDIBLE_DB
        )
    rows[..., PARTIALS] = np.where((hz < TOP_HZ)[:, None], rows[..., PARTIALS], SILENCE_DB)
    return _levelled(rows, hz)


def _shifted(noise_db: Array, semitones: NDArray[np.float64]) -> Array:
    """Move noise bands in frequency; what comes from beyond them is as at their ends."""
    from_hz = noise_centres_hz() / 2 ** (semitones[:, None] / 12)
    lowest = hz_to_erb_rate(noise_centres_hz()[0])
    at = np.clip((hz_to_erb_rate(from_hz) - lowest) / ERB_PER_BAND, 0, N_NOISE_BANDS - 1)
    below = np.minimum(at.astype(np.int64), N_NOISE_BANDS - 2)
    share = (at - below).astype(np.float32)[:, None]
    low = np.take_along_axis(noise_db, below[:, None], axis=2)
    high = np.take_along_axis(noise_db, below[:, None] + 1, axis=2)
    return low + share * (high - low)


def _colour_db(colour_db: NDArray[np.float64], hz: NDArray[np.floating]) -> Array:
    """Gain of each crop's filter at frequencies, shape (n_crops, n_frequencies)."""
    place = hz_to_erb_rate(np.broadcast_to(hz, (len(colour_db), hz.shape[-1]))) / TOP_ERB
    centres = (np.arange(N_BUMPS) + 0.5) / N_BUMPS
    bumps = np.exp(-0.5 * ((place[..., None] - centres) * N_BUMPS) ** 2)
    gain_db = colour_db[:, :1] * (place - 0.5) + (bumps @ colour_db[:, 1:, None])[..., 0]
    return gain_db.astype(np.float32)


def _levelled(rows: Array, hz: NDArray[np.float64]) -> Array:
    """Bring rows to loudness 0 dB and floor them; `hz` has shape (n_crops, N_PARTIALS)."""
    heard = np.concatenate(
        [
            10 ** (k_weighting_db(hz) / 10) / 2,
            np.broadcast_to(
                10 ** (k_weighting_db(noise_centres_hz()) / 10), (len(hz), N_NOISE_BANDS)
            ),
        ],
        axis=1,
    ).astype(np.float32)
    power = np.exp(rows[..., : NOISE.stop] * np.float32(np.log(10) / 10))
    loudness_db = 10 * np.log10((power @ heard[..., None])[..., 0] + 1e-10)
    for part in (slice(0, NOISE.stop), TRANSIENT):
        level_db = np.maximum(rows[..., part] - loudness_db[..., None], SILENCE_DB)
        rows[..., part] = np.where(rows[..., part] > INAUDIBLE_DB, level_db, SILENCE_DB)
    return rows
