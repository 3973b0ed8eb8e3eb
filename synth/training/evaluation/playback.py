"""Sample playback: the nearest recording at another pitch, which any model must beat.

Open NSynth Super plays so: recordings some semitones apart, each repitched over the keys around it.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.signal import correlate, resample_poly

from synth.analysis.frames import RATE_HZ
from synth.training.corpus import HELD_S

Array = NDArray[np.float64]

OVERSAMPLING: Final = 8
FADE: Final = 4000
"""Samples over which a held sound is joined to itself."""
SEARCHED: Final = 480
"""Samples about the join in which the best place is looked for."""


def play_back(recording: Array, semitones: float, true: Array) -> Array:
    """Play a recording at another pitch, as long held and as loud as the true note.

    What repitching takes from the held part is repeated just before its end, and what it adds is
    left out there.

    Parameters
    ----------
    recording, true
        One channel at `RATE_HZ` from the onset, shape (n_samples,).
    """
    ratio = 2.0 ** (semitones / 12.0)
    pitched = _held(_repitched(recording, ratio), HELD_S / ratio)
    n_samples = min(len(pitched), len(true))
    power, wanted = (np.square(sound[:n_samples]).mean() for sound in (pitched, true))
    return np.asarray(pitched * np.sqrt(wanted / max(power, 1e-20)))


def _repitched(sound: Array, ratio: float) -> Array:
    """Read a sound faster or slower, by linear interpolation of eight times its rate."""
    dense = resample_poly(sound, OVERSAMPLING, 1)
    at = np.arange(int(len(sound) / ratio)) * (ratio * OVERSAMPLING)
    return np.asarray(np.interp(at, np.arange(len(dense)), dense))


def _held(sound: Array, held_s: float) -> Array:
    """Hold a sound for `HELD_S` that was held for another time, by a cross-fade near its end."""
    join = round(min(held_s, HELD_S) * RATE_HZ)
    shift = min(round((HELD_S - held_s) * RATE_HZ), join - FADE)
    if shift == 0 or max(join, join - shift) >= len(sound):
        return sound
    leaving = sound[join - FADE : join]
    start = _most_alike(sound, leaving, join - FADE - shift)
    fade = np.linspace(0.0, 1.0, FADE)
    coming, after = sound[start : start + FADE], sound[start + FADE :]
    return np.concatenate([sound[: join - FADE], leaving * (1.0 - fade) + coming * fade, after])


def _most_alike(sound: Array, piece: Array, start: int) -> int:
    """Find where, within `SEARCHED` samples, a sound is in step with a piece of it."""
    low = max(0, min(start - SEARCHED, len(sound) - len(piece) - 2 * SEARCHED))
    around = sound[low : low + len(piece) + 2 * SEARCHED]
    return low + int(np.argmax(correlate(around, piece, "valid")))
