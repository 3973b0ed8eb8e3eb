"""Generation: drawing an exploration's candidates and rendering them in parallel."""

from collections.abc import Callable
from typing import Final

import joblib
import numpy as np

from calibration.exploration.archive import Archive
from calibration.exploration.candidate import Candidate
from calibration.exploration.palette import Palette
from calibration.exploration.pool import KINDS, Pool
from calibration.exploration.preview import preview
from calibration.exploration.sounding import foreseen
from calibration.exploration.spread import spread_order
from synth.training.staff import Staff, workers

POOL_RATIO: Final = 4
"""Candidates drawn for each that is wanted."""
SPARE_RATIO: Final = 1.5
"""Candidates put in order for each that is wanted, since guards leave some out."""
CHUNK: Final = 32
"""Candidates that are rendered between two writings; no more than these can be lost."""

Progress = Callable[[int, int], None]
"""Told how many sounds are kept, and how many are wanted."""


def drawn(palette: Palette, seed: int, count: int, note: float) -> list[Candidate]:
    """Draw candidates and put first those that differ most; equal arguments, equal order.

    Kinds take turns, so that mixes, which lie between all others, are not crowded out.
    """
    unique = {c.key: c for c in Pool(palette, seed).draw(POOL_RATIO * count)}
    pool = list(unique.values())
    marks = np.array([foreseen(palette, candidate, note) for candidate in pool])
    kinds = np.array([list(KINDS).index(candidate.kind) for candidate in pool])
    return [pool[place] for place in spread_order(marks, round(SPARE_RATIO * count), kinds)]


def render_waiting(archive: Archive, progress: Progress, staff: Staff) -> None:
    """Render candidates in their order until as many are kept as were wanted.

    Which ones those are depends on nothing but their order: not on the number of processes, nor on
    how often this was interrupted.
    """
    wanted, at = archive.settings.count, (archive.settings.note, archive.settings.space_sha256)
    waiting, n_kept = archive.waiting(), archive.n_kept()
    progress(n_kept, wanted)
    with workers(staff) as parallel:
        while waiting and n_kept < wanted:
            size = min(CHUNK, wanted - n_kept)
            chunk, waiting = waiting[:size], waiting[size:]
            jobs = (joblib.delayed(preview)(c, *at) for _, c in chunk)
            made = parallel(jobs)
            archive.keep((n, c, p) for (n, c), p in zip(chunk, made, strict=True))
            n_kept = archive.n_kept()
            progress(n_kept, wanted)
