"""Ear: a listener that has learned families and instruments from recordings, and judges by them.

As in NSynth's evaluation (Engel et al. 2017), what it tells of the recordings themselves stands
beside what it tells of each system's versions of them.
"""

import hashlib
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

import joblib
import numpy as np
from numpy.typing import NDArray
from scipy.fft import dct

from synth.analysis.distance import HOP, N_BANDS, mel_db
from synth.analysis.frames import RATE_HZ
from synth.analysis.note import find_onset, resample
from synth.training.corpus import Note, Progress
from synth.training.features import recording
from synth.training.whole_file import whole

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

Array = NDArray[np.floating]

VERSION: Final = 1
"""Part of every hash: raise it when portraits change."""
EDGES_S: Final = (0.0, 0.03, 0.07, 0.15, 0.3, 0.6, 1.2, 2.0, 3.0, 4.0)
FLOOR_DB: Final = -60.0
"""Levels further below the loudest are not told apart: there recordings differ by their hiss."""
N_CEPSTRA: Final = 12
"""Spectra are heard as smooth as this, so that another pitch is not another timbre."""
SOFTNESS: Final = 10.0
N_LEARNED: Final = 6000
NOTES_OF_A_JOB: Final = 32


def portrait(levels_db: Array) -> NDArray[np.float16]:
    """Average mel levels over stretches of a note's age, as a listener needs them.

    Parameters
    ----------
    levels_db
        Levels from the onset, shape (n_frames, N_BANDS), `synth.analysis.distance.HOP` apart.

    Returns
    -------
    NDArray
        Levels over the floor from 0 to 1, shape (n_stretches, N_BANDS).
    """
    level = np.clip((levels_db - levels_db.max()) / -FLOOR_DB + 1.0, 0.0, 1.0)
    edges = np.minimum(np.round(np.array(EDGES_S) * RATE_HZ / HOP).astype(int), len(level))
    stretches = [
        level[low:high].mean(0) if high > low else np.zeros(N_BANDS)
        for low, high in pairwise(edges)
    ]
    return np.array(stretches, np.float16)


class Judge:
    """Tells one kind of label by portraits.

    Parameters
    ----------
    portraits
        Of recordings, shape (n_notes, n_stretches, N_BANDS).
    labels
        What each is.
    """

    def __init__(self, portraits: Array, labels: Sequence[str]) -> None:
        self._only = labels[0] if len(set(labels)) == 1 else None
        self._network = None if self._only else _fitted(_cepstra(portraits), labels)

    def judge(self, portraits: Array) -> list[str]:
        """Choose a label for each portrait."""
        if self._network is None:
            return [str(self._only)] * len(portraits)
        return [str(label) for label in self._network.predict(_cepstra(portraits))]


def _cepstra(portraits: Array) -> NDArray[np.float32]:
    """Smooth spectra of every stretch, shape (n_notes, n_stretches * N_CEPSTRA)."""
    smooth = dct(np.asarray(portraits, np.float32), axis=2, norm="ortho")[..., :N_CEPSTRA]
    return smooth.reshape(len(portraits), -1)


def _fitted(inputs: NDArray[np.float32], labels: Sequence[str]) -> "Pipeline":
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC

    return make_pipeline(StandardScaler(), SVC(C=SOFTNESS)).fit(inputs, labels)


class Ear:
    """One judge of families, one of instruments.

    Parameters
    ----------
    notes, portraits
        What it learns from, in the same order.
    """

    def __init__(self, notes: Sequence[Note], portraits: Array) -> None:
        self.family = Judge(portraits, [note.family for note in notes])
        self.instrument = Judge(portraits, [note.instrument for note in notes])


def train_ear(
    notes: Sequence[Note],
    store: Path,
    *,
    n_jobs: int = -1,
    progress: Progress = lambda done, total: None,
) -> Ear:
    """Let an ear learn from recordings; their portraits are kept in `store`."""
    path = store / f"portraits-{_hash(notes)}.npy"
    if not path.exists():
        jobs = (joblib.delayed(portrait_of)(note) for note in notes)
        portraits: list[NDArray[np.float16]] = []
        parallel = joblib.Parallel(n_jobs=n_jobs, return_as="generator", batch_size=NOTES_OF_A_JOB)
        for one in parallel(jobs):
            portraits.append(one)
            progress(len(portraits), len(notes))
        with whole(path) as file:
            np.save(file, np.stack(portraits))
    return Ear(notes, np.load(path))


def portrait_of(note: Note) -> NDArray[np.float16]:
    """Make the portrait of a note's own recording."""
    sound = resample(*recording(note))
    return portrait(mel_db(sound[find_onset(sound) :]))


def _hash(notes: Sequence[Note]) -> str:
    """Hash what is learned from: names, sizes and times of the files."""
    digest = hashlib.blake2b(f"{VERSION}".encode(), digest_size=16)
    for note in notes:
        stat = note.path.stat()
        digest.update(f"{note.path} {stat.st_size} {stat.st_mtime_ns}".encode())
    return digest.hexdigest()
