"""Vibrato: found in a player's movement or in a target, and what goes along with it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from calibration.targets.phasors import CYCLES, Phasors, explained_at, phasors_at, scan, smoothed
from mapper.vibrato import FASTEST_HZ, SLOWEST_HZ

Array = NDArray[np.float64]

LOOKED_FOR_HZ: Final = tuple(np.arange(2.5, 13.0, 0.25).tolist())
"""Tremor is looked for too, so that it is not taken for the nearest vibrato."""
GLANCE_S: Final = 0.7
GLANCE_EVERY_S: Final = 0.05
"""How much is looked at for a first guess of the rate."""
EXPLAINED: Final = 0.6
"""Share of what moves about the slow part that one sine must explain."""
GROWN: Final = (0.2, 0.8)
STEP_GROWTH: Final = 0.35
"""How long a vibrato that is there at once seems to grow, as a share of the cycles looked at."""
TINY: Final = 1e-9
LEAST_BEFORE_S: Final = 0.15
LEAN_S: Final = 0.4
"""So long before the onset, and twice as long after it, the middle is looked for."""


@dataclass(frozen=True, kw_only=True)
class Oscillation:
    """A vibrato found in one curve.

    Attributes
    ----------
    rate_hz
        Cycles per second while it lasts.
    extent
        Half the way between its turns, in the unit of the curve.
    onset_s, end_s
        When it has grown to half its extent, and when it last has it.
    growth_s
        Time in which it grows from nothing to all.
    lean
        How far its middle lies from where the curve was before, in extents; -1 is all below.
    phasors
        Swing and, as the imaginary part, swing a quarter cycle earlier, shape (n_samples,).
    """

    rate_hz: float
    extent: float
    onset_s: float
    end_s: float
    growth_s: float
    lean: float
    phasors: Phasors

    def lasting(self, rate_hz: float) -> slice:
        """Tell the samples while which it lasts."""
        return slice(round(self.onset_s * rate_hz), round(self.end_s * rate_hz) + 1)


def find_vibrato(curve: Array, rate_hz: float, least: float = 0.0) -> Oscillation | None:
    """Find the vibrato in a curve.

    Parameters
    ----------
    curve
        Pitch, loudness, press or anything else, sampled at `rate_hz` (100-250), shape (n_samples,).
    least
        A smaller extent is none.

    Returns
    -------
    Oscillation or None
        None unless one sine between 3 and 8 Hz explains more than `EXPLAINED` of the movement
        about the slow part, over `CYCLES` cycles or more.
    """
    curve = np.asarray(curve, np.float64)
    if len(curve) < GLANCE_S * rate_hz or not np.isfinite(curve).all():
        return None
    smooth = smoothed(curve, rate_hz)
    guess_hz = _guess_hz(smooth, rate_hz, least)
    if guess_hz is None:
        return None
    size = round(CYCLES / guess_hz * rate_hz)
    if size >= len(smooth):
        return None
    phasors = phasors_at(curve, rate_hz, guess_hz)
    explained = explained_at(smooth, rate_hz, guess_hz, size)
    lasting = _longest(explained > EXPLAINED, np.abs(phasors), least, size)
    if lasting is None:
        return None
    return _oscillation(curve, rate_hz, phasors, lasting, guess_hz)


def split(curves: Array, rate_hz: float, vibrato: Oscillation) -> tuple[Array, Array]:
    """Split curves into their slow part and what moves at a vibrato's rate while that lasts.

    Parameters
    ----------
    curves
        Sampled at `rate_hz` together with the curve in which the vibrato was found, shape
        (n_samples, n_curves).
    """
    lasts = np.zeros(len(curves))
    lasts[vibrato.lasting(rate_hz)] = 1.0
    lasts = gaussian_filter1d(lasts, 0.25 * rate_hz / vibrato.rate_hz, mode="nearest")
    fast = phasors_at(curves, rate_hz, vibrato.rate_hz).real * lasts[:, None]
    return curves - fast, fast


def _guess_hz(smooth: Array, rate_hz: float, least: float) -> float | None:
    """Guess the rate from the windows in which one sine explains enough."""
    size, every = round(GLANCE_S * rate_hz), max(1, round(GLANCE_EVERY_S * rate_hz))
    extents, explained = scan(smooth, rate_hz, LOOKED_FOR_HZ, size, every)
    best, windows = explained.argmax(axis=1), np.arange(len(explained))
    best_hz = np.array(LOOKED_FOR_HZ)[best]
    good = (explained[windows, best] > EXPLAINED) & (extents[windows, best] > max(least, TINY))
    good &= (best_hz >= SLOWEST_HZ) & (best_hz <= FASTEST_HZ)
    return float(np.median(best_hz[good])) if good.any() else None


def _longest(sure: NDArray[np.bool_], extents: Array, least: float, size: int) -> slice | None:
    """Find the longest stretch that is surely a vibrato, and widen it to where it is half grown."""
    sure = sure & (extents > max(least, TINY))
    edges = np.flatnonzero(np.diff(np.concatenate([[0], sure.astype(int), [0]])))
    if not len(edges):
        return None
    starts, ends = edges[::2], edges[1::2]
    place = int(np.argmax(ends - starts))
    start, end = int(starts[place]), int(ends[place])
    half = 0.5 * float(np.median(extents[start:end]))
    inside = np.flatnonzero(extents[start:end] >= half)
    if not len(inside):
        return None
    first, last = start + int(inside[0]), start + int(inside[-1])
    while first > 0 and extents[first - 1] >= half:
        first -= 1
    while last < len(extents) - 1 and extents[last + 1] >= half:
        last += 1
    return slice(first, last + 1) if last + 1 - first >= 0.95 * size else None


def _oscillation(
    curve: Array, rate_hz: float, phasors: Phasors, lasting: slice, guess_hz: float
) -> Oscillation | None:
    extents = np.abs(phasors)
    extent = float(np.median(extents[lasting][extents[lasting] > 0.7 * extents[lasting].max()]))
    turns = np.unwrap(np.angle(phasors[lasting])) / (2 * np.pi)
    times_s = np.arange(len(turns)) / rate_hz
    found_hz = float(np.polyfit(times_s, turns, 1, w=extents[lasting])[0])
    if not SLOWEST_HZ <= found_hz <= FASTEST_HZ:
        return None
    return Oscillation(
        rate_hz=found_hz,
        extent=extent,
        onset_s=lasting.start / rate_hz,
        end_s=(lasting.stop - 1) / rate_hz,
        growth_s=_growth_s(extents[: lasting.stop] / extent, rate_hz, CYCLES / guess_hz),
        lean=_lean(curve - phasors.real, lasting, rate_hz) / extent,
        phasors=phasors,
    )


def _growth_s(grown: Array, rate_hz: float, looked_s: float) -> float:
    """Time of the growth, less what the look at several cycles at once adds to it."""
    top = int(np.argmax(grown >= GROWN[1]))
    below = np.flatnonzero(grown[:top] <= GROWN[0])
    seen_s = (top - (int(below[-1]) if len(below) else 0)) / rate_hz
    own_s = STEP_GROWTH * looked_s
    return float(np.sqrt(max(seen_s**2 - own_s**2, 0.0)) / (GROWN[1] - GROWN[0]))


def _lean(slow: Array, lasting: slice, rate_hz: float) -> float:
    """How far the middle moves as the vibrato begins; without a before it is told from zero."""
    near = round(LEAN_S * rate_hz)
    before = slow[max(lasting.start - near, 0) : lasting.start]
    rest = float(np.median(before)) if len(before) > LEAST_BEFORE_S * rate_hz else 0.0
    return float(np.median(slow[lasting.start : lasting.stop][: 2 * near])) - rest
