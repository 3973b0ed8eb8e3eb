"""Baselines without a network: the blend of neighbouring notes' controls, and the mean instrument."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synth.analysis.note import Analysis
from synth.controls import TRANSIENT
from synth.training.corpus import Note
from synth.training.decode import at_loudness
from synth.training.evaluation.held_out import stratified
from synth.training.features import load_features

Array = NDArray[np.float32]

N_MEAN: Final = 1200
"""Training notes that make the mean instrument."""
HEARD_DB: Final = -40.0
ROWS_OF_A_NOTE: Final = 50


def blend(below: Analysis, above: Analysis, share_above: float, frames: Analysis) -> Analysis:
    """Mix the controls of two notes frame by frame, at another note's loudness and pitch."""
    rows = [note.controls[_indices(note, len(frames.note))] for note in (below, above)]
    mixed = (1.0 - share_above) * rows[0] + share_above * rows[1]
    return at_loudness(mixed.astype(np.float32), frames)


def _indices(note: Analysis, n_frames: int) -> NDArray[np.int64]:
    return np.minimum(np.arange(n_frames), len(note.note) - 1)


def mean_instrument(notes: Sequence[Note], cache: Path) -> dict[int, Array]:
    """Average the controls of all instruments at each pitch, rows of shape (N_CONTROLS,)."""
    by_pitch: dict[int, list[Array]] = {}
    for note in mean_notes(notes):
        features = load_features(note, cache)
        heard = np.flatnonzero(features.loudness_db > features.loudness_db.max() + HEARD_DB)
        row = features.rows(heard[:: max(1, len(heard) // ROWS_OF_A_NOTE)]).mean(0)
        row[TRANSIENT] = features.transient_db
        by_pitch.setdefault(note.pitch, []).append(row)
    return {pitch: np.mean(rows, axis=0) for pitch, rows in by_pitch.items()}


def mean_notes(notes: Sequence[Note]) -> list[Note]:
    """Choose the notes that make the mean instrument."""
    return stratified([note for note in notes if note.split == "train"], N_MEAN)


def say_mean(means: dict[int, Array], frames: Analysis) -> Analysis:
    """Let the mean instrument of the nearest pitch follow a note's loudness and pitch."""
    pitch = min(means, key=lambda p: abs(p - float(np.median(frames.note))))
    return at_loudness(np.tile(means[pitch], (len(frames.note), 1)), frames)
