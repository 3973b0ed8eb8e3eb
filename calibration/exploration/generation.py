"""Generation: drawing an exploration's candidates and rendering them in parallel."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import joblib
import numpy as np

from calibration.exploration.archive import Archive
from calibration.exploration.candidate import Candidate
from calibration.exploration.fingerprint import foreseen
from calibration.exploration.palette import Palette
from calibration.exploration.pool import KINDS, Pool
from calibration.exploration.preview import preview
from calibration.exploration.shelf import ExplorationError
from calibration.exploration.spread import spread_order

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


def render_waiting(
    archive: Archive, progress: Progress, *, n_jobs: int | None, scheduler: str | None
) -> None:
    """Render candidates in their order until as many are kept as were wanted.

    Which ones those are depends on nothing but their order: not on the number of processes, nor on
    how often this was interrupted.
    """
    wanted, at = archive.settings.count, (archive.settings.note, archive.settings.space_sha256)
    waiting, n_kept = archive.waiting(), archive.n_kept()
    progress(n_kept, wanted)
    with workers(n_jobs, scheduler) as parallel:
        while waiting and n_kept < wanted:
            size = min(CHUNK, wanted - n_kept)
            chunk, waiting = waiting[:size], waiting[size:]
            jobs = (joblib.delayed(preview)(c, *at) for _, c in chunk)
            made = parallel(jobs)
            archive.keep((n, c, p) for (n, c), p in zip(chunk, made, strict=True))
            n_kept = archive.n_kept()
            progress(n_kept, wanted)


@contextmanager
def workers(n_jobs: int | None, scheduler: str | None) -> Iterator[Any]:
    """Start processes here, or use those of a Dask scheduler."""
    if scheduler is None:
        with joblib.Parallel(n_jobs=n_jobs or joblib.cpu_count()) as parallel:
            yield parallel
        return
    with _dask_client(scheduler), joblib.parallel_config("dask"), joblib.Parallel() as parallel:
        yield parallel


def _dask_client(scheduler: str) -> Any:  # noqa: ANN401
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise ExplorationError(
            "--scheduler needs Dask's distributed, which is not installed; in the program's folder "
            "run: .venv/bin/pip install '.[cluster]'"
        ) from None
    try:
        return Client(scheduler, timeout="10s")
    except (OSError, ValueError, TimeoutError) as error:
        raise ExplorationError(
            f"no Dask scheduler answers at {scheduler} ({error}); start one with `dask scheduler`, or "
            "leave --scheduler out"
        ) from None
