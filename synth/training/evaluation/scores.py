"""Scores: what is measured of each system's version of each held-out note, kept by content."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import joblib
import numpy as np
from numpy.typing import ArrayLike, NDArray

from synth.analysis.distance import level_distance_db, mel_db
from synth.analysis.fundamental import Melody, find_melody
from synth.training.corpus import Progress
from synth.training.evaluation.ear import portrait
from synth.training.evaluation.held_out import Trial
from synth.training.evaluation.material import Material
from synth.training.evaluation.shelf import recalled
from synth.training.evaluation.spectra import spectra_db, spectral_distance_db
from synth.training.evaluation.systems import Original, System

Array = NDArray[np.float64]

VERSION: Final = 3
"""Part of every hash: raise it when a measure or the renderer changes."""
MEASURES: Final = (
    "mel_db",
    "attack_mel_db",
    "multiscale_db",
    "attack_multiscale_db",
    "pitch_cents",
    "in_tune",
)
OFF_PITCH_SEMITONES: Final = 0.5
TRIALS_OF_A_JOB: Final = 4


class Score(NamedTuple):
    """One system's version of one note.

    Attributes
    ----------
    measures
        In the order of `MEASURES`; not a number where there is nothing to compare.
    portrait
        What the ear judges it by.
    """

    measures: NDArray[np.float32]
    portrait: NDArray[np.float16]


def score_trials(
    trials: Sequence[Trial],
    systems: Sequence[System],
    cache: Path,
    store: Path,
    *,
    n_jobs: int = -1,
    progress: Progress = lambda done, total: None,
) -> list[dict[str, Score]]:
    """Score every system on every trial; what the store has is not done again.

    Parameters
    ----------
    cache
        Folder of the corpus' analysis.
    store
        Folder where scores are kept.

    Returns
    -------
    list
        For each trial its scores by system.
    """
    store.mkdir(parents=True, exist_ok=True)
    parts = [trials[at : at + TRIALS_OF_A_JOB] for at in range(0, len(trials), TRIALS_OF_A_JOB)]
    jobs = (joblib.delayed(_score_some)(part, systems, cache, store) for part in parts)
    done: Iterator[list[dict[str, Score]]]
    done = joblib.Parallel(n_jobs=n_jobs, return_as="generator")(jobs)
    scored: list[dict[str, Score]] = []
    for some in done:
        scored += some
        progress(len(scored), len(trials))
    return scored


def _score_some(
    trials: Sequence[Trial], systems: Sequence[System], cache: Path, store: Path
) -> list[dict[str, Score]]:
    return [_score_trial(Material(trial, cache), systems, store) for trial in trials]


def _score_trial(material: Material, systems: Sequence[System], store: Path) -> dict[str, Score]:
    return {system.name: _recalled(material, system, store) for system in systems}


def _recalled(material: Material, system: System, store: Path) -> Score:
    """Read a score from the store, or measure it and keep it."""
    content = f"{VERSION} {system.name} {system.content} {material.content}"
    return Score(**recalled(store, content, lambda: score(material, system)._asdict()))


def score(material: Material, system: System) -> Score:
    """Measure one system on one note."""
    sound = system.sound(material)
    n_samples = min(len(sound), len(material.sound))
    sound = sound[:n_samples]
    levels = mel_db(sound)
    if isinstance(system, Original):
        distances = (0.0, 0.0, 0.0, 0.0)
        pitch = follow_pitch(material.melody, material.melody, material.trial.note.heard_pitch)
    else:
        true_mel, true_spectra = material.levels_db(n_samples)
        distances = (
            *level_distance_db(true_mel, levels),
            *spectral_distance_db(true_spectra, spectra_db(sound)),
        )
        pitch = follow_pitch(material.melody, find_melody(sound), material.trial.note.heard_pitch)
    return Score(np.array([*distances, *pitch], np.float32), portrait(levels))


def follow_pitch(true: Melody, other: Melody, pitch: ArrayLike) -> tuple[float, float]:
    """Compare two pitch tracks where the true one is heard near its nominal pitch.

    Parameters
    ----------
    pitch
        A note number, or a track of them spread over the note.

    Returns
    -------
    tuple
        Median distance in cents where both are voiced, and the share of the frames in which the
        other is within half a semitone; not a number where there are none.
    """
    n_frames = min(len(true.note), len(other.note))
    track = np.atleast_1d(np.asarray(pitch, np.float64))
    nominal = np.interp(np.linspace(0, 1, n_frames), np.linspace(0, 1, len(track)), track)
    heard = np.abs(true.note[:n_frames] - nominal) < OFF_PITCH_SEMITONES
    away = np.abs(other.note[:n_frames] - true.note[:n_frames])[heard]
    if not heard.any():
        return np.nan, np.nan
    both = away[np.isfinite(away)]
    cents = 100.0 * float(np.median(both)) if both.size else np.nan
    return cents, float((away < OFF_PITCH_SEMITONES).mean())
