"""Fusedness: whether two sounds mixed half and half move as one, or as two that sound together.

The partials of one instrument begin together and swell together. Two recordings that are
cross-faded keep their own onsets and their own vibrato, and each partial follows whichever sound
has more of it; hearing takes them apart by that (Bregman 1990, chapter 3).
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, fftconvolve, sosfiltfilt

from synth.analysis.frames import RATE_HZ, frame_times_s, n_frames_within
from synth.analysis.note import Analysis
from synth.controls import NOISE, PARTIALS, note_to_hz
from synth.moving.course import Course
from synth.moving.measures.hearing import decoded, loudness_db
from synth.moving.mixture import Mixer
from synth.space import Space
from synth.training.render import render

Array = NDArray[np.float64]

N_PARTIALS_HEARD: Final = 12
PERIODS: Final = 4.0
"""Length of the window that keeps one partial from its neighbours."""
ENVELOPE_RATE_HZ: Final = 500
SWELLS_HZ: Final = (3.0, 12.0)
STEADY_S: Final = 0.35
"""From here on swells are compared; `ATTACK_S` of the beginning are the attack."""
ATTACK_S: Final = 0.15
CLEAR_DB: Final = -35.0
"""Partials this far below the strongest are left out."""
ATTACK_RANGE_DB: Final = -40.0


@dataclass(frozen=True, kw_only=True)
class Played:
    """One sound as it was played: frame by frame its codes, loudness and pitch, and how it sounded.

    Attributes
    ----------
    codes
        At the frames, shape (n_frames, CODE_SIZE).
    frames
        Controls, loudness and pitch, n_frames of them.
    audio
        Shape (n_samples,).
    """

    codes: Array
    frames: Analysis
    audio: Array


class Together(NamedTuple):
    """Mean correlation between partials' levels: of their swells, and of how they begin."""

    swells: float
    attack: float


class Fusedness(NamedTuple):
    """How much two sounds move as one: each alone, mixed in the space, cross-faded, and blended."""

    alone: tuple[Together, Together]
    mixed: Together
    cross_faded: Together
    blended: Together


def fusedness(space: Space, one: Played, other: Played) -> Fusedness:
    """Mix two sounds of one key half and half in each way, and compare.

    Their onsets must both lie at the first frame.
    """
    note = float(np.median(one.frames.note))
    n_frames = min(len(one.codes), len(other.codes))
    return Fusedness(
        alone=(together(one.audio, note), together(other.audio, note)),
        mixed=together(render(_mixed(space, one, other, n_frames)), note),
        cross_faded=together(_cross_faded(one.audio, other.audio), note),
        blended=together(render(_blended(one.frames, other.frames, n_frames)), note),
    )


def _mixed(space: Space, one: Played, other: Played, n_frames: int) -> Analysis:
    codes, loudness, note = (
        (first[:n_frames].astype(np.float64) + second[:n_frames]) / 2.0
        for first, second in (
            (one.codes, other.codes),
            (one.frames.loudness_db, other.frames.loudness_db),
            (one.frames.note, other.frames.note),
        )
    )
    return decoded(space, codes, loudness, note)


def _cross_faded(one: Array, other: Array) -> Array:
    n_samples = min(len(one), len(other))
    first, second = (sound[:n_samples] for sound in (one, other))
    gain = 10.0 ** ((loudness_db(first) - loudness_db(second)) / 20.0)
    return np.asarray((first + gain * second) / 2.0)


def _blended(one: Analysis, other: Analysis, n_frames: int) -> Analysis:
    """Average controls as levels, without a network."""
    loudness, note = (
        (getattr(one, name)[:n_frames] + getattr(other, name)[:n_frames]) / 2.0
        for name in ("loudness_db", "note")
    )
    controls = (one.controls[:n_frames] + other.controls[:n_frames]) / 2.0
    levels = slice(PARTIALS.start, NOISE.stop)
    absolute = [
        10.0 ** ((frames.controls[:n_frames, levels] + frames.loudness_db[:n_frames, None]) / 20.0)
        for frames in (one, other)
    ]
    controls[:, levels] = 20.0 * np.log10(sum(absolute) / 2.0 + 1e-9) - loudness[:, None]
    return Analysis(controls=controls, loudness_db=loudness, note=note)


def together(sound: Array, note: float) -> Together:
    """Measure how much the partials of a sound at a key move together."""
    levels = partial_levels_db(sound, float(note_to_hz(note)))
    strongest = levels.max(axis=1)
    clear = levels[strongest > strongest.max() + CLEAR_DB]
    steady = clear[:, round(STEADY_S * ENVELOPE_RATE_HZ) :]
    band = butter(2, SWELLS_HZ, "bandpass", fs=ENVELOPE_RATE_HZ, output="sos")
    attack = clear[:, : round(ATTACK_S * ENVELOPE_RATE_HZ)]
    begun = np.maximum(attack - attack.max(axis=1, keepdims=True), ATTACK_RANGE_DB)
    return Together(_correlation(sosfiltfilt(band, steady, axis=1)), _correlation(begun))


def partial_levels_db(sound: Array, f0_hz: float) -> Array:
    """Level of each of the first partials at `ENVELOPE_RATE_HZ`, shape (n_partials, n_times)."""
    time_s = np.arange(len(sound)) / RATE_HZ
    window = np.hanning(round(PERIODS * RATE_HZ / f0_hz))
    window /= window.sum()
    step = RATE_HZ // ENVELOPE_RATE_HZ
    orders = np.arange(1, N_PARTIALS_HEARD + 1)
    orders = orders[orders * f0_hz < 0.4 * RATE_HZ]
    waves = [
        fftconvolve(sound * np.exp(-2j * np.pi * k * f0_hz * time_s), window, "same")[::step]
        for k in orders
    ]
    return np.asarray(20.0 * np.log10(np.abs(waves) + 1e-7))


def _correlation(curves: Array) -> float:
    """Mean correlation of all pairs of curves, shape (n, n_times)."""
    if len(curves) < 2:
        return float("nan")
    varied = curves + 1e-9 * np.arange(curves.shape[1])
    pairs = np.triu_indices(len(curves), 1)
    return float(np.corrcoef(varied)[pairs].mean())


def performance(
    mixer: Mixer, course: Course, *, length_s: float, vibrato_hz: float, late_s: float
) -> Played:
    """Play a course with a vibrato of one's own, after an onset that takes a while.

    The vibrato swings loudness by a decibel and pitch by fifteen cents, as a player's does.
    """
    times_s = frame_times_s(n_frames_within(round(length_s * RATE_HZ)))
    codes, loudness = course.at(times_s)
    swing = np.sin(2.0 * np.pi * vibrato_hz * times_s)
    risen = np.minimum(times_s / max(late_s, 1e-6), 1.0)
    loudness = loudness + swing + ATTACK_RANGE_DB * (1.0 - risen)
    frames = decoded(mixer.space, codes, loudness, course.note + 0.15 * swing)
    return Played(codes=codes, frames=frames, audio=render(frames))
