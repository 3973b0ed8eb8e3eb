"""Evaluation: how near a space comes to notes it was not trained on, beside bounds and a baseline."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import joblib
import numpy as np
from numpy.typing import NDArray
from rich.table import Table

from synth.analysis.distance import mel_distance_db
from synth.analysis.note import Analysis, find_onset, resample
from synth.controls import STRETCH, TRANSIENT
from synth.space import Space
from synth.training.codebook import encode_frames
from synth.training.corpus import Note, Progress
from synth.training.decode import decode_path
from synth.training.features import load_features, recording
from synth.training.render import render

Array = NDArray[np.float32]
Scores = dict[str, tuple[float, float]]

N_KNOWN: Final = 150
N_UNSEEN: Final = 60
N_MEAN: Final = 1200
"""Training notes that make the mean instrument."""
SYSTEMS: Final = ("analysis", "space", "transfer", "mean_instrument")
"""What is compared with the recording: its analysis played again, which no decoder can beat; codes
from the note itself; codes from the nearest other note of its instrument; and the mean spectrum of
all instruments near the pitch, which any decoder must beat."""


def evaluate(
    space: Space,
    notes: Sequence[Note],
    cache: Path,
    *,
    n_jobs: int = -1,
    progress: Progress = lambda done, total: None,
) -> dict[str, dict[str, float]]:
    """Score a space by log-mel distance on notes held out from its training.

    Returns
    -------
    dict
        System to measure to dB: `mel_db` and `attack_mel_db` for known instruments at new notes
        and velocities, the same with `unseen_` for instruments never heard; the `n_notes` of each.
    """
    known = stratified([note for note in notes if note.split == "valid"], N_KNOWN)
    unseen = stratified([note for note in notes if note.split == "test"], N_UNSEEN)
    means = mean_instrument([note for note in notes if note.split == "train"], cache)
    jobs = (
        joblib.delayed(_score)(space, note, _neighbour(note, notes), means, cache)
        for note in (*known, *unseen)
    )
    scores: list[Scores] = []
    for score in joblib.Parallel(n_jobs=n_jobs, return_as="generator")(jobs):
        scores.append(score)
        progress(len(scores), len(known) + len(unseen))
    return {
        system: _averages([s[system] for s in scores[: len(known)]], "")
        | _averages([s[system] for s in scores[len(known) :]], "unseen_")
        for system in SYSTEMS
    }


def stratified(notes: Sequence[Note], n_notes: int) -> list[Note]:
    """Choose notes evenly over instruments, then pitches."""
    ordered = sorted(notes, key=lambda note: (note.instrument, note.pitch, note.velocity))
    if len(ordered) <= n_notes:
        return ordered
    return [ordered[int(i)] for i in np.linspace(0, len(ordered) - 1, n_notes)]


def _neighbour(note: Note, notes: Sequence[Note]) -> Note:
    """Find the instrument's nearest note of another pitch and about the same velocity."""
    others = [n for n in notes if n.instrument == note.instrument and n.pitch != note.pitch]
    near = [n for n in others if n.split != "valid"] or [note]
    return min(near, key=lambda n: (abs(n.pitch - note.pitch), abs(n.velocity - note.velocity)))


def mean_instrument(notes: Sequence[Note], cache: Path) -> dict[int, Array]:
    """Average the controls of all instruments at each pitch, rows of shape (N_CONTROLS,)."""
    by_pitch: dict[int, list[Array]] = {}
    for note in stratified(notes, N_MEAN):
        features = load_features(note, cache)
        heard = np.flatnonzero(features.loudness_db > features.loudness_db.max() - 40)
        row = features.rows(heard[:: max(1, len(heard) // 50)]).mean(0)
        row[TRANSIENT] = features.transient_db
        by_pitch.setdefault(note.pitch, []).append(row)
    return {pitch: _mean_level(np.stack(rows)) for pitch, rows in by_pitch.items()}


def _mean_level(rows: Array) -> Array:
    """Average rows of controls: levels as powers, stretches as they are."""
    mean = 10 * np.log10((10 ** (rows / 10)).mean(0))
    mean[STRETCH] = rows[:, STRETCH].mean(0)
    return np.asarray(mean, np.float32)


def _score(
    space: Space, note: Note, neighbour: Note, means: dict[int, Array], cache: Path
) -> Scores:
    audio, rate_hz = recording(note)
    sound = resample(audio, rate_hz)
    true = sound[find_onset(sound) :]
    frames = load_features(note, cache).unpack()
    other = load_features(neighbour, cache).unpack()
    pitch = min(means, key=lambda p: abs(p - note.pitch))
    flat = np.tile(means[pitch], (len(frames.note), 1))
    versions = {
        "analysis": frames,
        "space": decode_path(space, _codes(space, frames), frames),
        "transfer": decode_path(space, _codes(space, other), frames),
        "mean_instrument": Analysis(
            controls=flat, loudness_db=frames.loudness_db, note=frames.note
        ),
    }
    return {name: mel_distance_db(true, render(version)) for name, version in versions.items()}


def _codes(space: Space, frames: Analysis) -> Array:
    scale = space.card.loudness_mean_db, space.card.loudness_deviation_db
    return encode_frames(frames, space.encoder, scale)


def _averages(scores: Sequence[tuple[float, float]], prefix: str) -> dict[str, float]:
    if not scores:
        return {}
    whole, attack = np.mean(scores, axis=0)
    return {
        f"{prefix}mel_db": round(float(whole), 3),
        f"{prefix}attack_mel_db": round(float(attack), 3),
        f"{prefix}n_notes": len(scores),
    }


def evaluation_table(evaluation: dict[str, dict[str, float]]) -> Table:
    """Lay an evaluation out for a terminal."""
    measures = list(dict.fromkeys(m for scores in evaluation.values() for m in scores))
    table = Table("system", *measures, box=None)
    for system, scores in evaluation.items():
        table.add_row(system, *(f"{scores[m]:g}" if m in scores else "" for m in measures))
    return table
