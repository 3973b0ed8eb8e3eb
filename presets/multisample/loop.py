"""Loops: where a sustained sound can go round without a seam, and the samples made so that it does.

All takes of one key share one loop, so that layers which are mixed stay in step for ever.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.signal import correlate

from presets.multisample.plan import RATE_HZ

Array = NDArray[np.float64]

FADE_S: Final = 0.25
"""Before the loop's end its sound turns into that before its start over so long."""
EARLIEST_S: Final = 1.0
"""The attack is over by then."""
SHORTEST_S: Final = 1.5
N_ENDS: Final = 12
END_STEP_S: Final = 0.013
"""So many ends are tried, this far apart."""
GUARD_FRAMES: Final = 64
"""Frames of the loop's start that are repeated after its end, for samplers that interpolate."""


class Loop(NamedTuple):
    """Frames from `start` up to but not with `end` go round; `likeness` is how alike the seam is."""

    start: int
    end: int
    likeness: float


def find_loop(takes: Sequence[Array]) -> Loop:
    """Find the start and end whose surroundings are most alike in all takes of a key.

    Parameters
    ----------
    takes
        Mono sounds, shape (n_frames,) each, all of one length and in step.
    """
    n_frames, fade = len(takes[0]), round(FADE_S * RATE_HZ)
    ends = n_frames - np.round(END_STEP_S * RATE_HZ * np.arange(N_ENDS)).astype(int)
    return max((_best_start(takes, int(end), fade) for end in ends), key=lambda loop: loop.likeness)


def _best_start(takes: Sequence[Array], end: int, fade: int) -> Loop:
    """Find the start that suits an end."""
    first = max(round(EARLIEST_S * RATE_HZ), fade)
    last = end - round(SHORTEST_S * RATE_HZ)
    if last <= first:  # so short a take leaves half of itself
        last = (first + end) // 2
    likeness = np.mean([_likeness(take, end, fade, first, last) for take in takes], axis=0)
    at = int(np.argmax(likeness))
    return Loop(first + at, end, float(likeness[at]))


def _likeness(take: Array, end: int, fade: int, first: int, last: int) -> Array:
    """Correlate what comes before the end with what comes before each start from first to last."""
    before_end, before = take[end - fade : end], take[first - fade : last]
    products = correlate(before, before_end, "valid", "fft")
    total = np.concatenate([[0.0], np.cumsum(before**2)])
    powers = total[fade:] - total[:-fade]
    return np.asarray(products / np.sqrt(np.maximum(powers * (before_end**2).sum(), 1e-20)))


def close_loop(take: Array, loop: Loop) -> Array:
    """Make a take go round: its end turns into what comes before the loop's start.

    The level stays even however alike the two are: what correlates adds as amplitudes do, the rest
    as powers do.
    """
    fade = round(FADE_S * RATE_HZ)
    leaving, coming = take[loop.end - fade : loop.end], take[loop.start - fade : loop.start]
    rise = 0.5 - 0.5 * np.cos(np.pi * (np.arange(fade) + 0.5) / fade)
    norm = np.sqrt((leaving**2).sum() * (coming**2).sum())
    likeness = np.clip((leaving * coming).sum() / max(norm, 1e-20), 0.0, 1.0)
    level = np.sqrt(rise**2 + (1.0 - rise) ** 2 + 2.0 * rise * (1.0 - rise) * likeness)
    seam = (rise * coming + (1.0 - rise) * leaving) / level
    guard = take[loop.start : loop.start + GUARD_FRAMES]
    return np.concatenate([take[: loop.end - fade], seam, guard])
