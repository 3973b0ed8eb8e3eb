"""Improvement: how near a space comes to recordings before it learned them, and after."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synth.analysis.distance import mel_distance_db
from synth.encoder import encode_analysis
from synth.space import Space
from synth.training.adding.new_sound import NewSound
from synth.training.decode import decode_path
from synth.training.render import render

Array = NDArray[np.float32]

MOST_MEASURED: Final = 6
"""Notes of a recording by which its error is measured."""


@dataclass(frozen=True, kw_only=True)
class Improvement:
    """How far a recording is from the space's saying of it, in log-mel levels."""

    name: str
    n_notes: int
    before_db: float
    after_db: float


def improvements(
    before: Space, after: Space, sounds: Sequence[NewSound], codes: list[Array]
) -> list[Improvement]:
    """Compare what both spaces say of some notes of each recording with the recording."""
    found = []
    for name in dict.fromkeys(sound.name for sound in sounds):
        own = [i for i, sound in enumerate(sounds) if sound.name == name]
        some = own[:: max(1, len(own) // MOST_MEASURED)][:MOST_MEASURED]
        old = [
            _distance_db(before, sounds[i], encode_analysis(before, sounds[i].frames).codes)
            for i in some
        ]
        new = [_distance_db(after, sounds[i], codes[i]) for i in some]
        found.append(
            Improvement(
                name=name,
                n_notes=len(own),
                before_db=float(np.mean(old)),
                after_db=float(np.mean(new)),
            )
        )
    return found


def _distance_db(space: Space, sound: NewSound, codes: Array) -> float:
    return mel_distance_db(sound.sound, render(decode_path(space, codes, sound.frames)))[0]
