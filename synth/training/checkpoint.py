"""The checkpoint of a training: all that going on needs, whole or not at all."""

import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch

from synth.training.recipe import Recipe
from synth.training.whole_file import whole


class CheckpointError(ValueError):
    """A checkpoint cannot be gone on from; the message is one sentence for the user."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """What a training is, so that no checkpoint of another is gone on from."""

    recipe: Recipe
    seed: int
    corpus: str
    """The names and the content of the notes that are learned, as a hash."""


@dataclass
class Progress:
    """How far a training has come: the number of its lesson, steps taken in it, recent losses."""

    lesson: int = 0
    steps: int = 0
    losses: dict[str, float] = field(default_factory=dict)


@dataclass(kw_only=True)
class Checkpoint:
    """The state of a training after a step."""

    task: Task
    progress: Progress
    model: dict[str, Any]
    optimiser: dict[str, Any]


def save_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint, and make sure that it is on the disk before it takes its name."""
    state = {
        "task": asdict(checkpoint.task),
        "progress": asdict(checkpoint.progress),
        "model": checkpoint.model,
        "optimiser": checkpoint.optimiser,
    }
    with whole(path) as file:
        torch.save(state, file)
        file.flush()
        os.fsync(file.fileno())


def load_checkpoint(path: Path, task: Task) -> Checkpoint | None:
    """Read the checkpoint of a training, if there is one; nothing in it can run.

    Raises
    ------
    CheckpointError
        When it is damaged, or of another training.
    """
    if not path.exists():
        return None
    try:
        state = torch.load(path, weights_only=True)
        kept = Task(**{**state["task"], "recipe": Recipe(**state["task"]["recipe"])})
        progress = Progress(**state["progress"])
        checkpoint = Checkpoint(
            task=kept, progress=progress, model=state["model"], optimiser=state["optimiser"]
        )
    except Exception as error:
        raise CheckpointError(
            f"the checkpoint {path} is damaged or of another version; "
            "delete it or train without resuming"
        ) from error
    if kept != task:
        raise CheckpointError(
            f"the checkpoint {path} is of another training ({_difference(kept, task)} differs); "
            "name another file, or delete it, or train without resuming"
        )
    return checkpoint


def _difference(kept: Task, task: Task) -> str:
    names = ("recipe", "seed", "corpus")
    return " and ".join(name for name in names if getattr(kept, name) != getattr(task, name))
