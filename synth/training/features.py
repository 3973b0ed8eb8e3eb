"""The analysed corpus: every note's controls, measured once, kept on disk and read into memory."""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import joblib
import numpy as np
import soundfile
from numpy.typing import NDArray

from synth.analysis.note import Analysis, analyse
from synth.controls import N_CONTROLS, NOISE, PARTIALS, SILENCE_DB, STRETCH, TRANSIENT
from synth.training.corpus import CorpusError, Note, Progress

VERSION: Final = 2
"""Part of every file's name: raise it when the analysis changes."""


@dataclass(frozen=True, kw_only=True)
class Features:
    """One note's controls, compactly.

    Attributes
    ----------
    levels_db
        Partials then noise, relative to loudness, shape (n_frames, N_PARTIALS + N_NOISE_BANDS), float16.
    loudness_db, note
        Shape (n_frames,), float16 and float32.
    stretch, transient_db
        Shapes (N_STRETCHES,) and (N_TRANSIENT_BANDS,), float32.
    """

    levels_db: NDArray[np.float16]
    loudness_db: NDArray[np.float16]
    note: NDArray[np.float32]
    stretch: NDArray[np.float32]
    transient_db: NDArray[np.float32]

    @classmethod
    def pack(cls, analysis: Analysis) -> "Features":
        """Drop what repeats in every frame."""
        first = analysis.controls[0]
        return cls(
            levels_db=analysis.controls[:, PARTIALS.start : NOISE.stop].astype(np.float16),
            loudness_db=analysis.loudness_db.astype(np.float16),
            note=analysis.note,
            stretch=first[STRETCH].copy(),
            transient_db=first[TRANSIENT].copy(),
        )

    def rows(self, frames: NDArray[np.int64]) -> NDArray[np.float32]:
        """Lay some frames out as rows of controls; only the strike's frame has the transient."""
        rows = np.full((len(frames), N_CONTROLS), SILENCE_DB, np.float32)
        rows[:, PARTIALS.start : NOISE.stop] = self.levels_db[frames]
        rows[:, STRETCH] = self.stretch
        rows[frames == 0, TRANSIENT] = self.transient_db
        return rows

    def unpack(self) -> Analysis:
        """Restore the analysis."""
        return Analysis(
            controls=self.rows(np.arange(len(self.note))),
            loudness_db=self.loudness_db.astype(np.float32),
            note=self.note,
        )


def measure(
    notes: Sequence[Note],
    cache: Path,
    *,
    n_jobs: int = -1,
    progress: Progress = lambda done, total: None,
) -> list[Note]:
    """Analyse the notes that are not in the cache yet, in an order that mixes instruments.

    Returns
    -------
    list
        The notes that could be analysed; silent and very short recordings drop out.
    """
    cache.mkdir(parents=True, exist_ok=True)
    mixed = sorted(notes, key=lambda note: zlib.crc32(note.key.encode()))
    jobs = (joblib.delayed(_measure)(note, cache) for note in mixed)
    done = joblib.Parallel(n_jobs=n_jobs, return_as="generator", batch_size=8)(jobs)
    return list(_counted(mixed, done, progress))


def _counted(notes: Sequence[Note], done: Iterator[bool], progress: Progress) -> Iterator[Note]:
    for index, (note, usable) in enumerate(zip(notes, done, strict=True)):
        progress(index + 1, len(notes))
        if usable:
            yield note


def _file(note: Note, cache: Path) -> Path:
    return cache / f"{note.split}-{note.key}.{VERSION}.npz"


def _measure(note: Note, cache: Path) -> bool:
    path = _file(note, cache)
    if path.exists():
        return True
    audio, rate_hz = recording(note)
    try:
        features = Features.pack(analyse(audio, rate_hz, note.heard_pitch))
    except ValueError:
        return False
    temporary = path.with_suffix(".partial")
    with temporary.open("wb") as file:
        np.savez(file, **vars(features))
    temporary.replace(path)
    return True


def load_features(note: Note, cache: Path) -> Features:
    """Read one analysed note."""
    with np.load(_file(note, cache)) as arrays:
        return Features(**arrays)


def recording(note: Note) -> tuple[NDArray[np.float64], int]:
    """Read a note's own audio and rate, one channel.

    Raises
    ------
    CorpusError
        When the file is missing or not audio.
    """
    try:
        audio, rate_hz = soundfile.read(note.path, always_2d=True)
    except (OSError, soundfile.SoundFileError):
        raise CorpusError(
            f"{note.path} cannot be read as audio; restore it or take it out of examples.json"
        ) from None
    return audio[:, 0], rate_hz
