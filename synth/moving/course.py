"""A course: what one strike sets going, codes and loudness from the onset on."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Course:
    """A sound's way through a space, sampled at ages since the strike.

    Attributes
    ----------
    ages_s
        Increasing from 0, shape (n_ages,).
    codes
        Shape (n_ages, CODE_SIZE).
    level_db
        Loudness relative to its peak, shape (n_ages,).
    peak_db
        Loudness of the peak.
    note
        The key that is struck, as a fractional note number.
    """

    ages_s: Array
    codes: Array
    level_db: Array
    peak_db: float
    note: float

    @property
    def loudness_db(self) -> Array:
        """Loudness, shape (n_ages,)."""
        return self.peak_db + self.level_db

    def at(self, age_s: Array) -> tuple[Array, Array]:
        """Codes and loudness in dB at any ages, shapes (n, CODE_SIZE) and (n,); the end stays."""
        codes = [np.interp(age_s, self.ages_s, column) for column in self.codes.T]
        return np.stack(codes, axis=1), np.interp(age_s, self.ages_s, self.loudness_db)

    def rows(self, rate_hz: float, length_s: float) -> NDArray[np.float32]:
        """Write it as a trajectory on pitch, shape (n_rows, TRAJECTORY_SIZE)."""
        age_s = np.arange(round(length_s * rate_hz)) / rate_hz
        codes, loudness_db = self.at(age_s)
        return np.column_stack([codes, loudness_db, np.zeros_like(age_s)]).astype(np.float32)
