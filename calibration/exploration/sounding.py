"""Sounding: a candidate as playable surfaces, and as the one note by which it is judged."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.exploration.candidate import Candidate
from calibration.exploration.palette import MIDDLING, NOTES, Palette
from synth.controls import TRAJECTORY_SIZE
from synth.moving import fingerprint
from synth.moving.fingerprint import PEAK_DB
from synth.moving.surface import Surface

Array = NDArray[np.float64]

ROW_RATE_HZ: Final = 100
HELD_S: Final = 1.1
LENGTH_S: Final = 1.5
QUIETEST_DB: Final = -100.0
VIBRATO_HZ: Final = 5.5
VIBRATO_CENTS: Final = 15.0
VIBRATO_DB: Final = 0.7
VIBRATO_START_S: Final = 0.45
VIBRATO_GROWTH_S: Final = 0.35


class CandidateSurface(Surface):
    """A candidate over note and age, as the recorded sounds are that presets are made of."""

    def __init__(self, palette: Palette, candidate: Candidate, dynamic: int = MIDDLING) -> None:
        self.notes = np.array(NOTES)
        self.codes, self.loudness_db, self.ages_s = palette.blend(candidate, dynamic)


def trajectory(
    palette: Palette, candidate: Candidate, note: float, length_s: float = LENGTH_S
) -> NDArray[np.float32]:
    """Play a candidate once, with a vibrato that sets in late as a player's does.

    Returns
    -------
    NDArray
        Rows at `ROW_RATE_HZ` from the strike on, shape (n_rows, TRAJECTORY_SIZE): code, loudness
        in dB with its peak near `PEAK_DB`, pitch offset in cents.
    """
    surface = CandidateSurface(palette, candidate)
    age_s = np.arange(round(length_s * ROW_RATE_HZ)) / ROW_RATE_HZ
    notes = np.full_like(age_s, note)
    grown = np.clip((age_s - VIBRATO_START_S) / VIBRATO_GROWTH_S, 0.0, 1.0)
    swing = grown * np.sin(2 * np.pi * VIBRATO_HZ * (age_s - VIBRATO_START_S))
    rows = np.empty((len(age_s), TRAJECTORY_SIZE), np.float32)
    rows[:, :-2] = surface.code(notes, age_s)
    rows[:, -2] = PEAK_DB + surface.decay_db(notes, age_s) + VIBRATO_DB * swing
    rows[:, -1] = VIBRATO_CENTS * swing
    rows[:, -2] = np.maximum(rows[:, -2], QUIETEST_DB)
    return rows


def foreseen(palette: Palette, candidate: Candidate, note: float) -> Array:
    """Foresee the fingerprint of a candidate without rendering it, shape (fingerprint.SIZE,)."""
    at = np.round(np.array(fingerprint.AGES_S) * ROW_RATE_HZ).astype(int)
    length_s = max(fingerprint.AGES_S) + 1.5 / ROW_RATE_HZ
    rows = trajectory(palette, candidate, note, length_s)[at].astype(np.float64)
    return fingerprint.foreseen(
        palette.space, rows[None, :, :-2], rows[None, :, -2] - PEAK_DB, note
    )[0]
