"""The plan of a batch: which notes, which frames of them, and what is done to them; all that is random."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synth.analysis.frames import HOP, YOUNG_FRAMES, YOUNG_HOP
from synth.controls import CODE_SIZE
from synth.encoder import POOL
from synth.training.corpus import Note
from synth.training.model import REACH
from synth.training.pack import Pack
from synth.training.variety import Variety, draw_variety, no_variety

Array = NDArray[np.floating]
Indices = NDArray[np.int64]

CROP_CODES: Final = 32
"""Codes to a crop, 0.5 s."""
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


@dataclass(frozen=True, kw_only=True)
class Plan:
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

    def some(self, which: slice) -> "Plan":
        """Take some of the crops."""
        parts = {key: value for key, value in vars(self).items() if key != "variety"}
        return Plan(
            **{key: value[which] for key, value in parts.items()}, variety=self.variety.some(which)
        )


class Planner:
    """Draws plans; each depends on its random numbers alone."""

    def __init__(self, pack: Pack, n_crops: int) -> None:
        self.pack, self.n_crops = pack, n_crops
        self.siblings = _siblings(pack.notes)
        self.n_siblings = np.array([len(found) for found in self.siblings], np.int64)
        self.by_pitch = np.argsort(pack.pitch, kind="stable")
        young = -(-np.minimum(pack.n_frames, YOUNG_FRAMES) // (HOP // YOUNG_HOP))
        self.n_uniform = young + np.maximum(pack.n_frames - YOUNG_FRAMES, 0)

    def draw(self, random: np.random.Generator) -> Plan:
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
        return Plan(
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


def plain_plan(notes: Indices, first: Indices, frames: Indices) -> Plan:
    """Plan given frames of given notes, as they are.

    `first` is the code with which each crop begins, `frames` has shape (n_crops, n_frames).
    """
    n, size = len(notes), frames.shape
    return Plan(
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
