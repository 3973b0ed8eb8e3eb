"""The band limit of a recording: which controls it can tell, and which it only leaves out."""

import numpy as np
from numpy.typing import NDArray

from synth.analysis.stretch import partial_hz
from synth.controls import (
    N_CONTROLS,
    NOISE,
    PARTIALS,
    STRETCH,
    TRANSIENT,
    TRANSIENT_CENTRES_HZ,
    noise_edges_hz,
    note_to_hz,
)


def told_controls(
    stretch: NDArray[np.floating], note: NDArray[np.floating], top_hz: float
) -> NDArray[np.bool_]:
    """Mark the controls that a recording without anything above `top_hz` can tell.

    What lies above is neither silent nor loud: nothing is known of it, so it must teach nothing.

    Parameters
    ----------
    stretch
        As in the controls, shape (n_frames, N_STRETCHES) or (N_STRETCHES,).
    note
        Sounding pitch as a fractional note number, shape (n_frames,).
    top_hz
        The highest frequency in the recording (`Note.top_hz`).

    Returns
    -------
    NDArray
        Shape (n_frames, N_CONTROLS).
    """
    ratios = partial_hz(1.0, np.asarray(stretch, np.float64))
    heard = ratios * note_to_hz(note)[:, None] <= top_hz
    told = np.ones((len(note), N_CONTROLS), bool)
    told[:, PARTIALS] = heard
    told[:, STRETCH] = heard[:, : STRETCH.stop - STRETCH.start]
    told[:, NOISE] = noise_edges_hz()[1:] <= top_hz
    told[:, TRANSIENT] = top_hz >= TRANSIENT_CENTRES_HZ * 2.0**0.5
    return told
