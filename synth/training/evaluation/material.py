"""Material: what the systems are given of one held-out note, read from disk when it is needed."""

import hashlib
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from synth.analysis.distance import mel_db
from synth.analysis.fundamental import Melody, find_melody
from synth.analysis.note import Analysis, find_onset, resample
from synth.training.corpus import Note
from synth.training.evaluation.held_out import Trial
from synth.training.evaluation.spectra import Array as Spectrum
from synth.training.evaluation.spectra import spectra_db
from synth.training.features import load_features, recording

Array = NDArray[np.float64]


class Material:
    """A trial's recordings and analyses.

    Parameters
    ----------
    trial
        The note that is held out and those near it.
    cache
        Folder of the corpus' analysis.
    """

    def __init__(self, trial: Trial, cache: Path) -> None:
        self.trial = trial
        self._cache = cache
        self._levels: dict[int, tuple[Array, list[Spectrum]]] = {}

    @cached_property
    def sound(self) -> Array:
        """The true note at `RATE_HZ` from its onset."""
        return self.recording_of(self.trial.note)

    @cached_property
    def frames(self) -> Analysis:
        """Its analysis."""
        return self.analysis_of(self.trial.note)

    @cached_property
    def melody(self) -> Melody:
        """Its pitch as the tracker hears it."""
        return find_melody(self.sound)

    @cached_property
    def content(self) -> str:
        """A hash of everything that is here."""
        digest = hashlib.blake2b(digest_size=16)
        for note in dict.fromkeys(self.trial.notes):
            digest.update(note.path.read_bytes())
            for _, array in sorted(vars(load_features(note, self._cache)).items()):
                digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()

    def analysis_of(self, note: Note) -> Analysis:
        """Read the analysis of one of the trial's notes."""
        return load_features(note, self._cache).unpack()

    def recording_of(self, note: Note) -> Array:
        """Read the recording of one of the trial's notes, from its onset."""
        sound = resample(*recording(note))
        return sound[find_onset(sound) :]

    def levels_db(self, n_samples: int) -> tuple[Array, list[Spectrum]]:
        """Mel levels and spectra of the true note's beginning, computed once for each length."""
        if n_samples not in self._levels:
            beginning = self.sound[:n_samples]
            self._levels[n_samples] = mel_db(beginning), spectra_db(beginning)
        return self._levels[n_samples]
