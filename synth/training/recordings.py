"""Recordings: the sound of training notes itself, in crops beside what the networks see of them."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from synth.analysis.frames import HOP, RATE_HZ, YOUNG_FRAMES, YOUNG_HOP, frame_starts
from synth.analysis.note import find_onset, resample
from synth.controls import STRETCH
from synth.encoder import POOL
from synth.training.batches import Batch, Batches
from synth.training.corpus import Note
from synth.training.features import recording
from synth.training.plan import frame_at
from synth.training.sound import GRAIN, HALF, Course
from synth.training.together import World

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

N_RECORDINGS: Final = 1000
LENGTH_S: Final = 1.5
"""How much of each is kept from its onset on."""
N_CROPS: Final = 8
N_SAMPLES: Final = 8192
STRIKE_STARTS: Final = frame_starts(YOUNG_FRAMES + 29)
LATER_STARTS: Final = np.arange(44) * HOP
"""Samples of the frames that last at least `N_SAMPLES`, from a strike on and after it."""
OLD_CODE: Final = -(-YOUNG_FRAMES * YOUNG_HOP // (HOP * POOL))
"""First code after the young frames."""


@dataclass(frozen=True, kw_only=True)
class Listening:
    """What one step of the polish sees.

    Attributes
    ----------
    crops
        What the networks see of crops of `N_SAMPLES`, their frames one after the other.
    course
        Pitch and loudness of these.
    recorded
        What they should sound like, shape (n_crops, N_SAMPLES).
    white
        Normal numbers for the noise, shape (n_crops, N_SAMPLES // 128 + 1, GRAIN).
    lesson
        Crops of all kinds, so that nothing that was learned is forgotten.
    """

    crops: Batch
    course: Course
    recorded: Tensor
    white: Tensor
    lesson: Batch


class Recordings:
    """An endless supply of crops of recorded notes; each depends on seed and step alone.

    There are none where no note is as long as a crop.
    """

    def __init__(self, batches: Batches, seed: int, world: World) -> None:
        self.pack, self.batches, self.seed, self.world = batches.pack, batches, seed, world
        usable = np.flatnonzero(self.pack.n_frames >= len(STRIKE_STARTS))
        self.notes = usable[:: max(1, len(usable) // N_RECORDINGS)]
        self.audio = [_beginning(self.pack.notes[note]) for note in self.notes]

    def __len__(self) -> int:
        return len(self.notes)

    def draw(self, step: int) -> Listening:
        """Draw this process's share of a step's crops: strikes in even steps, later ones in odd."""
        random = np.random.default_rng((self.seed, step))
        chosen, place = random.integers(len(self), size=N_CROPS), random.random(N_CROPS)
        size = (N_CROPS, N_SAMPLES // HALF + 1, GRAIN)
        white = torch.from_numpy(random.standard_normal(size, np.float32))
        rank, n = self.world.rank, self.world.size
        own = slice(N_CROPS * rank // n, N_CROPS * (rank + 1) // n)
        note = self.notes[chosen[own]]
        first = self._later(note, place[own]) if step % 2 else np.zeros_like(note)
        crops, course = self._course(note, first, LATER_STARTS if step % 2 else STRIKE_STARTS)
        recorded = np.stack(
            [
                self.audio[index][sample : sample + N_SAMPLES]
                for index, sample in zip(chosen[own], first * HOP * POOL, strict=True)
            ]
        )
        return Listening(
            crops=crops,
            course=course,
            recorded=torch.from_numpy(recorded),
            white=white[own],
            lesson=self.batches.draw(step),
        )

    def _later(self, notes: Indices, place: Array) -> Indices:
        """Choose the code with which each crop begins, after the young frames."""
        n_samples = np.minimum(
            self.batches.planner.n_uniform[notes] * HOP, round(LENGTH_S * RATE_HZ)
        )
        last = np.maximum((n_samples - LATER_STARTS[-1]) // (HOP * POOL), OLD_CODE)
        return OLD_CODE + (place * (last + 1 - OLD_CODE)).astype(np.int64)

    def _course(self, notes: Indices, first: Indices, starts: Indices) -> tuple[Batch, Course]:
        """Collect consecutive frames of crops, as the networks see them and as they sounded."""
        frames = frame_at(first * HOP * POOL)[:, None] + np.arange(len(starts))
        frames = np.minimum(frames, self.pack.n_frames[notes][:, None] - 1)
        crops = self.batches.plain(notes, first, frames)
        loudness_db = torch.from_numpy(self.pack.loudness_db[self.pack.at(notes, frames)])
        return crops, Course(
            starts=starts,
            f0_hz=crops.frames.f0_hz,
            loudness_db=loudness_db,
            stretch=crops.targets[:, 0, STRETCH],
            strikes=crops.frames.strikes[:, 0],
        )


def _beginning(note: Note) -> NDArray[np.float32]:
    """Read a note from its onset on; silence follows where it is shorter than `LENGTH_S`."""
    sound = resample(*recording(note))
    sound = sound[find_onset(sound) :][: round(LENGTH_S * RATE_HZ)]
    return np.pad(sound, (0, round(LENGTH_S * RATE_HZ) - len(sound))).astype(np.float32)
