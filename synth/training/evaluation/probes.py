"""Probes: what a note's codes tell, by ridge regression from codes to what can be measured of it.

Brightness, noise, attack and decay should be readable, since players reach for them; pitch and
velocity should not, since the decoder is told them (leakage).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import joblib
import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import RidgeCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from synth.analysis.note import Analysis
from synth.analysis.stretch import partial_hz
from synth.controls import NOISE, PARTIALS, STRETCH, noise_centres_hz, note_to_hz
from synth.encoder import CODE_RATE_HZ, encode_analysis
from synth.space import Space
from synth.training.corpus import Note, Progress
from synth.training.evaluation.held_out import stratified
from synth.training.evaluation.intervals import Figure, explained_figure
from synth.training.features import load_features

Array = NDArray[np.float64]
Probes = dict[str, dict[str, Figure]]

TOLD: Final = ("brightness_octaves", "noise_db", "attack_octaves", "decay_db")
LEAKED: Final = ("pitch_semitones", "velocity")
N_LEARNED: Final = 1000
N_ONSET_CODES: Final = 4
SUSTAIN_S: Final = (0.1, 2.5)
QUIETEST_DB: Final = -60.0
SPEAKS_DB: Final = -3.0
PENALTIES: Final = tuple(10.0 ** np.arange(-2, 5))
SUSTAIN, WITH_ONSET, UNSEEN = "sustain", "sustain_and_onset", "unseen_sustain_and_onset"


def learned_notes(notes: Sequence[Note]) -> list[Note]:
    """Choose the notes that probes are fitted to."""
    return stratified([note for note in notes if note.split == "train"], N_LEARNED)


def probe(
    space: Space,
    learned: Sequence[Note],
    held_out: Sequence[Note],
    cache: Path,
    *,
    n_jobs: int = -1,
    progress: Progress = lambda done, total: None,
) -> Probes:
    """Measure how much of each quality's variance codes explain, on notes held out.

    Returns
    -------
    dict
        Quality to the share explained: by the mean code of the held part, by that and the first
        codes, and the latter for instruments that were never heard.
    """
    notes = [*learned, *held_out]
    jobs = (joblib.delayed(_look)(note, space, cache) for note in notes)
    looked = []
    for look in joblib.Parallel(n_jobs=n_jobs, return_as="generator", batch_size=8)(jobs):
        looked.append(look)
        progress(len(looked), len(notes))
    inputs, qualities = (np.stack(columns) for columns in zip(*looked, strict=True))
    return {
        name: _explained(inputs, qualities[:, column], notes)
        for column, name in enumerate((*TOLD, *LEAKED))
    }


def _explained(inputs: Array, quality: Array, notes: Sequence[Note]) -> dict[str, Figure]:
    split = np.array([note.split for note in notes])
    sustain = inputs[:, : inputs.shape[1] // (1 + N_ONSET_CODES)]
    looks = {
        SUSTAIN: (sustain, split == "valid"),
        WITH_ONSET: (inputs, split == "valid"),
        UNSEEN: (inputs, split == "test"),
    }
    return {
        name: _fitted(columns, quality, split == "train", asked, notes)
        for name, (columns, asked) in looks.items()
        if asked.sum() > 1
    }


def _fitted(
    inputs: Array,
    quality: Array,
    learned: NDArray[np.bool_],
    asked: NDArray[np.bool_],
    notes: Sequence[Note],
) -> Figure:
    model = make_pipeline(StandardScaler(), RidgeCV(PENALTIES))
    guessed = model.fit(inputs[learned], quality[learned]).predict(inputs[asked])
    groups = [note.instrument for note, chosen in zip(notes, asked, strict=True) if chosen]
    return explained_figure(quality[asked], guessed, groups)


def _look(note: Note, space: Space, cache: Path) -> tuple[Array, Array]:
    """Give a note's codes, mean of the held part first, and its qualities."""
    frames = load_features(note, cache).unpack()
    codes = encode_analysis(space, frames).codes.astype(np.float64)
    low, high = (round(at_s * CODE_RATE_HZ) for at_s in SUSTAIN_S)
    held = codes[low:high] if len(codes) > low else codes
    first = codes[np.minimum(np.arange(N_ONSET_CODES), len(codes) - 1)]
    told = [*qualities(frames), float(note.pitch), float(note.velocity)]
    return np.concatenate([held.mean(0), first.ravel()]), np.array(told)


def qualities(frames: Analysis) -> tuple[float, float, float, float]:
    """Measure what `TOLD` names.

    Returns
    -------
    tuple
        Octaves of the centroid over 1 Hz; noise in the whole in dB; octaves of the attack's time
        over 1 ms; and how far the level moves from its highest to the held part's end in dB.
    """
    power = 10.0 ** (frames.loudness_db.astype(np.float64) / 10)
    ratio = partial_hz(1.0, frames.controls[:, STRETCH].astype(np.float64))
    hz = ratio * note_to_hz(frames.note)[:, None]
    partials = power[:, None] * 10.0 ** (frames.controls[:, PARTIALS].astype(np.float64) / 10) / 2
    noise = power[:, None] * 10.0 ** (frames.controls[:, NOISE].astype(np.float64) / 10)
    total = partials.sum() + noise.sum()
    centroid_hz = ((partials * hz).sum() + (noise @ noise_centres_hz()).sum()) / total
    return (
        float(np.log2(centroid_hz)),
        float(10.0 * np.log10(noise.sum() / total)),
        *_envelope(frames),
    )


def _envelope(frames: Analysis) -> tuple[float, float]:
    times_s, level_db = frames.times_s, frames.loudness_db
    young = level_db[times_s < SUSTAIN_S[1]]
    speaks_s = times_s[int(np.argmax(young > young.max() + SPEAKS_DB))]
    left_db = float(np.interp(SUSTAIN_S[1], times_s, level_db)) - float(young.max())
    return float(np.log2(max(1000.0 * speaks_s, 1.0))), max(left_db, QUIETEST_DB)
