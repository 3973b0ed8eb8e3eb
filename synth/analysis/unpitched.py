"""Analysis of a sound without a pitch, a door or a wind: all of it is noise and a strike."""

import numpy as np
from numpy.typing import NDArray

from synth.analysis.frames import frame_starts, n_frames_within
from synth.analysis.noise import noise_power, take_strike
from synth.analysis.note import (
    FLOOR_POWER,
    Analysis,
    loudness_db,
    resample,
    sounding_from,
)
from synth.controls import (
    N_CONTROLS,
    N_PARTIALS,
    NOISE,
    SILENCE_DB,
    STRETCH,
    TRANSIENT,
    TRANSIENT_REFERENCE_S,
)

NOMINAL_NOTE = 60.0
"""The key that plays such a sound as it was recorded."""


def analyse_unpitched(
    audio: NDArray[np.floating], rate_hz: int, note: float = NOMINAL_NOTE
) -> Analysis:
    """Measure the controls of a sound in which nothing has a pitch.

    Parameters
    ----------
    audio, rate_hz
        One channel, shape (n_samples,), and its rate; frames begin at its onset.
    note
        The key that shall play it, a fractional note number.

    Raises
    ------
    ValueError
        When the audio is silent or shorter than 20 ms.
    """
    sound = resample(audio, rate_hz)
    onset = sounding_from(sound)
    n_frames = n_frames_within(len(sound) - onset)
    centres = (onset + frame_starts(n_frames)).astype(np.float64)
    power, strike = take_strike(noise_power(sound, np.zeros_like(sound), centres))
    nothing = np.zeros((n_frames, N_PARTIALS))
    loudness = loudness_db(nothing, power, np.ones_like(nothing))
    rows = np.full((n_frames, N_CONTROLS), SILENCE_DB)
    rows[:, STRETCH] = 0.0
    rows[:, NOISE] = 10 * np.log10(power + FLOOR_POWER) - loudness[:, None]
    reference = TRANSIENT_REFERENCE_S * 10 ** (loudness[0] / 10)
    rows[0, TRANSIENT] = 10 * np.log10((strike + 1e-18) / reference)
    rows[:, NOISE] = np.maximum(rows[:, NOISE], SILENCE_DB)
    rows[0, TRANSIENT] = np.maximum(rows[0, TRANSIENT], SILENCE_DB)
    return Analysis(
        controls=rows.astype(np.float32),
        loudness_db=loudness.astype(np.float32),
        note=np.full(n_frames, note, np.float32),
    )
