"""The palette: the codebook's instruments over note, age and dynamic, ready to be blended."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.exploration.candidate import Candidate
from presets.factory.recipes import solo
from synth.moving.edge import Edge
from synth.moving.surface import Surface, instrument_of
from synth.space import Space

Array = NDArray[np.float64]

NOTES: Final = (36.0, 48.0, 60.0, 72.0, 84.0, 96.0)
DYNAMICS: Final = (0.28, 0.7, 0.98)
"""Strikes at which each instrument is taken: soft, middling and hard."""
SOFT, MIDDLING, HARD = range(len(DYNAMICS))
DECAYED_DB: Final = -95.0


class Blend(NamedTuple):
    """A candidate over the palette's notes and its own ages."""

    codes: Array
    """Shape (n_notes, n_ages, CODE_SIZE)."""
    level_db: Array
    """Loudness relative to the peak, shape (n_notes, n_ages)."""
    ages_s: Array


class Palette:
    """Codes and loudness of every instrument of a space.

    Attributes
    ----------
    families
        Instrument to family.
    codes
        Shape (n_dynamics, n_instruments, n_notes, n_ages, CODE_SIZE).
    level_db
        Loudness relative to each sound's own peak, shape (n_dynamics, n_instruments, n_notes,
        n_ages).
    """

    def __init__(self, space: Space) -> None:
        self.space = space
        self.edge = Edge(space)
        self.ages_s = np.array(space.card.ages_s)
        self.families = {instrument_of(s.name): s.family for s in space.card.sounds}
        self.instruments = tuple(sorted(self.families))
        self._places = {name: place for place, name in enumerate(self.instruments)}
        tables = [[self._table(name, strike) for name in self.instruments] for strike in DYNAMICS]
        self.codes = np.array([[codes for codes, _ in row] for row in tables])
        self.level_db = np.array([[level_db for _, level_db in row] for row in tables])

    def _table(self, instrument: str, strike: float) -> tuple[Array, Array]:
        surface = Surface(self.space, solo(instrument, strike))
        shape = (len(NOTES), len(self.ages_s))
        at = np.repeat(NOTES, shape[1]), np.tile(self.ages_s, shape[0])
        level_db = np.maximum(surface.decay_db(*at), DECAYED_DB)
        return surface.code(*at).reshape(*shape, -1), level_db.reshape(shape)

    def blend(self, candidate: Candidate, dynamic: int = MIDDLING) -> Blend:
        """Sound a candidate's parts together, no code further out than the decoder can say.

        Parts that are taken away say what the timbre is not, and nothing of the loudness.
        """
        places = [self._places[part.instrument] for part in candidate.parts]
        shares = self.shares(candidate)
        codes = np.einsum("pa,pnac->nac", shares, self.codes[dynamic, places])
        codes = self.edge.within(codes + np.array(candidate.shift))
        present = np.maximum(shares, 1e-6)
        present /= present.sum(axis=0)
        level_db = np.einsum("pa,pna->na", present, self.level_db[dynamic, places])
        return Blend(codes, level_db, self.ages_s / candidate.pace)

    def shares(self, candidate: Candidate) -> Array:
        """Shares of the parts at the palette's ages, shape (n_parts, n_ages)."""
        first, later = (np.array([p[i] for p in candidate.parts])[:, None] for i in (1, 2))
        turned = np.exp(-self.ages_s / candidate.pace / candidate.turn_s)
        return np.asarray(later + (first - later) * turned)
