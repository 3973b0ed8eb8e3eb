"""A note split in two: what its partials say again, and the noise that is left."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from synth.analysis.frames import HOP, RATE_HZ
from synth.analysis.grid import Grid
from synth.analysis.noise import noise_power
from synth.analysis.partials import fit, octaves, onset_gains, overlap_add
from synth.controls import N_PARTIALS

Array = NDArray[np.float64]


class Split(NamedTuple):
    """Mean squares of a note's frames."""

    partials: Array
    """Shape (n_frames, N_PARTIALS)."""
    noise: Array
    """Shape (n_frames, N_NOISE_BANDS)."""


class _Onset(NamedTuple):
    """The partials of a note's first moments, which the window reaches over, by octaves."""

    parts: Array
    """What sounds of each octave from the onset on, shape (n_octaves, n_samples)."""
    gains: Array
    """What undoes the window's smear, same shape."""


def split(sound: Array, centres: Array, grid: Grid) -> Split:
    """Read a note's partials, subtract them, and read the rest as noise.

    Parameters
    ----------
    sound
        A note of steady pitch, shape (n_samples,).
    centres
        Where its frames lie in samples, the first at the onset, shape (n_frames,).
    grid
        Where its partials lie.
    """
    onset = int(centres[0])
    at = np.arange(0, len(sound) + HOP, HOP, dtype=np.float64)
    waves = fit(sound, at, grid.hz, grid.window)
    level = np.stack([np.interp(centres, at, wave) for wave in np.abs(waves).T], axis=1)
    harmonic = overlap_add(waves, grid.hz, len(sound))
    begun = _begin(sound, waves, onset, grid)
    end = onset + begun.parts.shape[1]
    harmonic[:onset] = 0.0
    harmonic[onset:end] = (begun.parts * begun.gains).sum(axis=0)
    young = centres < end
    ages = np.clip(centres[young] - onset, 0, end - onset - 1).astype(np.int64)
    level[young] *= begun.gains[octaves(grid.orders)][:, ages].T
    partials = np.zeros((len(centres), N_PARTIALS))
    partials[:, grid.read] = level**2 / 2
    return Split(partials, noise_power(sound, harmonic, centres))


def _begin(sound: Array, waves: NDArray[np.complex128], onset: int, grid: Grid) -> _Onset:
    """Sound each octave's partials from the onset until the window has left it behind."""
    end = min(onset + grid.window + HOP, len(sound))
    first = onset // HOP
    early, octave = waves[first : end // HOP + 2], octaves(grid.orders)
    parts = np.stack(
        [
            overlap_add(early[:, octave == o], grid.hz[octave == o], end - first * HOP)
            for o in range(octave.max() + 1)
        ]
    )[:, onset - first * HOP :]
    gains = onset_gains(sound[onset:end], parts, round(RATE_HZ / grid.spacing_hz))
    fade = np.clip((end - np.arange(onset, end)) / (grid.window / 2), 0, 1)
    return _Onset(parts, 1 + (gains - 1) * fade)
