"""Several processes that train one model: how they split a batch and add what each has found."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import torch.distributed as dist
from torch import Tensor

from synth.training.staff import StaffError

PATIENCE: Final = timedelta(days=2)
"""How long processes wait for the one that renders and analyses the corpus."""


@dataclass(frozen=True, kw_only=True)
class World:
    """One process among all that train.

    Attributes
    ----------
    rank, size
        Its number and how many there are.
    local_rank
        Its number among those of its machine.
    """

    rank: int = 0
    size: int = 1
    local_rank: int = 0

    @property
    def leads(self) -> bool:
        """Whether this process reports, writes and evaluates."""
        return self.rank == 0

    def total(self, value: Tensor) -> Tensor:
        """Add a number over all processes; without gradient."""
        value = value.detach().clone()
        if self.size > 1:
            dist.all_reduce(value)
        return value

    def from_leader(self, value: Any) -> Any:  # noqa: ANN401
        """Give every process what the leading one has."""
        if self.size == 1:
            return value
        carried = [value]
        dist.broadcast_object_list(carried, src=0)
        return carried[0]

    def wait(self) -> None:
        """Wait until every process has come this far."""
        if self.size > 1:
            dist.barrier()


@contextmanager
def joined_world(most: int) -> Iterator[World]:
    """Join the processes that torchrun has started, or be alone.

    Raises
    ------
    StaffError
        When there are more of them than have something to do.
    """
    size = int(os.environ.get("WORLD_SIZE", "1"))
    if size > most:
        raise StaffError(f"{size} processes are too many to share a training; start {most} at most")
    if size == 1:
        yield World()
        return
    dist.init_process_group("gloo", timeout=PATIENCE)
    try:
        yield World(
            rank=dist.get_rank(), size=size, local_rank=int(os.environ.get("LOCAL_RANK", "0"))
        )
    finally:
        dist.destroy_process_group()


def leads() -> bool:
    """Tell whether this process is the leading one, or alone."""
    return os.environ.get("RANK", "0") == "0"
