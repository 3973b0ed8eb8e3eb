"""The grid of a note: at which frequencies its partials are read, as the residual decides."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synth.analysis.frames import RATE_HZ, cut_frames, window
from synth.analysis.partials import fit_frames, fit_window, sines
from synth.analysis.pitch import Steady
from synth.analysis.stretch import TOP_HZ, follow_stretch, nearest_stretch, partial_hz
from synth.controls import HALF_ORDERS, N_STRETCHES, ORDERS, noise_edges_hz

Array = NDArray[np.float64]

N_LOOKS: Final = 24
"""Frames, spread over the note, in which grids are compared."""
HEARD_DB: Final = -40.0
HALF_GAIN_DB: Final = 2.5
"""Half orders are read where they lower the residual by more: they always lower it a little."""
FREE_GAIN_DB: Final = 0.2
"""As much must be won by ratios that follow no rule."""


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Where a note's partials lie.

    Attributes
    ----------
    f0_hz
        Pitch that the note was warped to.
    stretch
        Stretch of the lowest whole orders, shape (N_STRETCHES,).
    half_orders
        Whether half orders sound.
    """

    f0_hz: float
    stretch: Array
    half_orders: bool = False

    @property
    def every_hz(self) -> Array:
        """Frequency of every partial, read or not, shape (N_PARTIALS,)."""
        return partial_hz(self.f0_hz, self.stretch)

    @property
    def read(self) -> NDArray[np.bool_]:
        """Whether each partial is read, shape (N_PARTIALS,)."""
        read = self.every_hz < TOP_HZ
        read[HALF_ORDERS] &= self.half_orders
        return read

    @property
    def hz(self) -> Array:
        """Frequencies of the partials that are read, shape (n_read,)."""
        return self.every_hz[self.read]

    @property
    def orders(self) -> Array:
        """Orders of the partials that are read, shape (n_read,)."""
        return ORDERS[self.read]

    @property
    def spacing_hz(self) -> float:
        """Distance of neighbouring partials."""
        return self.f0_hz / 2 if self.half_orders else self.f0_hz

    @property
    def window(self) -> int:
        """Length in samples of the window that partials are fitted in."""
        return fit_window(self.spacing_hz)


def choose_grid(steady: Steady, onset: int) -> Grid:
    """Choose among whole multiples, measured ratios and half orders what leaves least noise.

    Parameters
    ----------
    steady
        The note, its pitch held still.
    onset
        Its first sample that sounds.
    """
    sound, f0_hz = steady.sound, steady.f0_hz
    looks = _looks(sound, onset)
    plain = Grid(f0_hz=f0_hz, stretch=np.zeros(N_STRETCHES))
    found = [
        (left_db(sound, looks, grid) + penalty_db, grid)
        for grid, penalty_db in (
            (plain, 0.0),
            (Grid(f0_hz=f0_hz, stretch=follow_stretch(sound[onset:], f0_hz)), 0.0),
            (Grid(f0_hz=f0_hz, stretch=nearest_stretch(sound[onset:], f0_hz)), FREE_GAIN_DB),
        )
    ]
    best_db, best = min(found, key=lambda one: one[0])
    halved = Grid(f0_hz=f0_hz, stretch=best.stretch, half_orders=True)
    return halved if left_db(sound, looks, halved) + HALF_GAIN_DB < best_db else best


def _looks(sound: Array, onset: int) -> Array:
    """Spread frames over what is heard of the note."""
    centres = np.linspace(onset + 0.01 * RATE_HZ, len(sound) - 1, 4 * N_LOOKS)
    level = (cut_frames(sound, centres, 1024) ** 2).mean(axis=1)
    heard = centres[level > level.max() * 10 ** (HEARD_DB / 10)]
    return heard[np.linspace(0, len(heard) - 1, min(N_LOOKS, len(heard))).astype(int)]


def left_db(sound: Array, centres: Array, grid: Grid) -> float:
    """Level of what a grid leaves, averaged over bands and frames, in dB."""
    size = grid.window
    frames = cut_frames(sound.astype(np.float32), centres, size)
    basis = sines(grid.hz, size)
    left = frames - fit_frames(frames, grid.hz, basis).astype(np.float32) @ basis.T
    spectra = np.fft.rfft(left * window(size).astype(np.float32), axis=1)
    density = (spectra.real**2 + spectra.imag**2) / size / (window(size) ** 2).sum()
    first = np.rint(noise_edges_hz()[:-1] * size / RATE_HZ).astype(int)
    power = np.add.reduceat(density, first, axis=1)
    return float((10 * np.log10(power + 1e-12)).mean())
