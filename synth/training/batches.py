"""Batches: crops of training notes, what the encoder hears and what the decoder must say."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from synth.analysis.frames import HOP, YOUNG_FRAMES, YOUNG_HOP, frame_times_s
from synth.controls import CODE_SIZE, decoder_inputs, note_to_hz
from synth.encoder import CODE_RATE_HZ, N_INPUTS, POOL, encoder_inputs
from synth.training.corpus import Note
from synth.training.features import Features
from synth.training.model import REACH

CROP_CODES: Final = 32
"""Codes to a crop, 0.5 s."""
N_CROPS: Final = 32
N_DECODED: Final = 64
"""Frames decoded of each crop, drawn at random."""
N_YOUNG: Final = 32
"""Of these, young ones, in a crop that begins with the strike."""
STRIKE_SHARE: Final = 0.4
SWAP_SHARE: Final = 0.4
"""Crops whose code is heard from another note of the same instrument and velocity, so that the
code learns to leave pitch to the decoder's own input."""
SWAP_SEMITONES: Final = 12
JITTER_SEMITONES: Final = 1.0


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What one step of training sees.

    Attributes
    ----------
    heard, present
        The encoder's inputs and which frames exist, shapes (n_crops, n_frames, N_INPUTS) and
        (n_crops, n_frames).
    positions
        Where the decoded frames lie among the codes, shape (n_crops, N_DECODED).
    conditions
        The decoder's inputs after the code, shape (n_crops, N_DECODED, 10).
    targets
        Controls to say, shape (n_crops, N_DECODED, N_CONTROLS).
    frame_weights, f0_hz, strikes
        How much each frame matters, its pitch, and 1 where it is a strike's first frame, shape
        (n_crops, N_DECODED).
    """

    heard: Tensor
    present: Tensor
    positions: Tensor
    conditions: Tensor
    targets: Tensor
    frame_weights: Tensor
    f0_hz: Tensor
    strikes: Tensor


class Batches:
    """An endless supply of batches from analysed notes, seeded."""

    def __init__(
        self, notes: list[Note], features: list[Features], scale: tuple[float, float], seed: int
    ) -> None:
        self.features = features
        self.scale = scale
        self.random = np.random.default_rng(seed)
        self.siblings = _siblings(notes)

    def draw(self) -> Batch:
        """Draw one batch of random crops."""
        chosen = self.random.integers(len(self.features), size=N_CROPS)
        columns = zip(*(self._crop(int(index)) for index in chosen), strict=True)
        stacked = (torch.from_numpy(np.stack(column)) for column in columns)
        names = Batch.__dataclass_fields__
        return Batch(**dict(zip(names, stacked, strict=True)))

    def _crop(self, index: int) -> tuple[NDArray[np.float32], ...]:
        wanted = self.features[index]
        n_codes = _n_uniform(wanted) // POOL
        strikes = self.random.random() < STRIKE_SHARE or n_codes <= CROP_CODES
        first = 0 if strikes else int(self.random.integers(1, n_codes - CROP_CODES + 1))
        source = wanted
        if self.siblings[index].size and self.random.random() < SWAP_SHARE:
            source = self.features[int(self.random.choice(self.siblings[index]))]
        heard, present = self._heard(source, first)
        frames = self._draw_frames(len(wanted.note), first)
        at_s = frame_times_s(len(wanted.note))[frames]
        positions = at_s * CODE_RATE_HZ - first + REACH
        return (heard, present, positions.astype(np.float32), *self._wanted(wanted, frames))

    def _heard(
        self, source: Features, first: int
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Cut what the encoder hears of a crop, with the neighbours its codes depend on."""
        n_frames = (CROP_CODES + 2 * REACH) * POOL
        start = (first - REACH) * POOL - POOL // 2
        low, high = max(start, 0), min(start + n_frames, _n_uniform(source))
        heard = np.zeros((n_frames, N_INPUTS), np.float32)
        present = np.zeros(n_frames, np.float32)
        if high > low:
            heard[low - start : high - start] = _inputs(source, low, high, self.scale)
            present[low - start : high - start] = 1
        return heard, present

    def _draw_frames(self, n_frames: int, first: int) -> NDArray[np.int64]:
        """Draw frames of a crop; a strike's own frame is always the first."""
        start = first * HOP * POOL
        low, high = _frame_at(start), min(_frame_at(start + HOP * POOL * CROP_CODES), n_frames)
        if first > 0:
            return self.random.integers(low, high, N_DECODED)
        young = self.random.integers(0, min(YOUNG_FRAMES, n_frames), N_YOUNG)
        young[0] = 0
        old = self.random.integers(min(YOUNG_FRAMES, high - 1), high, N_DECODED - N_YOUNG)
        return np.concatenate([young, old])

    def _wanted(
        self, wanted: Features, frames: NDArray[np.int64]
    ) -> tuple[NDArray[np.float32], ...]:
        """Collect conditions, targets, weights, f0 and which frames are a strike."""
        note = wanted.note[frames].astype(np.float64)
        loudness = wanted.loudness_db[frames].astype(np.float32)
        jitter = self.random.uniform(-1, 1) * JITTER_SEMITONES * (self.random.random() < 0.5)
        nothing = np.zeros((len(frames), CODE_SIZE))
        conditions = decoder_inputs(nothing, loudness, note + jitter, self.scale)[:, CODE_SIZE:]
        below_top = loudness - float(wanted.loudness_db.max())
        weight = np.where(frames < YOUNG_FRAMES, 1.0, np.clip(1 + below_top / 60, 0.02, 1))
        strike = (frames == 0).astype(np.float32)
        targets, f0_hz = wanted.rows(frames), note_to_hz(note).astype(np.float32)
        return conditions, targets, weight.astype(np.float32), f0_hz, strike


def _siblings(notes: list[Note]) -> list[NDArray[np.int64]]:
    """List for each note the others of its instrument and velocity within an octave."""
    groups: dict[tuple[str, int], list[int]] = {}
    for index, note in enumerate(notes):
        groups.setdefault((note.instrument, note.velocity), []).append(index)
    return [
        np.array(
            [
                other
                for other in groups[note.instrument, note.velocity]
                if 0 < abs(notes[other].pitch - note.pitch) <= SWAP_SEMITONES
            ],
            np.int64,
        )
        for note in notes
    ]


def _frame_at(sample: int) -> int:
    """Index of the analysis frame that starts at a sample."""
    young_samples = YOUNG_FRAMES * YOUNG_HOP
    if sample < young_samples:
        return sample // YOUNG_HOP
    return YOUNG_FRAMES + (sample - young_samples) // HOP


def _n_uniform(features: Features) -> int:
    return len(features.note) - YOUNG_FRAMES + YOUNG_FRAMES * YOUNG_HOP // HOP


def _inputs(
    source: Features, low: int, high: int, scale: tuple[float, float]
) -> NDArray[np.float32]:
    """Assemble the encoder's rows for uniform frames low..high of a note."""
    n_young = YOUNG_FRAMES * YOUNG_HOP // HOP
    step = HOP // YOUNG_HOP
    uniform = np.arange(low, high)
    frames = np.where(uniform < n_young, uniform * step, uniform + YOUNG_FRAMES - n_young)
    loudness_db = source.loudness_db[frames].astype(np.float32)
    return encoder_inputs(source.rows(frames), loudness_db, source.note[frames], scale)
