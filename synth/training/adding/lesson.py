"""The lesson: frames of the new sounds, at their own pitch and at others that nobody recorded."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from synth.analysis.frames import YOUNG_FRAMES
from synth.controls import (
    CODE_SIZE,
    NOISE,
    SILENCE_DB,
    STRETCH,
    decoder_inputs,
    noise_centres_hz,
    note_to_hz,
)
from synth.encoder import CODE_RATE_HZ, encode_analysis
from synth.space import Space
from synth.training.adding.new_sound import NewSound
from synth.training.adding.student import Student

Array = NDArray[np.float32]
Indices = NDArray[np.int64]

CODE_NOISE: Final = 0.1
YOUNG_SHARE: Final = 0.35
"""Frames of the first 60 ms."""
STRUCK_SHARE: Final = 0.05
QUIET_DB: Final = 60.0
MOST_SEMITONES: Final = 24.0
LOWEST_NOTE, HIGHEST_NOTE = 21.0, 108.0
LOUDER_DB: Final = 6.0
HIGHEST_DB: Final = 12.0


class Frames(NamedTuple):
    """Frames to be said.

    `inputs` are the decoder's, shape (n, N_DECODER_INPUTS), `meant` the controls; pitch, whether
    the transient sounds, how much each frame matters and whether it has a pitch, shape (n,).
    """

    inputs: Tensor
    meant: Tensor
    f0_hz: Tensor
    struck: Tensor
    weights: Tensor
    pitched: Tensor


class Lesson:
    """Draws frames of the new sounds, whose codes are learned along with the decoder.

    Attributes
    ----------
    moved
        What is added to the codes that were heard and settled, shape (n_all_codes, CODE_SIZE).
    """

    def __init__(self, space: Space, sounds: Sequence[NewSound], old: Student, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._scale = space.card.loudness_mean_db, space.card.loudness_deviation_db
        self._old = old
        heard = [encode_analysis(space, sound.frames).codes for sound in sounds]
        self.n_codes = [len(codes) for codes in heard]
        self.heard = torch.from_numpy(np.vstack(heard))
        self.moved = nn.Parameter(torch.zeros_like(self.heard))
        self._starts = np.cumsum([0, *self.n_codes[:-1]])
        self._shares = _shares(sounds)
        analyses = [sound.frames for sound in sounds]
        self._n_frames = np.array([len(one.note) for one in analyses])
        self._first = np.cumsum([0, *self._n_frames[:-1]])
        self._controls = torch.from_numpy(np.vstack([one.controls for one in analyses]))
        self._note = np.concatenate([one.note for one in analyses])
        self._loudness_db = np.concatenate([one.loudness_db for one in analyses])
        self._times_s = np.concatenate([one.times_s for one in analyses])
        self._top_db = np.array([one.loudness_db.max() for one in analyses])
        self._pitched = torch.tensor([sound.has_pitch for sound in sounds])

    def codes(self) -> list[Array]:
        """Tell the codes of each sound as they now are, shape (n_codes, CODE_SIZE)."""
        with torch.no_grad():
            every = (self.heard + self.moved).numpy()
        return np.split(every, self._starts[1:])

    def draw(self, n: int) -> Frames:
        """Draw frames as they were recorded."""
        random = self._random
        sound = random.choice(len(self._shares), size=n, p=self._shares)
        n_frames = self._n_frames[sound]
        young = np.where(
            random.random(n) < YOUNG_SHARE, np.minimum(YOUNG_FRAMES, n_frames), n_frames
        )
        frame = (random.random(n) * young).astype(np.int64)
        frame[random.random(n) < STRUCK_SHARE] = 0
        return self._gather(sound, frame)

    def transposed(self, own: Frames) -> Frames:
        """Move frames to other pitches, where nobody knows how they sound.

        What is new of them at their own pitch, in dB over what the space said of such codes so
        far, is taken to be new of them at any; a noise without a pitch moves with its key.
        """
        note = 69 + 12 * torch.log2(own.f0_hz / 440)
        semitones = torch.from_numpy(
            self._random.uniform(-MOST_SEMITONES, MOST_SEMITONES, len(note)).astype(np.float32)
        )
        there = (note + semitones).clamp(LOWEST_NOTE, HIGHEST_NOTE)
        inputs = own.inputs.clone()
        conditions = decoder_inputs(
            np.zeros((len(note), CODE_SIZE)), np.zeros(len(note)), there.numpy(), (0.0, 1.0)
        )
        inputs[:, CODE_SIZE + 1 :] = torch.from_numpy(conditions[:, CODE_SIZE + 1 :])
        with torch.no_grad():
            new = own.meant - self._old(own.inputs)
            meant = (self._old(inputs) + new).clamp(SILENCE_DB, HIGHEST_DB)
            meant[:, STRETCH] = own.meant[:, STRETCH]
            noises = ~own.pitched
            if noises.any():
                meant[noises] = _shifted(own.meant[noises], (there - note)[noises])
        f0_hz = torch.from_numpy(note_to_hz(there.numpy()).astype(np.float32))
        return own._replace(inputs=inputs, meant=meant, f0_hz=f0_hz)

    def _gather(self, sound: Indices, frame: Indices) -> Frames:
        """Collect frames with codes that gradients reach."""
        at, size = self._first[sound] + frame, len(sound)
        note, loudness_db = self._note[at], self._loudness_db[at]
        codes = self._codes_at(sound, self._times_s[at])
        tremble = self._random.standard_normal((size, CODE_SIZE), np.float32)
        louder_db = self._random.uniform(-LOUDER_DB, LOUDER_DB, size)
        nothing = np.zeros((size, CODE_SIZE))
        conditions = decoder_inputs(nothing, loudness_db + louder_db, note, self._scale)
        noisy = codes + CODE_NOISE * torch.from_numpy(tremble)
        below_db = self._top_db[sound] - loudness_db
        weights = np.where(frame < YOUNG_FRAMES, 1.0, np.clip(1 - below_db / QUIET_DB, 0.02, 1.0))
        return Frames(
            inputs=torch.cat([noisy, torch.from_numpy(conditions[:, CODE_SIZE:])], dim=1),
            meant=self._controls[at],
            f0_hz=torch.from_numpy(note_to_hz(note).astype(np.float32)),
            struck=torch.from_numpy((frame == 0).astype(np.float32)),
            weights=torch.from_numpy(weights.astype(np.float32)),
            pitched=self._pitched[sound],
        )

    def _codes_at(self, index: Indices, at_s: NDArray[np.float64]) -> Tensor:
        last = np.array(self.n_codes)[index] - 1
        place = np.minimum(at_s * CODE_RATE_HZ, last)
        below = np.minimum(place.astype(np.int64), np.maximum(last - 1, 0))
        above = np.minimum(below + 1, last)
        share = torch.from_numpy((place - below).astype(np.float32))[:, None]
        every, start = self.heard + self.moved, self._starts[index]
        low, high = every[start + below], every[start + above]
        return (1 - share) * low + share * high


def _shares(sounds: Sequence[NewSound]) -> NDArray[np.float64]:
    """Give every recording the same share, however many notes it has, shape (n_sounds,)."""
    names = [sound.name for sound in sounds]
    share = np.array([1.0 / names.count(name) for name in names])
    return np.asarray(share / share.sum())


def _shifted(meant: Tensor, semitones: Tensor) -> Tensor:
    """Move the noise bands of rows with a key, shape (n, N_CONTROLS)."""
    rows, octaves = meant.numpy().copy(), np.log2(noise_centres_hz())
    for row, by in zip(rows, semitones.numpy(), strict=True):
        row[NOISE] = np.interp(octaves - by / 12, octaves, row[NOISE])
    return torch.from_numpy(rows)
