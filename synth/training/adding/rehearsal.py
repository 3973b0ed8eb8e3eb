"""Rehearsal: what a space says of its own sounds, so that they need not be recorded again."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from synth.controls import decoder_inputs, note_to_hz
from synth.space import Space

Array = NDArray[np.float32]

MIXED_SHARE: Final = 0.3
"""Frames that lie between two sounds, or a little beyond one."""
BEYOND: Final = (-0.2, 1.2)
TRANSPOSED_SHARE: Final = 0.6
MOST_SEMITONES: Final = 18.0
OTHER_DB: Final = (-25.0, 8.0)
LOWEST_NOTE, HIGHEST_NOTE = 21.0, 108.0
STRUCK_SHARE: Final = 0.15
"""Frames at the strike itself, the only ones whose transient sounds."""


class Frames(NamedTuple):
    """Frames of a space's own sounds.

    `inputs` are the decoder's, shape (n, N_DECODER_INPUTS); `f0_hz` and `struck`, whether the
    transient sounds, have shape (n,).
    """

    inputs: Array
    f0_hz: Array
    struck: NDArray[np.bool_]


class Rehearsal:
    """Draws frames of the codebook's sounds, at the pitches and loudnesses that are played."""

    def __init__(self, space: Space, seed: int) -> None:
        self._space, self._random = space, np.random.default_rng(seed)
        self._notes = np.array([sound.note for sound in space.card.sounds])
        self._scale = space.card.loudness_mean_db, space.card.loudness_deviation_db

    def as_recorded(self) -> Frames:
        """Take every sound at every age, as it was recorded."""
        n_sounds, n_ages, _ = self._space.codes.shape
        codes = self._space.codes.reshape(n_sounds * n_ages, -1)
        loudness_db = self._space.loudness_db.ravel()
        struck = np.tile(np.arange(n_ages) == 0, n_sounds)
        return self._frames(codes, loudness_db, np.repeat(self._notes, n_ages), struck)

    def draw(self, n: int) -> Frames:
        """Draw frames at random, most of them at other pitches and loudnesses."""
        random, (n_sounds, n_ages, _) = self._random, self._space.codes.shape
        sound, other = random.integers(n_sounds, size=(2, n))
        struck = random.random(n) < STRUCK_SHARE
        age = np.where(struck, 0.0, random.random(n) * (n_ages - 1))
        mixed = random.random(n) < MIXED_SHARE
        share = np.where(mixed, random.uniform(*BEYOND, n), 0.0)[:, None]
        codes = (1 - share) * self._codes(sound, age) + share * self._codes(other, age)
        moved = random.random(n) < TRANSPOSED_SHARE
        semitones = np.where(moved, random.uniform(-MOST_SEMITONES, MOST_SEMITONES, n), 0.0)
        louder_db = np.where(random.random(n) < TRANSPOSED_SHARE, random.uniform(*OTHER_DB, n), 0.0)
        loudness_db = self._at(self._space.loudness_db, sound, age) + louder_db
        note = np.clip(self._notes[sound] + semitones, LOWEST_NOTE, HIGHEST_NOTE)
        return self._frames(codes, loudness_db, note, struck)

    def _codes(self, sound: NDArray[np.int64], age: NDArray[np.float64]) -> NDArray[np.float64]:
        return self._at(self._space.codes, sound, age)

    def _at(
        self, table: Array, sound: NDArray[np.int64], age: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Read a table between two ages, shape (n, ...)."""
        below = np.minimum(age.astype(np.int64), max(table.shape[1] - 2, 0))
        above = np.minimum(below + 1, table.shape[1] - 1)
        share = (age - below).reshape(-1, *[1] * (table.ndim - 2))
        return np.asarray((1 - share) * table[sound, below] + share * table[sound, above])

    def _frames(
        self,
        codes: NDArray[np.floating],
        loudness_db: NDArray[np.floating],
        note: NDArray[np.floating],
        struck: NDArray[np.bool_],
    ) -> Frames:
        inputs = decoder_inputs(codes, loudness_db, note, self._scale)
        return Frames(inputs, note_to_hz(note).astype(np.float32), struck)
