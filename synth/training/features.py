"""The analysed corpus: every note's controls, measured once, kept on disk and read into memory."""

import hashlib
import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final
from zipfile import BadZipFile

import joblib
import numpy as np
import soundfile
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from synth.analysis.note import Analysis, analyse
from synth.controls import N_CONTROLS, NOISE, PARTIALS, SILENCE_DB, STRETCH, TRANSIENT
from synth.training.corpus import CorpusError, Note, Progress
from synth.training.staff import Staff, workers
from synth.training.whole_file import whole

VERSION: Final = 3
"""Part of every file's name: raise it when the analysis changes."""
BATCH: Final = 4
"""Recordings sent to a worker at once."""


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
    n_jobs: int | None = None,
    scheduler: str | None = None,
    progress: Progress = lambda done, total: None,
) -> list[Note]:
    """Analyse the notes whose content is not in the cache yet, in an order that mixes instruments.

    Whoever analyses is sent the recording and sends back the controls: only this process reads the
    corpus and writes the cache, so what a killed worker held is done by another.

    Parameters
    ----------
    notes, cache
        What to analyse, and the folder of analyses; several corpora may share it.
    n_jobs
        How many processes here; without it one for each processor.
    scheduler
        Address of a Dask scheduler whose workers are to do it in place of this computer.
    progress
        Told how many notes are done.

    Returns
    -------
    list
        The notes that could be analysed; silent and very short recordings drop out.

    Raises
    ------
    CorpusError, StaffError
        When a recording cannot be read, or a scheduler does not answer.
    """
    cache.mkdir(parents=True, exist_ok=True)
    mixed = sorted(notes, key=lambda note: zlib.crc32(note.key.encode()))
    missing = [note for note in mixed if not _file(note, cache).exists()]
    n_known, useless = len(mixed) - len(missing), set()
    progress(n_known, len(mixed))
    if missing:
        staff = Staff(n_jobs=n_jobs, scheduler=scheduler)
        with (
            threadpool_limits(limits=1, user_api="blas"),
            workers(staff, return_as="generator", batch_size=BATCH) as parallel,
        ):
            jobs = (joblib.delayed(_features)(_content(note), note) for note in missing)
            for done, (note, found) in enumerate(zip(missing, parallel(jobs), strict=True), 1):
                if found is None:
                    useless.add(note.path)
                else:
                    _write(found, _file(note, cache))
                progress(n_known + done, len(mixed))
    return [note for note in mixed if note.path not in useless]


def _content(note: Note) -> bytes:
    try:
        return note.path.read_bytes()
    except OSError:
        raise _unreadable(note.path) from None


@cache
def _digest(path: Path, changed_ns: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def content_of(note: Note) -> str:
    """Hash what a note's analysis depends on: the recording's bytes and its pitch.

    Raises
    ------
    CorpusError
        When the recording cannot be read.
    """
    try:
        content = _digest(note.path, note.path.stat().st_mtime_ns)
    except OSError:
        raise _unreadable(note.path) from None
    return hashlib.sha256(f"{content} {note.heard_pitch}".encode()).hexdigest()[:32]


def _file(note: Note, cache: Path) -> Path:
    """Name a note's analysis by its content and the version."""
    return cache / f"{content_of(note)}.{VERSION}.npz"


def _features(content: bytes, note: Note) -> Features | None:
    """Analyse a recording; None where nothing sounds. One thread, so that all machines agree."""
    threadpool_limits(limits=1, user_api="blas")
    try:
        audio, rate_hz = soundfile.read(io.BytesIO(content), always_2d=True)
    except soundfile.SoundFileError:
        raise _unreadable(note.path) from None
    try:
        return Features.pack(analyse(audio[:, 0], rate_hz, note.heard_pitch))
    except ValueError:
        return None


def _write(features: Features, path: Path) -> None:
    with whole(path) as file:
        np.savez(file, **vars(features))


def load_features(note: Note, cache: Path) -> Features:
    """Read one analysed note.

    Raises
    ------
    CorpusError
        When its file is gone or damaged.
    """
    path = _file(note, cache)
    try:
        with path.open("rb") as file, np.load(file) as arrays:
            return Features(**arrays)
    except (OSError, BadZipFile, EOFError, TypeError, ValueError):
        raise CorpusError(
            f"the analysis {path} is gone or damaged; delete it if it is there, and run the same "
            "command again, which makes it anew"
        ) from None


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
        raise _unreadable(note.path) from None
    return audio[:, 0], rate_hz


def _unreadable(path: Path) -> CorpusError:
    return CorpusError(
        f"{path} cannot be read as audio; restore it or take it out of examples.json"
    )
