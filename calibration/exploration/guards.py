"""Guards: what a rendered candidate must not do, or it is left out."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.exploration.rendering import MATCHED_LUFS
from presets.factory.loudness import RATE_HZ, loudness_lufs
from synth.controls import note_to_hz

Array = NDArray[np.float64]

SHORT_DB: Final = 3.0
"""A preview whose peaks keep it further below the loudness of the others is left out."""
QUIETEST_LUFS: Final = -46.0
LOUDEST_LUFS: Final = -14.0
"""A candidate is rendered at a nominal -20 dB; one further off has lost hold of its loudness."""
BOOM_RATIO: Final = 0.7
"""What lies below this ratio of the note's frequency is no part of its tone."""
BOOM_DB: Final = -12.0
CENTROID_OCTAVES: Final = (-0.5, 4.5)
"""Bounds of the spectral centroid relative to the note."""
SPEAKS_S: Final = 0.6
SPEAKS_DB: Final = -12.0
STEP_S: Final = 0.02


def refusal(matched: Array, lufs: float, note: float) -> str | None:
    """Say why a sound is left out, or None.

    Parameters
    ----------
    matched
        The loudness-matched sound at `RATE_HZ`, shape (n_frames,).
    lufs
        Its loudness before that.
    note
        The note it plays.
    """
    if not np.isfinite(matched).all():
        return "holds numbers that are no sound"
    if not QUIETEST_LUFS <= lufs <= LOUDEST_LUFS:
        return "does not hold its loudness"
    if loudness_lufs(matched[:, None]) < MATCHED_LUFS - SHORT_DB:
        return "has peaks too high for its loudness"
    if boom_db(matched, note) > BOOM_DB:
        return "booms below its note"
    low, high = CENTROID_OCTAVES
    if not low <= np.log2(centroid_hz(matched) / float(note_to_hz(note))) <= high:
        return "is too dull or too shrill"
    if not speaks(matched):
        return "does not speak in time"
    return None


def boom_db(sound: Array, note: float) -> float:
    """Power below the note's own frequency relative to all power, dB."""
    hz, power = _spectrum(sound)
    low = power[hz < BOOM_RATIO * float(note_to_hz(note))].sum()
    return float(10.0 * np.log10(low / power.sum() + 1e-12))


def centroid_hz(sound: Array) -> float:
    """Centroid of the power spectrum."""
    hz, power = _spectrum(sound)
    return float((hz * power).sum() / power.sum())


def speaks(sound: Array) -> bool:
    """Whether the sound comes near its highest level soon after its strike."""
    level = levels_db(sound)
    early = level[: round(SPEAKS_S / STEP_S)]
    return bool(early.max() >= level.max() + SPEAKS_DB)


def levels_db(sound: Array) -> Array:
    """Level of each `STEP_S`, shape (n_steps,)."""
    length = round(STEP_S * RATE_HZ)
    steps = sound[: len(sound) // length * length].reshape(-1, length)
    return np.asarray(10.0 * np.log10((steps**2).mean(axis=1) + 1e-12))


def _spectrum(sound: Array) -> tuple[Array, Array]:
    hz = np.fft.rfftfreq(len(sound), 1.0 / RATE_HZ).astype(np.float64)
    return hz, np.asarray(np.abs(np.fft.rfft(sound)) ** 2, np.float64)
