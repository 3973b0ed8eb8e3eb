"""The staff: the processes that do long work, of this computer or of a cluster."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import joblib

from synth.training.extras import how_to_install

ANSWER_S: Final = 10.0
"""A scheduler that takes longer is not there."""


class StaffError(RuntimeError):
    """The processes that should do the work cannot; the message is one sentence for the user."""


@dataclass(frozen=True, kw_only=True)
class Staff:
    """Who does the work.

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
def workers(staff: Staff, **how: Any) -> Iterator[Any]:  # noqa: ANN401
    """Start processes here, or use those of a Dask scheduler.

    Parameters
    ----------
    staff
        Who they are.
    how
        Further arguments of `joblib.Parallel`.

    Raises
    ------
    StaffError
        When the scheduler does not answer, or its workers are not ready.
    """
    if staff.scheduler is None:
        with joblib.Parallel(n_jobs=staff.n_jobs or joblib.cpu_count(), **how) as parallel:
            yield parallel
        return
    with _dask_client(staff.scheduler) as client:
        if staff.prepare:
            _prepare(client, staff.prepare)
        with joblib.parallel_config("dask"), joblib.Parallel(**how) as parallel:
            yield parallel


def _dask_client(scheduler: str) -> Any:  # noqa: ANN401
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise StaffError(
            "--scheduler needs Dask's distributed, which is not installed; "
            + how_to_install("cluster")
        ) from None
    try:
        return Client(scheduler, timeout=ANSWER_S)
    except (OSError, ValueError, TimeoutError) as error:
        raise StaffError(
            f"no Dask scheduler answers at {scheduler} ({error}); start one with `dask scheduler`, or "
            "leave --scheduler out"
        ) from None


def _prepare(client: Any, prepare: Callable[[], object]) -> None:  # noqa: ANN401
    try:
        client.register_worker_callbacks(prepare)
    except (ImportError, RuntimeError) as error:
        raise StaffError(
            f"the Dask workers are not ready ({error}); install this program there, and start them anew"
        ) from None
