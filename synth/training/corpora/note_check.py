"""The check of a note before it is learned from: that it sounds, unharmed, at its pitch."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from synth.analysis.frames import RATE_HZ
from synth.analysis.fundamental import HIGHEST_HZ, LOWEST_HZ, find_melody
from synth.analysis.note import find_onset, resample
from synth.controls import hz_to_note

Array = NDArray[np.float64]

SILENT: Final = 1e-4
FULL: Final = 0.985
CLIPPED_RUN: Final = 4
"""So many samples in a row at the highest level are cut off."""
MOST_CLIPPED: Final = 3
"""So many such runs are a spike or two, more are distortion."""
LISTENED_S: Final = (0.06, 0.46)
"""From the onset on, the part by which the pitch is told."""
SURE: Final = 0.8
"""Share of the frames that must have a pitch, all nearly the same."""
STEADY_SEMITONES: Final = 0.4
OFF_SEMITONES: Final = 0.8
RATIOS: Final = np.array([1, 2, 3, 4, 5, 6, 8, 1 / 2, 1 / 3, 1 / 4, 1 / 5, 1 / 6])
"""A tracker, as an ear, may take a strong partial or a deeper layer for the fundamental."""
MARGIN_SEMITONES: Final = 3.0
"""So near its limits the tracker is not asked."""


def fault(sound: Array, rate_hz: int, pitch: float | None) -> str | None:
    """Say what is wrong with a note, or None.

    Parameters
    ----------
    sound
        One channel, shape (n_samples,).
    pitch
        Where it should be; None where that was measured.
    """
    if is_silent(sound):
        return "it is silent"
    if _n_clipped(sound) > MOST_CLIPPED:
        return "it is clipped"
    heard = None if pitch is None else steady_pitch(sound, rate_hz)
    if pitch is not None and heard is not None and not _agree(heard, pitch):
        return f"it sounds at {heard:.1f}, not at {pitch:g}"
    return None


def is_silent(sound: Array) -> bool:
    """Whether nothing is heard in a sound, or what is there is no sound at all."""
    return not len(sound) or not np.isfinite(sound).all() or bool(np.abs(sound).max() < SILENT)


def steady_pitch(sound: Array, rate_hz: int) -> float | None:
    """Measure the pitch of a note that surely has a steady one, as a fractional note number."""
    whole = resample(sound, rate_hz)
    onset = find_onset(whole)
    first, last = (onset + round(edge_s * RATE_HZ) for edge_s in LISTENED_S)
    part = whole[first:last] if len(whole) > first + RATE_HZ // 10 else whole[onset:]
    if len(part) < RATE_HZ // 20 or np.abs(part).max() < SILENT:
        return None
    note = find_melody(part).note
    if np.isfinite(note).mean() < SURE:
        return None
    middle = float(np.nanmedian(note))
    near = np.abs(note - middle) < STEADY_SEMITONES
    return middle if near.mean() > SURE else None


def _agree(heard: float, pitch: float) -> bool:
    """Whether a heard pitch is the named one, or a harmonic or a layer under it."""
    lowest, highest = (float(hz_to_note(hz)) for hz in (LOWEST_HZ, HIGHEST_HZ))
    if not lowest + MARGIN_SEMITONES < pitch < highest - MARGIN_SEMITONES:
        return True
    off = heard - pitch - 12 * np.log2(RATIOS)
    return bool(np.abs(off).min() < OFF_SEMITONES)


def _n_clipped(sound: Array) -> int:
    """Count the runs of samples that are cut off at full scale."""
    top = float(np.abs(sound).max())
    if top < FULL:
        return 0
    at_top = np.abs(sound) > top - 1e-4
    edges = np.flatnonzero(np.diff(np.concatenate([[0], at_top.astype(int), [0]])))
    return int((edges[1::2] - edges[::2] >= CLIPPED_RUN).sum())
