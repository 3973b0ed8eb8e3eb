"""Leakage: how well pitch is read off codes that should say nothing of it."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from synth.moving.edge import AUDIBLE_DB
from synth.moving.surface import instrument_of
from synth.space import Space

Array = NDArray[np.float64]

N_FOLDS: Final = 5
RIDGE: Final = 10.0


class Told(NamedTuple):
    """Pitch as it is and as codes tell it, of every sound of a codebook.

    Attributes
    ----------
    note, guess
        Note numbers, shape (n_sounds,).
    instruments
        Whose sounds they are.
    """

    note: Array
    guess: Array
    instruments: list[str]


def told_pitch(space: Space) -> Told:
    """Read pitch off each sound's mean audible code, by ridge regression on other instruments."""
    audible = (space.loudness_db > AUDIBLE_DB)[..., None] + 1e-6
    codes = (space.codes * audible).sum(axis=1) / audible.sum(axis=1)
    inputs = np.column_stack([codes, np.ones(len(codes))]).astype(np.float64)
    note = np.array([sound.note for sound in space.card.sounds])
    names = [instrument_of(sound.name) for sound in space.card.sounds]
    places = {name: place for place, name in enumerate(dict.fromkeys(names))}
    fold = np.array([places[name] for name in names]) % N_FOLDS
    told = np.empty(len(note))
    for tried in range(N_FOLDS):
        seen = fold != tried
        told[~seen] = inputs[~seen] @ _ridge(inputs[seen], note[seen])
    return Told(note, told, names)


def _ridge(inputs: Array, outputs: Array) -> Array:
    gram = inputs.T @ inputs + RIDGE * np.eye(inputs.shape[1])
    return np.asarray(np.linalg.solve(gram, inputs.T @ outputs))
