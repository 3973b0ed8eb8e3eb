"""Batches: crops of training notes, what the encoder hears and what the decoders must say."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from synth.analysis.frames import HOP, YOUNG_FRAMES, YOUNG_HOP, frame_times_s
from synth.controls import CODE_SIZE, decoder_inputs, note_to_hz
from synth.encoder import CODE_RATE_HZ, POOL, encoder_inputs
from synth.training.loss import Frames
from synth.training.model import REACH
from synth.training.pack import Pack
from synth.training.plan import CROP_CODES, HIGHEST_NOTE, LOWEST_NOTE, Plan, Planner, plain_plan
from synth.training.together import World
from synth.training.variety import Variety, vary

Array = NDArray[np.floating]
Indices = NDArray[np.int64]

N_YOUNG_UNIFORM: Final = YOUNG_FRAMES * YOUNG_HOP // HOP


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What one step of training sees; crops 2i and 2i + 1 are mates, of about the same pitch.

    Attributes
    ----------
    heard, present
        The encoder's inputs and which frames exist, shapes (n_crops, n_heard, N_INPUTS) and
        (n_crops, n_heard).
    noise
        To be added to the codes, shape (n_crops, n_codes, CODE_SIZE).
    positions
        Where the decoded frames lie among the codes, shape (n_crops, N_DECODED).
    conditions
        The decoder's inputs after the code, shape (n_crops, N_DECODED, 10).
    targets
        Controls to say, shape (n_crops, N_DECODED, N_CONTROLS).
    frames
        What else is known of the frames.
    far_conditions, far_f0_hz
        Other pitches and loudnesses, to which a player might take the codes.
    mix
        How far each frame goes towards its mate's code, shape (n_crops, N_DECODED).
    """

    heard: Tensor
    present: Tensor
    noise: Tensor
    positions: Tensor
    conditions: Tensor
    targets: Tensor
    frames: Frames
    far_conditions: Tensor
    far_f0_hz: Tensor
    mix: Tensor


class Batches:
    """An endless supply of batches from analysed notes; each depends on seed and step alone."""

    def __init__(
        self,
        pack: Pack,
        scale: tuple[float, float],
        seed: int,
        *,
        n_crops: int = 32,
        world: World | None = None,
    ) -> None:
        self.pack, self.scale, self.seed, self.n_crops = pack, scale, seed, n_crops
        self.world = world or World()
        self.planner = Planner(pack, n_crops)

    def draw(self, step: int) -> Batch:
        """Draw this process's share of a step's batch."""
        plan = self.planner.draw(np.random.default_rng((self.seed, step)))
        n_pairs, rank, size = self.n_crops // 2, self.world.rank, self.world.size
        own = slice(2 * (n_pairs * rank // size), 2 * (n_pairs * (rank + 1) // size))
        return self._gather(plan.some(own))

    def plain(self, notes: Indices, first: Indices, frames: Indices) -> Batch:
        """Collect given frames of given notes as they are; see `plain_plan`."""
        return self._gather(plain_plan(notes, first, frames))

    def _gather(self, plan: Plan) -> Batch:
        """Collect the frames of a plan."""
        note, frames = plan.note, plan.frames
        pitch = self.pack.note[self.pack.at(note, frames)] + plan.variety.shift_semitones[:, None]
        loudness_db = self.pack.loudness_db[self.pack.at(note, frames)]
        headroom_db = self.pack.top_db[note][:, None] - loudness_db
        weights = np.where(frames < YOUNG_FRAMES, 1.0, np.clip(1 - headroom_db / 60, 0.02, 1))
        heard, present = self._heard(plan)
        times_s = frame_times_s(int(frames.max()) + 1)[frames]
        far_note = np.clip(pitch + plan.far_semitones, LOWEST_NOTE, HIGHEST_NOTE)
        return Batch(
            heard=_tensor(heard),
            present=_tensor(present),
            noise=_tensor(plan.noise),
            positions=_tensor(times_s * CODE_RATE_HZ - plan.first[:, None] + REACH),
            conditions=self._conditions(loudness_db, pitch + plan.jitter_semitones[:, None]),
            targets=_tensor(self._rows(note, frames, plan.variety)),
            frames=Frames(
                weights=_tensor(weights),
                f0_hz=_tensor(note_to_hz(pitch)),
                headroom_db=_tensor(headroom_db),
                strikes=_tensor(frames == 0),
                top_hz=_tensor(np.broadcast_to(self._top_hz(plan)[:, None], frames.shape)),
            ),
            far_conditions=self._conditions(loudness_db + plan.far_db, far_note),
            far_f0_hz=_tensor(note_to_hz(far_note)),
            mix=_tensor(plan.mix),
        )

    def _top_hz(self, plan: Plan) -> Array:
        """Above which frequency each crop tells nothing."""
        own, other = self.pack.top_hz[plan.note], self.pack.top_hz[plan.variety.other]
        top_hz = np.where(plan.variety.share > 0, np.minimum(own, other), own)
        return top_hz * np.minimum(2 ** (plan.variety.shift_semitones / 12), 1)

    def _heard(self, plan: Plan) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Cut what the encoder hears of each crop, with the neighbours its codes depend on."""
        source = plan.source
        start = (plan.first - REACH) * POOL - POOL // 2
        uniform = start[:, None] + np.arange((CROP_CODES + 2 * REACH) * POOL)
        last = self.planner.n_uniform[source][:, None] - 1
        present = (uniform >= 0) & (uniform <= last)
        frames = _frame_of_uniform(np.clip(uniform, 0, last))
        at = self.pack.at(source, frames)
        pitch = self.pack.note[at] + plan.variety.shift_semitones[:, None]
        rows = self._rows(source, frames, plan.variety)
        inputs = encoder_inputs(
            rows.reshape(-1, rows.shape[2]),
            self.pack.loudness_db[at].ravel(),
            pitch.ravel().astype(np.float32),
            self.scale,
        )
        heard = inputs.reshape(*frames.shape, -1) * present[..., None]
        return heard, present.astype(np.float32)

    def _rows(self, notes: Indices, frames: Indices, variety: Variety) -> NDArray[np.float32]:
        """Collect rows of controls, some of them made another's."""
        rows = self.pack.rows(notes, frames)
        which = variety.varied
        if len(which) == 0:
            return rows
        chosen = Variety(**{key: value[which] for key, value in vars(variety).items()})
        last = self.pack.n_frames[chosen.other][:, None] - 1
        others = self.pack.rows(chosen.other, np.minimum(frames[which], last))
        pitch = self.pack.pitch[notes[which]] + chosen.shift_semitones
        rows[which] = vary(rows[which], others, pitch, chosen)
        return rows

    def _conditions(self, loudness_db: Array, note: Array) -> Tensor:
        nothing = np.zeros((loudness_db.size, CODE_SIZE), np.float32)
        inputs = decoder_inputs(nothing, loudness_db.ravel(), note.ravel(), self.scale)
        return _tensor(inputs[:, CODE_SIZE:].reshape(*loudness_db.shape, -1))


def _frame_of_uniform(uniform: Indices) -> Indices:
    """Index of the analysis frame that is so many `HOP` from the onset."""
    old = uniform + YOUNG_FRAMES - N_YOUNG_UNIFORM
    return np.where(uniform < N_YOUNG_UNIFORM, uniform * (HOP // YOUNG_HOP), old)


def _tensor(array: NDArray[np.generic]) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(array, np.float32))
