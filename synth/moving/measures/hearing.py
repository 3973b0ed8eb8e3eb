"""Hearing: courses rendered to sound, and what is measured on the sound."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from synth.analysis.distance import mel_db
from synth.analysis.frames import RATE_HZ, frame_times_s, n_frames_within
from synth.analysis.note import Analysis
from synth.controls import SILENCE_DB, TRANSIENT, k_weighting_db
from synth.decoder import decode
from synth.loudness import held
from synth.moving.course import Course
from synth.space import Space
from synth.training.render import render

Array = NDArray[np.float64]

FLOOR_DB: Final = -80.0
HEARD_DB: Final = -60.0


def frames_of(space: Space, course: Course, length_s: float) -> Analysis:
    """Decode a course frame by frame, at its own loudness and on its key."""
    times_s = frame_times_s(n_frames_within(round(length_s * RATE_HZ)))
    codes, loudness_db = course.at(times_s)
    return decoded(space, codes, loudness_db, np.full(len(times_s), course.note))


def decoded(space: Space, codes: Array, loudness_db: Array, note: Array) -> Analysis:
    """Decode frames as the engine does, with the burst of the strike in the first alone."""
    rows = held(decode(space, codes.astype(np.float32), loudness_db, note), note)
    rows[1:, TRANSIENT] = SILENCE_DB
    return Analysis(
        controls=rows,
        loudness_db=loudness_db.astype(np.float32),
        note=note.astype(np.float32),
    )


def heard(space: Space, course: Course, length_s: float) -> Array:
    """Render a course, the same noise each time, shape (n_samples,)."""
    return render(frames_of(space, course, length_s))


def mel_levels_db(sounds: list[Array]) -> Array:
    """Mel levels of sounds of one length, floored 80 dB below the highest.

    Only moments at which any of them is heard count, shape (n_sounds, n_frames, n_bands).
    """
    levels = np.stack([mel_db(sound) for sound in sounds])
    totals = 10.0 * np.log10((10.0 ** (levels / 10.0)).sum(axis=2))
    audible = (totals > totals.max(axis=1, keepdims=True) + HEARD_DB).any(axis=0)
    return np.asarray(np.maximum(levels[:, audible], levels.max() + FLOOR_DB))


def loudness_db(sound: Array) -> float:
    """K-weighted mean square of a whole sound, ungated."""
    power = np.abs(np.fft.rfft(sound)) ** 2 / len(sound) ** 2
    power[1:-1] *= 2.0
    hz = np.fft.rfftfreq(len(sound), 1.0 / RATE_HZ).astype(np.float64)
    return float(10.0 * np.log10(power @ 10.0 ** (k_weighting_db(hz) / 10.0) + 1e-14))


def level_db(sound: Array) -> float:
    """Mean square of a whole sound."""
    return float(10.0 * np.log10((sound**2).mean() + 1e-14))
