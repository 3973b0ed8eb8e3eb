"""Steadiness: how far a finger wanders that means to keep still, and how the wire tells it."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mapper.gestures import Gesture
from mapper.hand import Rest, Wire

Array = NDArray[np.float64]

SAMPLE_HZ: Final = 200.0
SETTLED_S: Final = 0.5
"""By this age a held finger has found its place."""
TREMOR_HZ: Final = (6.0, 14.0)
SLOW_S: Final = 0.5
QUICK: Final = 0.05
"""A slow finger leaves gaps that are its own: only so many of all gaps are the controller's."""
LONGEST_GAP_S: Final = 0.1
"""Values further apart than this are no stream."""


def held_part(gesture: Gesture, values: Array) -> Array:
    """Sample one dimension of a held touch at `SAMPLE_HZ`, after it settled and before it left."""
    times_s = np.arange(gesture.start_s + SETTLED_S, gesture.end_s - 0.1, 1.0 / SAMPLE_HZ)
    at = np.searchsorted(gesture.times_s, times_s, side="right") - 1
    return np.asarray(values[at])


def rest_of(holds: list[Gesture]) -> Rest:
    """Measure how far held touches wander about their slow part."""
    if not holds:
        return Rest()
    press, slide, glide = (
        float(np.median([_wander(held_part(hold, getattr(hold, name))) for hold in holds]))
        for name in ("press", "slide", "glide_semitones")
    )
    tremor = float(np.median([_tremor(held_part(hold, hold.press)) for hold in holds]))
    return Rest(press=press, slide=slide, glide_semitones=min(glide, 96.0), tremor=tremor)


def _wander(values: Array) -> float:
    n = round(SLOW_S * SAMPLE_HZ)
    if len(values) <= n:
        return 0.0
    slow = np.convolve(values, np.full(n, 1.0 / n), "valid")
    middle = values[n // 2 : n // 2 + len(slow)]
    return float(np.sqrt(np.mean((middle - slow) ** 2)))


def _tremor(values: Array) -> float:
    """Root mean square between the bounds of `TREMOR_HZ`, by Parseval."""
    spectrum = np.abs(np.fft.rfft((values - values.mean()) * np.hanning(len(values)))) ** 2
    hz = np.fft.rfftfreq(len(values), 1.0 / SAMPLE_HZ)
    inside = (hz >= TREMOR_HZ[0]) & (hz <= TREMOR_HZ[1])
    window_power = float(np.mean(np.hanning(len(values)) ** 2))
    return float(np.sqrt(2.0 * spectrum[inside].sum() / len(values) ** 2 / window_power))


def wire_of(gestures: list[Gesture]) -> Wire:
    """Measure in what steps and how often each dimension was told while it moved."""
    return Wire(
        press_step=_step([one.press for one in gestures]),
        slide_step=_step([one.slide for one in gestures]),
        press_hz=_rate_hz(gestures, "press"),
        slide_hz=_rate_hz(gestures, "slide"),
        glide_hz=_rate_hz(gestures, "glide_semitones"),
    )


def _step(values: list[Array]) -> float:
    """Find the usual smallest distance between values, 0 where there is but one."""
    known = np.unique(np.round(np.concatenate(values), 6)) if values else np.zeros(0)
    steps = np.diff(known)
    steps = steps[steps > 1e-5]
    return float(np.quantile(steps, 0.25)) if len(steps) >= 4 else 0.0


def _rate_hz(gestures: list[Gesture], name: str) -> float:
    gaps = [_gaps_s(one.times_s, getattr(one, name)) for one in gestures]
    all_gaps = np.concatenate(gaps) if gaps else np.zeros(0)
    return float(1.0 / np.quantile(all_gaps, QUICK)) if len(all_gaps) >= 8 else 0.0


def _gaps_s(times_s: Array, values: Array) -> Array:
    """Measure the times between changes of a dimension."""
    changed_s = times_s[1:][np.diff(values) != 0.0]
    gaps = np.diff(changed_s)
    return gaps[(gaps > 1e-4) & (gaps < LONGEST_GAP_S)]
