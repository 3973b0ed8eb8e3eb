"""Likeness: which instrument of a space a recorded sound is most like."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.targets.target import TARGET_RATE_HZ
from synth.moving.surface import instrument_of
from synth.space import Space

Array = NDArray[np.float64]

LIKE_NOTES: Final = 8.0
"""Sounds recorded this near in pitch are compared."""
SETTLED: Final = round(0.05 * TARGET_RATE_HZ)


def nearest_instrument(space: Space, rows: Array, note: float) -> str:
    """Find the codebook's instrument whose codes near a note lie nearest to a sound's.

    Parameters
    ----------
    rows
        Codes, then anything, shape (n_rows, more than CODE_SIZE).
    """
    n_codes = space.codes.shape[2]
    code = rows[min(SETTLED, len(rows) - 1) :, :n_codes].mean(axis=0)
    ages_s = np.array(space.card.ages_s)
    settled = space.codes[:, (ages_s > 0.1) & (ages_s < 1.0)].mean(axis=1)
    away = np.array([abs(sound.note - note) for sound in space.card.sounds])
    apart = np.linalg.norm(settled - code, axis=1)
    apart[away > max(LIKE_NOTES, float(away.min()))] = np.inf
    return instrument_of(space.card.sounds[int(apart.argmin())].name)
