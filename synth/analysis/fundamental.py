"""The fundamental of a melody: which pitch sounds when, found without knowing any note of it.

Each frame's candidates are the dips of its cumulative mean normalised difference (de Cheveigné &
Kawahara 2002); the cheapest path through them, or through silence, is the melody.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.signal import butter, sosfiltfilt

from synth.analysis.frames import RATE_HZ
from synth.controls import hz_to_note

Array = NDArray[np.float64]

MELODY_RATE_HZ: Final = 100
HOP: Final = RATE_HZ // MELODY_RATE_HZ
LOWEST_HZ, HIGHEST_HZ = 45.0, 3000.0
HEARD_HZ: Final = 5000.0
"""Higher partials make dips so narrow that they fall between two lags."""
WINDOW: Final = 1536
SHORTEST_LAG: Final = int(RATE_HZ / HIGHEST_HZ)
LONGEST_LAG: Final = int(RATE_HZ / LOWEST_HZ) + 2
CHUNK: Final = 512
"""Frames examined at once, which bounds the memory."""
N_CANDIDATES: Final = 10
UNVOICED_COST: Final = 0.35
"""A dip shallower than this is no pitch."""
LOW_COST: Final = 0.03
"""Added for each octave below the highest pitch: every multiple of a period is one too."""
MOVE_COST: Final = 0.04
"""Of each semitone between two frames, up to `MOST_COST`."""
MOST_COST: Final = 0.30
BREAK_COST: Final = 0.12
"""Of beginning and of ending to sound."""
SILENT_DB: Final = -55.0
"""Below the loudest frame by this, nothing sounds."""


class Melody(NamedTuple):
    """A pitch track at `MELODY_RATE_HZ`; frame i lies at i / MELODY_RATE_HZ seconds."""

    note: Array
    """Fractional note number, not a number where nothing of a pitch sounds, shape (n_frames,)."""
    level_db: Array
    """Mean square, shape (n_frames,)."""

    @property
    def voiced(self) -> NDArray[np.bool_]:
        """Whether a pitch sounds, shape (n_frames,)."""
        return np.isfinite(self.note)


def find_melody(sound: Array) -> Melody:
    """Follow the pitch of one voice or instrument that sounds alone.

    Parameters
    ----------
    sound
        One channel at `RATE_HZ`, shape (n_samples,).
    """
    low = sosfiltfilt(butter(4, HEARD_HZ, fs=RATE_HZ, output="sos"), sound, padlen=0)
    centred = np.pad(low, (WINDOW // 2, WINDOW // 2 + LONGEST_LAG + HOP))
    frames = sliding_window_view(centred, WINDOW + LONGEST_LAG)[: len(sound) : HOP]
    level_db = 10.0 * np.log10((frames[:, :WINDOW] ** 2).mean(axis=1) + 1e-14)
    parts = [_candidates(frames[at : at + CHUNK]) for at in range(0, len(frames), CHUNK)]
    notes, costs = (np.concatenate(part) for part in zip(*parts, strict=True))
    costs[level_db < level_db.max() + SILENT_DB] = 1.0
    return Melody(_cheapest(notes, costs), level_db)


def _candidates(frames: Array) -> tuple[Array, Array]:
    """Find the deepest dips of each frame: notes and costs, shape (n_frames, N_CANDIDATES)."""
    dips = _normalised_difference(frames)
    left, middle, right = dips[:, :-2], dips[:, 1:-1], dips[:, 2:]
    bend = np.maximum(left - 2.0 * middle + right, 1e-9)
    shift = np.clip(0.5 * (left - right) / bend, -0.5, 0.5)
    depth = np.maximum(middle - 0.125 * (left - right) ** 2 / bend, 0.0)
    lag = np.arange(1, dips.shape[1] - 1) + shift
    octaves = np.log2(np.maximum(lag, 1.0) / SHORTEST_LAG)
    is_dip = (middle <= left) & (middle < right) & (lag >= SHORTEST_LAG)
    cost = np.where(is_dip, depth + LOW_COST * octaves, 1.0)
    best = np.argpartition(cost, N_CANDIDATES, axis=1)[:, :N_CANDIDATES]
    note = hz_to_note(RATE_HZ / np.take_along_axis(lag, best, axis=1))
    return note, np.take_along_axis(cost, best, axis=1)


def _normalised_difference(frames: Array) -> Array:
    """How unlike a frame is to itself shifted by each lag, shape (n_frames, LONGEST_LAG)."""
    size = 4096
    head = np.fft.rfft(frames[:, :WINDOW], size, axis=1)
    both = np.fft.irfft(np.fft.rfft(frames, size, axis=1) * head.conj(), size, axis=1)
    energy = np.cumsum(np.pad(frames**2, ((0, 0), (1, 0))), axis=1)
    shifted = energy[:, WINDOW : WINDOW + LONGEST_LAG] - energy[:, :LONGEST_LAG]
    difference = np.maximum(shifted[:, :1] + shifted - 2.0 * both[:, :LONGEST_LAG], 0.0)
    lags = np.arange(1, LONGEST_LAG)
    mean = np.cumsum(difference[:, 1:], axis=1) / lags
    out = np.ones_like(difference)
    out[:, 1:] = difference[:, 1:] / np.maximum(mean, 1e-12)
    return out


def _cheapest(notes: Array, costs: Array) -> Array:
    """Choose a candidate or none in each frame so that the whole costs least, shape (n_frames,)."""
    n_frames, none = len(notes), notes.shape[1]
    own = np.concatenate([costs, np.full((n_frames, 1), UNVOICED_COST)], axis=1)
    came_from = np.zeros((n_frames, none + 1), np.int64)
    total = own[0]
    step = np.zeros((none + 1, none + 1))
    step[:none, none] = step[none, :none] = BREAK_COST
    for frame in range(1, n_frames):
        apart = np.abs(notes[frame - 1][:, None] - notes[frame])
        step[:none, :none] = np.minimum(MOVE_COST * apart, MOST_COST)
        paths = total[:, None] + step
        came_from[frame] = paths.argmin(axis=0)
        total = paths.min(axis=0) + own[frame]
    chosen = np.empty(n_frames, np.int64)
    chosen[-1] = total.argmin()
    for frame in range(n_frames - 1, 0, -1):
        chosen[frame - 1] = came_from[frame, chosen[frame]]
    with_none = np.concatenate([notes, np.full((n_frames, 1), np.nan)], axis=1)
    return np.asarray(with_none[np.arange(n_frames), chosen])
