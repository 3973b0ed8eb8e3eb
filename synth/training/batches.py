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
from synth.training.corpus import Note
from synth.training.loss import Frames
from synth.training.model import REACH
from synth.training.pack import Pack
from synth.training.together import World
from synth.training.variety import Variety, draw_variety, no_variety, vary

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

CROP_CODES: Final = 32
"""Codes to a crop, 0.5 s."""
N_CROPS: Final = 32
N_DECODED: Final = 64
"""Frames decoded of each crop, drawn at random."""
N_YOUNG: Final = 32
"""Of these, young ones, in a crop that begins with the strike."""
STRIKE_SHARE: Final = 0.4
SWAP_SHARE: Final = 0.6
"""Crops whose code is heard from another note of the same instrument, so that the code learns to
leave pitch and loudness to the decoder's own inputs."""
SWAP_SEMITONES: Final = 12
SWAP_VELOCITIES: Final = 30
MATE_SEMITONES: Final = 6
JITTER_SEMITONES: Final = 1.0
CODE_NOISE: Final = 0.1
FAR_SEMITONES: Final = 12.0
FAR_DB: Final = (-20.0, 10.0)
"""How far from a note's own pitch and loudness a player may go."""
LOWEST_NOTE, HIGHEST_NOTE = 12.0, 120.0
BEYOND_SHARE: Final = 0.3
"""Mixes that go on as far again beyond the second of two codes."""
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


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """What is drawn for each crop, and for its frames and codes; arrays with a row for each crop."""

    note: Indices
    source: Indices
    first: Indices
    frames: Indices
    variety: Variety
    jitter_semitones: Array
    far_semitones: Array
    far_db: Array
    mix: Array
    noise: Array

    def some(self, which: slice) -> "_Plan":
        """Take some of the crops."""
        parts = {key: value for key, value in vars(self).items() if key != "variety"}
        return _Plan(
            **{key: value[which] for key, value in parts.items()}, variety=self.variety.some(which)
        )


