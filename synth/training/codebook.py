"""The codebook: named sounds as paths through a space, at ages spaced as hearing wants them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synth.analysis.frames import HOP, RATE_HZ
from synth.analysis.note import Analysis
from synth.controls import SILENCE_DB
from synth.encoder import CODE_RATE_HZ, encoder_inputs, run_encoder, uniform_frames
from synth.moving.naming import Name
from synth.space import Sound
from synth.training.corpus import HELD_S, Note
from synth.training.features import Features

Array = NDArray[np.float32]

AGES_S: Final = np.concatenate([[0.0], np.geomspace(0.004, 3.0, 27)])
PITCHES_PER_INSTRUMENT: Final = 3
RELEASE_DROP_DB: Final = 60.0
RELEASE_RANGE_S: Final = (0.02, 20.0)
SILENT_DB: Final = -75.0


@dataclass(frozen=True, kw_only=True)
class Codebook:
    """Named sounds and their trajectories.

    Attributes
    ----------
    sounds
        Names and conditions.
    codes, loudness_db
        Shapes (n_sounds, n_ages, CODE_SIZE) and (n_sounds, n_ages).
    """

    sounds: list[Sound]
    codes: Array
    loudness_db: Array

    @property
    def arrays(self) -> dict[str, Array]:
        """The arrays under their names in a space."""
        return {"codebook.codes": self.codes, "codebook.loudness_db": self.loudness_db}


def sound_name(instrument: str, pitch: int, velocity: int) -> str:
    """Name a sound of an instrument.

    >>> sound_name("flute", 72, 65)
    'flute-c5-mp'
    """
    return Name(instrument, pitch, velocity / 127).text


def choose(notes: list[Note]) -> list[Note]:
    """Choose each instrument's notes at a few pitches spread over its range, at all velocities.

    They come by instrument, pitch and velocity, whatever order the notes are in.
    """
    by_instrument: dict[str, list[Note]] = {}
    for note in sorted(notes, key=lambda note: (note.instrument, note.pitch, note.velocity)):
        by_instrument.setdefault(note.instrument, []).append(note)
    return [note for group in by_instrument.values() for note in _spread(group)]


def _spread(group: list[Note]) -> list[Note]:
    """Keep the pitches that lie midway in equal parts of the range, all with all dynamics.

    Where no two pitches were recorded alike, each keeps its own dynamics.
    """
    velocities, pitches = _usual(group), sorted({n.pitch for n in group})
    complete = [pitch for pitch in pitches if velocities <= _heard(group, pitch)]
    if not complete:
        velocities, complete = set(), pitches
    kept = set(_midway(complete, PITCHES_PER_INSTRUMENT))
    chosen = [n for n in group if n.pitch in kept and (n.velocity in velocities or not velocities)]
    return list({sound_name(n.name, n.pitch, n.velocity): n for n in chosen}.values())


def _midway(pitches: list[int], n_kept: int) -> list[int]:
    n = min(n_kept, len(pitches))
    return [pitches[(2 * i + 1) * len(pitches) // (2 * n)] for i in range(n)]


def _heard(group: list[Note], pitch: int) -> set[int]:
    return {note.velocity for note in group if note.pitch == pitch}


def _usual(group: list[Note]) -> set[int]:
    """Velocities that at least half of the pitches have."""
    n_pitches = len({note.pitch for note in group})
    counts = Counter(note.velocity for note in group)
    return {velocity for velocity, count in counts.items() if 2 * count >= n_pitches}


def make_codebook(
    notes: Iterable[Note],
    features: Iterable[Features],
    encoder: dict[str, Array],
    scale: tuple[float, float],
) -> Codebook:
    """Encode notes and sample their trajectories at `AGES_S`.

    Parameters
    ----------
    notes, features
        The notes to name and their analyses, in the same order.
    encoder
        Arrays of the encoder by name, among others.
    scale
        Mean and standard deviation that standardise the loudness.
    """
    sounds, codes, loudness_db = [], [], []
    for note, feature in zip(notes, features, strict=True):
        frames = feature.unpack()
        path, level_db = trajectory(frames, encoder, scale)
        sounds.append(_sound(note, release_s(frames)))
        codes.append(path)
        loudness_db.append(level_db)
    return Codebook(sounds=sounds, codes=np.stack(codes), loudness_db=np.stack(loudness_db))


def _sound(note: Note, release: float) -> Sound:
    return Sound(
        name=sound_name(note.name, note.pitch, note.velocity),
        family=note.family,
        note=note.pitch,
        strike=note.velocity / 127,
        release_s=release,
    )


def encode_frames(frames: Analysis, encoder: dict[str, Array], scale: tuple[float, float]) -> Array:
    """Encode an analysis, shape (n_codes, CODE_SIZE)."""
    even = uniform_frames(len(frames.note))
    rows = frames.controls[even], frames.loudness_db[even], frames.note[even]
    return run_encoder(encoder, encoder_inputs(*rows, scale))


def trajectory(
    frames: Analysis, encoder: dict[str, Array], scale: tuple[float, float]
) -> tuple[Array, Array]:
    """Sample a note's codes and loudness at `AGES_S`, averaged between neighbouring ages.

    The averages smooth tremolo out of the late, widely spaced ages.
    """
    codes = encode_frames(frames, encoder, scale)
    code_s = np.arange(len(codes)) / CODE_RATE_HZ
    path = np.stack([_averaged(code_s, column) for column in codes.T], axis=1)
    level_db = _averaged(frames.times_s, frames.loudness_db)
    return path.astype(np.float32), np.maximum(level_db, SILENCE_DB).astype(np.float32)


def _averaged(times_s: NDArray[np.float64], values: NDArray[np.floating]) -> NDArray[np.float64]:
    """Average a curve around each age, as far as halfway to its neighbours and the held part's end."""
    fine_s = np.arange(0, HELD_S, HOP / RATE_HZ / 3)
    total = np.concatenate([[0.0], np.cumsum(np.interp(fine_s, times_s, values))])
    middles = (AGES_S[1:] + AGES_S[:-1]) / 2
    edges = np.concatenate([[0.0], middles, [HELD_S]]) * 3 * RATE_HZ / HOP
    low = np.clip(np.floor(edges[:-1]).astype(int), 0, len(fine_s) - 1)
    high = np.maximum(np.minimum(np.ceil(edges[1:]).astype(int), len(fine_s)), low + 1)
    mean = (total[high] - total[low]) / (high - low)
    return np.where(high - low > 3, mean, np.interp(AGES_S, times_s, values))


def release_s(frames: Analysis) -> float:
    """Estimate the time to fall by 60 dB after the note-off, from the slope of what is heard."""
    after = frames.times_s > HELD_S
    level_db, time_s = frames.loudness_db[after], frames.times_s[after]
    if len(level_db) < 10 or level_db[0] < SILENT_DB:
        return 0.1
    fallen = np.flatnonzero(level_db < max(level_db[0] - RELEASE_DROP_DB, SILENT_DB - 10))
    end = max(int(fallen[0]), 3) if fallen.size else len(level_db)
    slope = float(np.polyfit(time_s[:end], level_db[:end].astype(np.float64), 1)[0])
    return float(np.clip(-RELEASE_DROP_DB / min(slope, -1e-3), *RELEASE_RANGE_S))
