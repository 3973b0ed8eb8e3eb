"""Training: three lessons, step by step, kept in a checkpoint and gone on with from there."""

import math
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from synth.training.batches import Batches
from synth.training.checkpoint import (
    Checkpoint,
    Progress,
    Task,
    load_checkpoint,
    save_checkpoint,
)
from synth.training.distil import Distilling
from synth.training.model import Autoencoder
from synth.training.pack import Pack
from synth.training.polish import Polishing
from synth.training.recordings import N_CROPS, Recordings
from synth.training.statistics import Statistics, statistics
from synth.training.teach import Teaching
from synth.training.together import World

RATES: Final = {"teach": (2e-3, 2e-5), "distil": (1e-3, 1e-5), "polish": (2e-4, 1e-5)}
"""Learning rate at the beginning and at the end of each lesson."""
CROPS: Final = {"teach": 16, "distil": 16, "polish": 16}
"""Crops to a batch of controls; twice as many teach a little less in the same time."""
MOST_PROCESSES: Final = min(N_CROPS, min(CROPS.values()) // 2)
"""More would find no crop in a batch, or no pair of crops."""
LESSONS: Final = {"teach": Teaching, "distil": Distilling, "polish": Polishing}
WARM_UP_STEPS: Final = 100
WEIGHT_DECAY: Final = 1e-4
LARGEST_GRADIENT: Final = 5.0
CHECKPOINT_S: Final = 60.0
REPORT_STEPS: Final = 20
MEMORY: Final = 0.99
"""Reported losses remember this share of themselves each step."""

Report = Callable[[str, float, dict[str, float]], None]
"""Told a lesson's name, the share of its steps that is done, and recent losses."""


def train(
    pack: Pack,
    checkpoint: Path,
    task: Task,
    *,
    world: World | None = None,
    report: Report = lambda lesson, share, losses: None,
) -> Autoencoder:
    """Train to the end of the recipe, from the checkpoint on if there is one.

    Parameters
    ----------
    pack
        What to learn.
    checkpoint
        File that keeps the state, written every minute and at the end, even when interrupted.
    task
        Recipe, seed and corpus: the same task gives the same networks, interrupted or not.
    world
        The processes that share the work.
    report
        Told about progress.

    Raises
    ------
    CheckpointError
        When the checkpoint is damaged or of another training.
    """
    trainer = Trainer(pack, task, checkpoint, world or World())
    trainer.resume()
    for name in list(LESSONS)[trainer.progress.lesson :]:
        trainer.take(name, report)
    return trainer.model


@dataclass(frozen=True, kw_only=True)
class Sitting:
    """A lesson that is being taken: the networks under its loss, and what draws its batches."""

    name: str
    n_steps: int
    lesson: nn.Module
    draw: Callable[[int], Any]
    optimiser: torch.optim.Optimizer


class Trainer:
    """A model and how far it has come."""

    def __init__(self, pack: Pack, task: Task, checkpoint: Path, world: World) -> None:
        torch.manual_seed(task.seed)
        self.pack, self.usual, self.task = pack, statistics(pack), task
        self.checkpoint, self.world = checkpoint, world
        self.model, self.progress = new_model(self.usual), Progress()
        self.optimiser_state: dict[str, Any] = {}

    def resume(self) -> None:
        """Go on from the checkpoint, if there is one."""
        kept = self.world.from_leader(
            load_checkpoint(self.checkpoint, self.task) if self.world.leads else None
        )
        if kept is not None:
            self.model.load_state_dict(kept.model)
            self.progress, self.optimiser_state = kept.progress, kept.optimiser

    def take(self, name: str, report: Report) -> None:
        """Take a lesson from where it was left to its end."""
        sitting = self._sit_down(name)
        try:
            self._go_through(sitting, report)
        except KeyboardInterrupt:
            self._save(sitting.optimiser.state_dict())
            raise
        report(name, 1.0, self.progress.losses)
        self.optimiser_state = {}
        self.progress = Progress(lesson=self.progress.lesson + 1)
        self._save({})

    def _sit_down(self, name: str) -> Sitting:
        number = list(LESSONS).index(name)
        seed = self.task.seed * len(LESSONS) + number
        batches = Batches(self.pack, self.usual.scale, seed, n_crops=CROPS[name], world=self.world)
        draw: Callable[[int], Any] = batches.draw
        n_steps = self.task.recipe.steps[name]
        if name == "polish":
            recordings = Recordings(batches, seed, self.world)
            draw, n_steps = recordings.draw, n_steps if len(recordings) else 0
        lesson: nn.Module = LESSONS[name](self.model, self.world)
        learning = [one for one in lesson.parameters() if one.requires_grad]
        optimiser = torch.optim.AdamW(learning, RATES[name][0], weight_decay=WEIGHT_DECAY)
        if self.optimiser_state:
            optimiser.load_state_dict(self.optimiser_state)
        return Sitting(
            name=name,
            n_steps=n_steps,
            lesson=DistributedDataParallel(lesson) if self.world.size > 1 else lesson,
            draw=draw,
            optimiser=optimiser,
        )

    def _go_through(self, sitting: Sitting, report: Report) -> None:
        saved_s = time.monotonic()
        for batch in prefetched(sitting.draw, self.progress.steps, sitting.n_steps):
            with held_interrupts():
                self._learn(sitting, batch)
            if self.progress.steps % REPORT_STEPS == 0:
                report(sitting.name, self.progress.steps / sitting.n_steps, self.progress.losses)
            if time.monotonic() > saved_s + CHECKPOINT_S:
                self._save(sitting.optimiser.state_dict())
                saved_s = time.monotonic()

    def _learn(self, sitting: Sitting, batch: Any) -> None:  # noqa: ANN401
        """Take one step."""
        rate = learning_rate(RATES[sitting.name], self.progress.steps, sitting.n_steps)
        for group in sitting.optimiser.param_groups:
            group["lr"] = rate
        total, losses = sitting.lesson(batch)
        sitting.optimiser.zero_grad(set_to_none=True)
        total.backward()
        learning = sitting.optimiser.param_groups[0]["params"]
        torch.nn.utils.clip_grad_norm_(learning, LARGEST_GRADIENT)
        sitting.optimiser.step()
        self.progress.steps += 1
        self._remember(losses)

    def _remember(self, losses: dict[str, Tensor]) -> None:
        """Keep running averages of the losses over all processes."""
        values = self.world.total(torch.stack(list(losses.values()))) / self.world.size
        kept = self.progress.losses
        for key, value in zip(losses, values.tolist(), strict=True):
            kept[key] = MEMORY * kept.get(key, value) + (1 - MEMORY) * value

    def _save(self, optimiser: dict[str, Any]) -> None:
        if self.world.leads:
            state = Checkpoint(
                task=self.task,
                progress=self.progress,
                model=self.model.state_dict(),
                optimiser=optimiser,
            )
            save_checkpoint(self.checkpoint, state)


def new_model(usual: Statistics) -> Autoencoder:
    """Make networks that know what is usual, and nothing else."""
    model = Autoencoder()
    for decoder in (model.teacher, model.student):
        decoder.mean.copy_(torch.from_numpy(usual.mean))
        decoder.spread.copy_(torch.from_numpy(usual.spread))
    model.low.copy_(torch.from_numpy(usual.low))
    model.high.copy_(torch.from_numpy(usual.high))
    return model


def learning_rate(rates: tuple[float, float], step: int, n_steps: int) -> float:
    """Warm up, then fall along a cosine over a lesson's steps."""
    cosine = 0.5 * (1 + math.cos(math.pi * step / n_steps))
    return (rates[1] + (rates[0] - rates[1]) * cosine) * min(1.0, (step + 1) / WARM_UP_STEPS)


def prefetched(draw: Callable[[int], Any], start: int, end: int) -> Iterator[Any]:
    """Draw each step's batch in a thread of its own, while the one before is learned from."""
    with ThreadPoolExecutor(1) as thread:
        following = thread.submit(draw, start) if start < end else None
        for step in range(start + 1, end + 1):
            assert following is not None
            batch = following.result()
            if step < end:
                following = thread.submit(draw, step)
            yield batch


@contextmanager
def held_interrupts() -> Iterator[None]:
    """Let Ctrl-C wait until what is within is done, so that no step is taken by half."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    pressed: list[int] = []
    usual = signal.signal(signal.SIGINT, lambda number, frame: pressed.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)
    if pressed:
        raise KeyboardInterrupt
