"""A vibrato as it sounds: how pitch, level and brightness of a recorded note swing."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.targets.phasors import phasors_at
from calibration.targets.vibrato import find_vibrato
from embouchure.feel.measures import RATE_HZ, level_db, pitch_notes

Array = NDArray[np.float64]

MEASURED_HZ: Final = 250
LEVEL_WINDOW_S: Final = 0.010
BRIGHT_WINDOW_S: Final = 0.030
PITCH_SPAN_S: Final = 0.032
"""Time over which one value of the pitch tracker is an average."""
LEAST_CENTS: Final = 4.0
LEAST_DB: Final = 0.4
REACH_NOTES: Final = 3
"""The pitch is looked for no farther than this from the key."""


@dataclass(frozen=True, kw_only=True)
class Heard:
    """A vibrato as it sounds: rate, onsets, and complex extents about the pitch's phase."""

    rate_hz: float
    onset_s: float
    level_onset_s: float | None
    """When the loudness begins to swing; None where it does not."""
    extent_cents: float
    swing_db: complex
    swing_notes: complex
    """Of the spectral centroid."""


def hear_vibrato(sound: Array, note: int) -> Heard:
    """Measure a vibrato by the pitch, the level and the spectral centroid of a held note."""
    times_s, notes = pitch_notes(sound, note - REACH_NOTES, note + REACH_NOTES)
    even_s = np.arange(times_s[0], times_s[-1], 1 / MEASURED_HZ)
    cents = 100.0 * np.interp(even_s, times_s, notes)
    found = find_vibrato(cents, MEASURED_HZ, LEAST_CENTS)
    assert found is not None, "no vibrato is heard"
    part = found.lasting(MEASURED_HZ)
    lead = found.phasors[part] / np.sinc(found.rate_hz * PITCH_SPAN_S)
    level = level_db(sound, LEVEL_WINDOW_S)[np.round(even_s * RATE_HZ).astype(int)]
    bright = _centroid_notes(sound, even_s)
    swings = [
        _along(phasors_at(curve, MEASURED_HZ, found.rate_hz)[part], lead, found.rate_hz, window_s)
        for curve, window_s in ((level, LEVEL_WINDOW_S), (bright, 0.5 * BRIGHT_WINDOW_S))
    ]
    louder = find_vibrato(level, MEASURED_HZ, LEAST_DB)
    return Heard(
        rate_hz=found.rate_hz,
        onset_s=float(even_s[0] + found.onset_s),
        level_onset_s=float(even_s[0] + louder.onset_s) if louder else None,
        extent_cents=float(np.median(np.abs(lead))),
        swing_db=swings[0],
        swing_notes=swings[1],
    )


def _along(
    moved: NDArray[np.complex128], lead: NDArray[np.complex128], rate_hz: float, window_s: float
) -> complex:
    """Tell how far something moves while the pitch moves by its extent, ahead of it or behind."""
    power = float(np.square(np.abs(lead)).sum())
    per_cent = complex(np.vdot(lead, moved)) / power
    return per_cent * float(np.median(np.abs(lead))) / float(np.sinc(rate_hz * window_s))


def _centroid_notes(sound: Array, times_s: Array) -> Array:
    """Spectral centroid about each time, in semitones."""
    n = round(BRIGHT_WINDOW_S * RATE_HZ)
    starts = np.clip(np.round(times_s * RATE_HZ).astype(int) - n // 2, 0, len(sound) - n)
    spectra = np.abs(np.fft.rfft([sound[at : at + n] * np.hanning(n) for at in starts]))
    hz = np.fft.rfftfreq(n, 1 / RATE_HZ)
    return np.asarray(12.0 * np.log2((spectra * hz).sum(axis=1) / spectra.sum(axis=1)))