class Batches:
    """An endless supply of batches from analysed notes; each depends on seed and step alone."""

    def __init__(
        self,
        pack: Pack,
        scale: tuple[float, float],
        seed: int,
        *,
        n_crops: int = N_CROPS,
        world: World | None = None,
    ) -> None:
        self.pack, self.scale, self.seed, self.n_crops = pack, scale, seed, n_crops
        self.world = world or World()
        self.siblings = _siblings(pack.notes)
        self.n_siblings = np.array([len(found) for found in self.siblings], np.int64)
        self.by_pitch = np.argsort(pack.pitch, kind="stable")
        young = -(-np.minimum(pack.n_frames, YOUNG_FRAMES) // (HOP // YOUNG_HOP))
        self.n_uniform = young + np.maximum(pack.n_frames - YOUNG_FRAMES, 0)

    def draw(self, step: int) -> Batch:
        """Draw this process's share of a step's batch."""
        plan = self._plan(np.random.default_rng((self.seed, step)))
        n_pairs, rank, size = self.n_crops // 2, self.world.rank, self.world.size
        own = slice(2 * (n_pairs * rank // size), 2 * (n_pairs * (rank + 1) // size))
        return self._gather(plan.some(own))

    def plain(self, notes: Indices, first: Indices, frames: Indices) -> Batch:
        """Collect given frames of given crops as they are, nothing drawn.

        `first` is the code with which each crop begins, `frames` has shape (n_crops, n_frames).
        """
        n, size = len(notes), frames.shape
        return self._gather(
            _Plan(
                note=notes,
                source=notes,
                first=first,
                frames=frames,
                variety=no_variety(notes),
                jitter_semitones=np.zeros(n),
                far_semitones=np.zeros(size),
                far_db=np.zeros(size),
                mix=np.zeros(size),
                noise=np.zeros((n, CROP_CODES + 2 * REACH, CODE_SIZE)),
            )
        )

    def _plan(self, random: np.random.Generator) -> _Plan:
        """Draw everything that is random in a batch."""
        n, size = self.n_crops, (self.n_crops, N_DECODED)
        leading = random.integers(len(self.pack), size=n // 2)
        mates = self._near(leading, random.random(n // 2))
        note = np.stack([leading, mates], axis=1).ravel()
        variety = draw_variety(random, self._near(note, random.random(n)))
        source = self._source(note, random, variety.share > 0)
        first = self._first(note, source, random)
        beyond = random.random(size) < BEYOND_SHARE
        n_codes = CROP_CODES + 2 * REACH
        return _Plan(
            note=note,
            source=source,
            first=first,
            frames=self._draw_frames(note, first, random.random(size)),
            variety=variety,
            jitter_semitones=random.uniform(-1, 1, n) * JITTER_SEMITONES * (random.random(n) < 0.5),
            far_semitones=random.uniform(-FAR_SEMITONES, FAR_SEMITONES, size),
            far_db=random.uniform(*FAR_DB, size),
            mix=random.random(size) + beyond,
            noise=CODE_NOISE * random.standard_normal((n, n_codes, CODE_SIZE), np.float32),
        )

    def _near(self, notes: Indices, place: Array) -> Indices:
        """Choose for each note another of about its pitch; `place` is 0 to 1 among those there are."""
        pitches = self.pack.pitch[self.by_pitch]
        low = np.searchsorted(pitches, self.pack.pitch[notes] - MATE_SEMITONES, "left")
        high = np.searchsorted(pitches, self.pack.pitch[notes] + MATE_SEMITONES, "right")
        return self.by_pitch[low + (place * (high - low)).astype(np.int64)]

    def _source(
        self, notes: Indices, random: np.random.Generator, blended: NDArray[np.bool_]
    ) -> Indices:
        """Choose the note from which each crop's code is heard; a blended crop's is its own."""
        swapped = (random.random(len(notes)) < SWAP_SHARE) & ~blended & (self.n_siblings[notes] > 0)
        places = (random.random(len(notes)) * self.n_siblings[notes]).astype(np.int64)
        return np.array(
            [
                self.siblings[note][place] if swap else note
                for note, place, swap in zip(notes, places, swapped, strict=True)
            ],
            np.int64,
        )

    def _first(self, notes: Indices, sources: Indices, random: np.random.Generator) -> Indices:
        """Choose the code with which each crop begins, 0 for a strike."""
        spare = np.minimum(self.n_uniform[notes], self.n_uniform[sources]) // POOL - CROP_CODES
        later = 1 + (random.random(len(notes)) * spare).astype(np.int64)
        strikes = (random.random(len(notes)) < STRIKE_SHARE) | (spare <= 0)
        return np.where(strikes, 0, later)

    def _draw_frames(self, notes: Indices, first: Indices, place: Array) -> Indices:
        """Draw frames of each crop; a strike's own frame is always its first."""
        n_frames, start = self.pack.n_frames[notes], first * HOP * POOL
        end = np.minimum(frame_at(start + HOP * POOL * CROP_CODES), n_frames)
        frames = _between(frame_at(start), end, place)
        young = np.minimum(YOUNG_FRAMES, n_frames)
        strikes = first == 0
        young_frames = _between(np.zeros_like(young), young, place[:, :N_YOUNG])
        young_frames[:, 0] = 0
        old_frames = _between(np.minimum(YOUNG_FRAMES, end - 1), end, place[:, N_YOUNG:])
        frames[strikes] = np.hstack([young_frames, old_frames])[strikes]
        return frames

    def _gather(self, plan: _Plan) -> Batch:
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
            ),
            far_conditions=self._conditions(loudness_db + plan.far_db, far_note),
            far_f0_hz=_tensor(note_to_hz(far_note)),
            mix=_tensor(plan.mix),
        )

    def _heard(self, plan: _Plan) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Cut what the encoder hears of each crop, with the neighbours its codes depend on."""
        source = plan.source
        start = (plan.first - REACH) * POOL - POOL // 2
        uniform = start[:, None] + np.arange((CROP_CODES + 2 * REACH) * POOL)
        last = self.n_uniform[source][:, None] - 1
        present = (uniform >= 0) & (uniform <= last)
        frames = _frame_of_uniform(np.clip(uniform, 0, last))
        at = self.pack.at(source, frames)
        pitch = self.pack.note[at] + plan.variety.shift_semitones[:, None]
        rows = self._rows(source, frames, plan.variety)
        inputs = encoder_inputs(
            rows.reshape(-1, rows.shape[2]),
            self.pack.loudness_db[at].ravel(),
            pitch.ravel(),
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


def _siblings(notes: list[Note]) -> list[Indices]:
    """List for each note the others of its instrument within an octave and a step of velocity."""
    groups: dict[str, list[int]] = {}
    for index, note in enumerate(notes):
        groups.setdefault(note.instrument, []).append(index)
    return [
        np.array(
            [other for other in groups[note.instrument] if _akin(note, notes[other])], np.int64
        )
        for note in notes
    ]


def _akin(note: Note, other: Note) -> bool:
    return (
        note is not other
        and abs(note.pitch - other.pitch) <= SWAP_SEMITONES
        and abs(note.velocity - other.velocity) <= SWAP_VELOCITIES
    )


def _between(low: Indices, high: Indices, place: Array) -> Indices:
    """Choose whole numbers from low to below high, shape of `place`."""
    return low[:, None] + (place * np.maximum(high - low, 1)[:, None]).astype(np.int64)


def frame_at(sample: Indices) -> Indices:
    """Index of the analysis frame that starts at a sample."""
    young_samples = YOUNG_FRAMES * YOUNG_HOP
    old = YOUNG_FRAMES + (sample - young_samples) // HOP
    return np.where(sample < young_samples, sample // YOUNG_HOP, old)


def _frame_of_uniform(uniform: Indices) -> Indices:
    """Index of the analysis frame that is so many `HOP` from the onset."""
    old = uniform + YOUNG_FRAMES - N_YOUNG_UNIFORM
    return np.where(uniform < N_YOUNG_UNIFORM, uniform * (HOP // YOUNG_HOP), old)


def _tensor(array: NDArray[np.generic]) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(array, np.float32))
