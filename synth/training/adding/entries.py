"""Entries: what the codebook gets to hold of new sounds."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synth.controls import SILENCE_DB
from synth.encoder import CODE_RATE_HZ
from synth.space import Sound
from synth.training.adding.new_sound import NewSound
from synth.training.codebook import RELEASE_DROP_DB, sound_name

Array = NDArray[np.float32]

MOST_NAMED: Final = 12
"""Notes of a recording that the codebook names."""
RELEASE_S: Final = 0.25


def named(sounds: Sequence[NewSound]) -> dict[int, str]:
    """Choose the notes that the codebook names, some of each recording, and name them."""
    found: dict[str, int] = {}
    for recording in dict.fromkeys(sound.name for sound in sounds):
        own = [i for i, sound in enumerate(sounds) if sound.name == recording]
        for place in np.linspace(0, len(own) - 1, min(MOST_NAMED, len(own))).astype(int):
            sound = sounds[own[place]]
            found.setdefault(sound_name(recording, sound.note, sound.velocity), own[place])
    return {index: name for name, index in found.items()}


def sound_entry(sound: NewSound, name: str) -> Sound:
    """Describe a note under the name that the codebook gives it."""
    slope = sound.slope_db_per_s
    release_s = -RELEASE_DROP_DB / slope if slope else RELEASE_S
    return Sound(
        name=name,
        family=sound.family,
        note=sound.note,
        strike=sound.velocity / 127,
        release_s=release_s,
    )


def codebook_path(
    sound: NewSound, codes: Array, ages_s: NDArray[np.float64]
) -> tuple[Array, Array]:
    """Sample codes and loudness at the codebook's ages; past its end a sound goes on as it did."""
    at_s = np.minimum(ages_s, sound.held_s)
    code_s = np.arange(len(codes)) / CODE_RATE_HZ
    path = np.stack([np.interp(at_s, code_s, column) for column in codes.T], axis=1)
    level_db = np.interp(at_s, sound.frames.times_s, sound.frames.loudness_db)
    level_db += sound.slope_db_per_s * (ages_s - at_s)
    return path.astype(np.float32), np.maximum(level_db, SILENCE_DB).astype(np.float32)
