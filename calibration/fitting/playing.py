"""A playing beside a recording: how much later its touches come than the notes they play."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mapper.gestures import Gesture
from synth.analysis.fundamental import MELODY_RATE_HZ, find_melody

Array = NDArray[np.float64]

LAGS_S: Final = np.arange(-0.5, 0.5001, 0.005)
"""The playing is looked for so much before and after the sound."""
FAR_SEMITONES: Final = 1.0
"""Pitches further apart than this are another note."""
STEEP_DB: Final = 12.0


def find_lag(sound: Array, gestures: Sequence[Gesture]) -> tuple[float, float]:
    """Find how much later the playing is than the sound: by its pitch, and by where notes begin.

    Pitch alone would not tell, for a note rings on after its touch is lifted.

    Returns
    -------
    tuple
        Lag in seconds, and the median distance of the pitches there in semitones.
    """
    melody = find_melody(sound)
    times_s = np.arange(-len(melody.note), 2 * len(melody.note)) / MELODY_RATE_HZ
    silence = np.full(len(melody.note), np.nan)
    note = np.concatenate([silence, melody.note, silence])
    still = np.zeros(len(melody.note))
    rise = np.concatenate([still, _rise(melody.level_db), still])
    strikes_s = np.array([gesture.start_s for gesture in gestures])
    apart = [np.abs(note - played_note(gestures, times_s + lag_s)) for lag_s in LAGS_S]
    scores = [
        (away < FAR_SEMITONES).sum() / MELODY_RATE_HZ / _held_s(gestures)
        + np.interp(strikes_s - lag_s, times_s, rise).mean()
        for lag_s, away in zip(LAGS_S, apart, strict=True)
    ]
    best = int(np.argmax(scores))
    return float(LAGS_S[best]), float(np.nanmedian(apart[best]))


def _held_s(gestures: Sequence[Gesture]) -> float:
    return sum(gesture.end_s - gesture.start_s for gesture in gestures)


def _rise(level_db: Array) -> Array:
    """How steeply the level rises at each frame, 1 for `STEEP_DB` in 20 ms, shape (n_frames,)."""
    before = np.concatenate([np.full(1, level_db.min()), level_db[:-1]])
    after = np.concatenate([level_db[1:], level_db[-1:]])
    return np.clip((after - before) / STEEP_DB, 0.0, 1.0)


def played_note(gestures: Sequence[Gesture], times_s: Array) -> Array:
    """Pitch of the touch held at each time, the newest first; not a number where none is."""
    note = np.full(len(times_s), np.nan)
    for gesture in gestures:
        held = (times_s >= gesture.start_s) & (times_s < gesture.end_s)
        told = np.searchsorted(gesture.times_s, times_s[held], side="right") - 1
        note[held] = gesture.note + gesture.glide_semitones[told]
    return note
