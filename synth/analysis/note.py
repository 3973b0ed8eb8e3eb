"""Analysis of a recorded note: the controls that would play it again, one row per frame.

The note is first time-warped so that its pitch holds still, then read by least squares at its
partials in a window of a few periods; what remains is noise, in bands, and the burst of the strike.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.signal import resample_poly

from synth.analysis.frames import RATE_HZ, frame_starts, frame_times_s, n_frames_within
from synth.analysis.grid import Grid, choose_grid
from synth.analysis.noise import take_strike
from synth.analysis.pitch import hold_pitch, track_pitch
from synth.analysis.split import Split, split
from synth.analysis.stretch import TOP_HZ, partial_hz
from synth.controls import (
    HALF_ORDERS,
    N_CONTROLS,
    NOISE,
    PARTIALS,
    SILENCE_DB,
    STRETCH,
    TRANSIENT,
    TRANSIENT_REFERENCE_S,
    k_weighting_db,
    noise_centres_hz,
    note_to_hz,
)

Array = NDArray[np.float64]

ONSET_DB: Final = -40.0
SHORTEST_S: Final = 0.020
SILENT: Final = 1e-5
FLOOR_POWER: Final = 1e-14


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """One note as frames.

    Attributes
    ----------
    controls
        Rows of controls, shape (n_frames, N_CONTROLS).
    loudness_db, note
        Loudness and sounding pitch as a fractional note number, shape (n_frames,).
    """

    controls: NDArray[np.float32]
    loudness_db: NDArray[np.float32]
    note: NDArray[np.float32]

    @property
    def times_s(self) -> Array:
        """Age of each frame, shape (n_frames,)."""
        return frame_times_s(len(self.controls))


def find_onset(audio: NDArray[np.floating]) -> int:
    """Find the first sample of the first millisecond within 40 dB of the loudest one."""
    blocks = audio[: len(audio) // 48 * 48].reshape(-1, 48).astype(np.float64)
    if not len(blocks):
        return 0
    level_db = 10 * np.log10((blocks**2).mean(axis=1) + FLOOR_POWER)
    return int(np.argmax(level_db > level_db.max() + ONSET_DB)) * 48


def sounding_from(sound: Array) -> int:
    """Find the first sample that sounds of a recording at `RATE_HZ`.

    Raises
    ------
    ValueError
        When it is silent or shorter than 20 ms.
    """
    onset = find_onset(sound) if len(sound) and np.abs(sound).max() > SILENT else len(sound)
    if len(sound) - onset < SHORTEST_S * RATE_HZ:
        raise ValueError("the recording is silent or shorter than 20 ms; give one that sounds")
    return onset


def resample(audio: NDArray[np.floating], rate_hz: int) -> Array:
    """Bring audio of any rate to `RATE_HZ`."""
    if rate_hz == RATE_HZ:
        return np.asarray(audio, np.float64)
    common = np.gcd(rate_hz, RATE_HZ)
    return np.asarray(resample_poly(audio, RATE_HZ // common, rate_hz // common), np.float64)


def analyse(audio: NDArray[np.floating], rate_hz: int, note: ArrayLike) -> Analysis:
    """Measure the controls of one note.

    Parameters
    ----------
    audio
        One channel, shape (n_samples,); frames begin at its onset.
    rate_hz
        Its sample rate.
    note
        Pitch as a fractional note number, nominal within 80 cents; or, if the pitch moves further,
        its track, shape (n_points,), spread evenly over the audio.

    Raises
    ------
    ValueError
        When the audio is silent or shorter than 20 ms.
    """
    sound = resample(audio, rate_hz)
    onset = sounding_from(sound)
    track = np.atleast_1d(np.asarray(note, np.float64))
    n_frames = n_frames_within(len(sound) - onset)
    steady = hold_pitch(sound, track_pitch(sound, track))
    centres = np.interp(onset + frame_starts(n_frames), steady.source, np.arange(len(steady.sound)))
    grid = choose_grid(steady, int(centres[0]))
    parts = split(steady.sound, centres, grid)
    at_s = (onset + frame_starts(n_frames)) / len(sound)
    pitch = np.interp(at_s, np.linspace(0, 1, len(steady.note)), steady.note)
    return _to_rows(parts, grid, pitch)


def loudness_db(partials: Array, noise: Array, hz: Array) -> Array:
    """K-weighted loudness of frames of partial and noise powers.

    Parameters
    ----------
    partials, noise
        Mean squares, shapes (n_frames, N_PARTIALS) and (n_frames, N_NOISE_BANDS).
    hz
        Frequencies of the partials, shape (n_frames, N_PARTIALS).
    """
    heard = (partials * 10 ** (k_weighting_db(hz) / 10)).sum(1)
    heard = heard + noise @ 10 ** (k_weighting_db(noise_centres_hz()) / 10)
    return np.asarray(10 * np.log10(heard + FLOOR_POWER))


def _to_rows(parts: Split, grid: Grid, note: Array) -> Analysis:
    """Express powers as controls relative to loudness."""
    noise, strike = take_strike(parts.noise)
    hz = note_to_hz(note)[:, None] * partial_hz(1.0, grid.stretch)
    loudness = loudness_db(parts.partials, noise, hz)
    rows = np.full((len(note), N_CONTROLS), SILENCE_DB)
    rows[:, PARTIALS] = 10 * np.log10(2 * parts.partials + FLOOR_POWER) - loudness[:, None]
    rows[:, NOISE] = 10 * np.log10(noise + FLOOR_POWER) - loudness[:, None]
    rows = np.maximum(rows, SILENCE_DB)
    rows[:, PARTIALS][hz >= TOP_HZ] = SILENCE_DB
    if not grid.half_orders:
        rows[:, HALF_ORDERS] = SILENCE_DB
    rows[:, STRETCH] = grid.stretch
    reference = TRANSIENT_REFERENCE_S * 10 ** (loudness[0] / 10)
    rows[0, TRANSIENT] = np.maximum(10 * np.log10((strike + 1e-18) / reference), SILENCE_DB)
    return Analysis(
        controls=rows.astype(np.float32),
        loudness_db=loudness.astype(np.float32),
        note=np.asarray(note, np.float32),
    )
