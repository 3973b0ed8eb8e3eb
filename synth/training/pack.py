"""A pack: analysed notes laid end to end in few large arrays, so that frames are gathered at once."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from synth.controls import N_CONTROLS, NOISE, PARTIALS, SILENCE_DB, STRETCH, TRANSIENT
from synth.training.corpus import Note
from synth.training.features import Features

Array = NDArray[np.float32]
Indices = NDArray[np.int64]


class Pack:
    """Analysed notes.

    Attributes
    ----------
    notes
        In the order of everything else.
    starts, n_frames
        Where each note's frames begin and how many there are, shape (n_notes,).
    levels_db, loudness_db, note
        Of all frames, shapes (n_all, N_PARTIALS + N_NOISE_BANDS), (n_all,) and (n_all,).
    stretch, transient_db
        Of each note, shapes (n_notes, N_STRETCHES) and (n_notes, N_TRANSIENT_BANDS).
    pitch, top_db, top_hz
        Nominal pitch and greatest loudness of each note, and the frequency above which its
        recording tells nothing, shape (n_notes,).
    """

    def __init__(self, notes: Sequence[Note], features: Iterable[Features]) -> None:
        self.notes = list(notes)
        every = list(features)
        self.n_frames = np.array([len(one.note) for one in every], np.int64)
        self.starts = np.concatenate([[0], np.cumsum(self.n_frames)[:-1]])
        self.levels_db = np.concatenate([one.levels_db for one in every])
        self.loudness_db = np.concatenate([one.loudness_db for one in every]).astype(np.float32)
        self.note = np.concatenate([one.note for one in every])
        self.stretch = np.stack([one.stretch for one in every])
        self.transient_db = np.stack([one.transient_db for one in every])
        self.pitch = np.array([note.pitch for note in notes], np.float64)
        self.top_hz = np.array([note.top_hz for note in notes], np.float64)
        self.top_db = np.maximum.reduceat(self.loudness_db, self.starts)

    def __len__(self) -> int:
        return len(self.notes)

    def __getitem__(self, index: int) -> Features:
        frames = slice(self.starts[index], self.starts[index] + self.n_frames[index])
        return Features(
            levels_db=self.levels_db[frames],
            loudness_db=self.loudness_db[frames].astype(np.float16),
            note=self.note[frames],
            stretch=self.stretch[index],
            transient_db=self.transient_db[index],
        )

    def every(self, step: int) -> Iterator[Features]:
        """Go through the notes, leaving out all but one of so many."""
        return (self[index] for index in range(0, len(self), step))

    def rows(self, notes: Indices, frames: Indices) -> Array:
        """Lay frames out as rows of controls.

        Parameters
        ----------
        notes, frames
            A note for each crop and frames of it, shapes (n_crops,) and (n_crops, n_frames).

        Returns
        -------
        NDArray
            Shape (n_crops, n_frames, N_CONTROLS); only a strike's own frame has the transient.
        """
        rows = np.full((*frames.shape, N_CONTROLS), SILENCE_DB, np.float32)
        rows[..., PARTIALS.start : NOISE.stop] = self.levels_db[self.at(notes, frames)]
        rows[..., STRETCH] = self.stretch[notes][:, None]
        crop, frame = np.nonzero(frames == 0)
        rows[crop, frame, TRANSIENT] = self.transient_db[notes[crop]]
        return rows

    def at(self, notes: Indices, frames: Indices) -> Indices:
        """Tell where frames of notes lie among all, shape (n_crops, n_frames)."""
        return self.starts[notes][:, None] + frames
