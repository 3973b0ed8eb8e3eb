"""The pitch of a note over time, and the note warped in time until its pitch holds still."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter, uniform_filter1d
from scipy.signal import resample_poly

from synth.analysis.frames import HOP, RATE_HZ, cut_frames, period_window, window
from synth.controls import note_to_hz

Array = NDArray[np.float64]

N_PERIODS: Final = 6
LOWEST_PARTIALS: Final = 8
STEP: Final = 48
"""Samples between the two looks at a partial's phase."""
OFF_LIMIT_CENTS: Final = 80.0
STILL_SEMITONES: Final = 0.02
"""Pitch that moves less is still."""


@dataclass(frozen=True, kw_only=True)
class Steady:
    """A sound warped to constant pitch, and where its samples came from."""

    sound: Array
    source: Array
    f0_hz: float
    note: Array


def track_pitch(sound: Array, note: Array) -> Array:
    """Refine a nominal pitch by the phase advance of the lowest partials.

    Parameters
    ----------
    sound
        Shape (n_samples,).
    note
        One note number; or a track of them over the sound, which is taken as it is.

    Returns
    -------
    NDArray
        Fractional note numbers, one every `HOP`.
    """
    centres = np.arange(0, len(sound), HOP, dtype=np.float64)
    nominal = np.interp(centres / len(sound), np.linspace(0, 1, len(note)), note)
    if len(note) > 1:
        return nominal
    advance, orders = _phase_advance(sound, centres, float(note_to_hz(note[0])))
    weight = np.abs(advance) + 1e-30
    off_hz = np.angle(advance) * RATE_HZ / STEP / (2 * np.pi) / orders
    deviation = 1 + (weight * off_hz).sum(1) / weight.sum(1) / note_to_hz(note[0])
    cents = 1200 * np.log2(np.clip(deviation, 0.9, 1.1))
    return nominal + _trusted(cents, weight.sum(1)) / 100


def _phase_advance(
    sound: Array, centres: Array, f0_hz: float
) -> tuple[NDArray[np.complex128], NDArray[np.int64]]:
    """How far the lowest partials turn in `STEP`, beyond what f0 makes them turn.

    Returns numbers whose angle is the advance and whose size is the power, smoothed in time, shape
    (n_frames, n_partials), and the partials' orders.
    """
    orders = np.arange(1, max(1, min(LOWEST_PARTIALS, int(0.4 * RATE_HZ / f0_hz))) + 1)
    size = period_window(f0_hz, N_PERIODS)
    times_s = (np.arange(size) - size / 2) / RATE_HZ
    probe = window(size)[:, None] * np.exp(-2j * np.pi * f0_hz * np.outer(times_s, orders))
    both = np.hstack([probe.real, probe.imag]).astype(np.float32)
    single, shifts = sound.astype(np.float32), (-STEP // 2, STEP // 2)
    read = [cut_frames(single, centres + shift, size) @ both for shift in shifts]
    before, after = (part[:, : len(orders)] + 1j * part[:, len(orders) :] for part in read)
    advance = after * before.conj() * np.exp(-2j * np.pi * f0_hz * orders * STEP / RATE_HZ)
    parts = (uniform_filter1d(part, 9, axis=0) for part in (advance.real, advance.imag))
    return np.asarray(next(parts) + 1j * next(parts)), orders


def _trusted(cents: Array, power: Array) -> Array:
    """Keep a pitch track where it is loud and near; elsewhere hold the trusted median."""
    loud = power > power.max() * 1e-4
    near = loud & (np.abs(cents) < OFF_LIMIT_CENTS)
    if near.sum() < 10 or near.sum() < 0.5 * loud.sum():
        return np.zeros_like(cents)
    index = np.arange(len(cents))
    return median_filter(np.interp(index, index[near], cents[near]), 11)


def hold_pitch(sound: Array, note: Array) -> Steady:
    """Warp time so that the pitch stays at its median."""
    middle = float(np.median(note))
    speed = note_to_hz(note) / note_to_hz(middle)
    at = np.arange(0, len(sound), HOP)[: len(note)]
    warped_at = np.concatenate([[0], np.cumsum(np.interp(np.arange(len(sound)), at, speed))])[:-1]
    source = np.interp(np.arange(int(warped_at[-1]) + 1), warped_at, np.arange(len(sound)))
    if np.abs(note - middle).max() < STILL_SEMITONES:
        source, warped = np.arange(len(sound), dtype=np.float64), sound
    else:
        warped = _read_between(sound, source)
    return Steady(sound=warped, source=source, f0_hz=float(note_to_hz(middle)), note=note)


def _read_between(sound: Array, positions: Array) -> Array:
    """Read samples at fractional positions, by linear interpolation of eight times the rate."""
    dense = resample_poly(sound, 8, 1)
    return np.interp(positions * 8, np.arange(len(dense)), dense)
