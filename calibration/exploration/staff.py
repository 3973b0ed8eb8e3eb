"""The staff: the processes that render, of this computer or of a cluster."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import joblib

from calibration.exploration.shelf import ExplorationError


@dataclass(frozen=True, kw_only=True)
class Staff:
    """Who renders.

    Attributes
    ----------
    n_jobs
        How many processes here; None for one for each processor.
    scheduler
        Address of a Dask scheduler whose workers are to do it in place of this computer.
    prepare
        Called once in each worker of a cluster before anything that sounds is imported there.
    """

    n_jobs: int | None = None
    scheduler: str | None = None
    prepare: Callable[[], object] | None = None


@contextmanager
def workers(staff: Staff) -> Iterator[Any]:
    """Start processes here, or use those of a Dask scheduler."""
    if staff.scheduler is None:
        with joblib.Parallel(n_jobs=staff.n_jobs or joblib.cpu_count()) as parallel:
            yield parallel
        return
    with _dask_client(staff.scheduler) as client:
        if staff.prepare:
            _prepare(client, staff.prepare)
        with joblib.parallel_config("dask"), joblib.Parallel() as parallel:
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


def _prepare(client: Any, prepare: Callable[[], object]) -> None:  # noqa: ANN401
    try:
        client.register_worker_callbacks(prepare)
    except (ImportError, RuntimeError) as error:
        raise ExplorationError(
            f"the Dask workers are not ready ({error}); install this program there, and start them anew"
        ) from None
