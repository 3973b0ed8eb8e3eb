"""Training: the autoencoder learns the analysed corpus for so many minutes of one core."""

import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from synth.controls import TRANSIENT
from synth.training.batches import Batch, Batches
from synth.training.corpus import Note
from synth.training.features import Features
from synth.training.loss import CODE_NOISE, control_losses, total_loss
from synth.training.model import Autoencoder, read_between

RATE_START: Final = 2e-3
RATE_END: Final = 2e-5
WARM_UP_STEPS: Final = 100
WEIGHT_DECAY: Final = 1e-4
LARGEST_GRADIENT: Final = 5.0
CHECKPOINT_S: Final = 60.0
REPORT_STEPS: Final = 50
MEMORY: Final = 0.99
"""Reported losses remember this share of themselves each step."""

Report = Callable[[float, dict[str, float]], None]


class CheckpointError(ValueError):
    """A checkpoint cannot be gone on from; the message is one sentence for the user."""


@dataclass(frozen=True, kw_only=True)
class Statistics:
    """What is usual in a corpus.

    Attributes
    ----------
    scale
        Mean and standard deviation of loudness in dB.
    mean, spread
        Mean and standard deviation of each control, shape (N_CONTROLS,).
    """

    scale: tuple[float, float]
    mean: NDArray[np.float32]
    spread: NDArray[np.float32]


def statistics(features: list[Features]) -> Statistics:
    """Measure a corpus, silence left out of the loudness."""
    loudness_db = np.concatenate([f.loudness_db[::10].astype(np.float64) for f in features])
    loudness_db = loudness_db[loudness_db > -90]
    rows = np.vstack([f.rows(np.arange(0, len(f.note), 50)) for f in features[::3]])
    strikes = np.vstack([f.rows(np.zeros(1, np.int64)) for f in features])
    mean, spread = rows.mean(0), rows.std(0)
    mean[TRANSIENT] = strikes[:, TRANSIENT].mean(0)
    spread[TRANSIENT] = strikes[:, TRANSIENT].std(0)
    scale = float(loudness_db.mean()), float(loudness_db.std())
    return Statistics(scale=scale, mean=mean, spread=np.maximum(spread, 1e-3))


def train(
    notes: list[Note],
    features: list[Features],
    checkpoint: Path,
    *,
    minutes: float,
    seed: int,
    report: Report = lambda share, losses: None,
) -> Autoencoder:
    """Train until the time is spent, from the checkpoint on if there is one.

    Parameters
    ----------
    notes, features
        What to learn, in the same order.
    checkpoint
        File that keeps the state, written every minute and at the end, even when interrupted.
    minutes
        Processor time of one core, what the checkpoint has spent included.
    seed
        Of the initial weights and of the batches.
    report
        Told the share of the time that is spent and the losses.

    Raises
    ------
    CheckpointError
        When the checkpoint is damaged or of another model.
    """
    torch.set_num_threads(1)
    trainer = Trainer(statistics(features), seed)
    if checkpoint.exists():
        trainer.load(checkpoint)
    batches = Batches(notes, features, trainer.scale, seed + trainer.progress.steps)
    try:
        trainer.run(batches, minutes * 60, checkpoint, report)
    finally:
        trainer.save(checkpoint)
    return trainer.model


@dataclass
class Progress:
    """What has been spent and learned so far."""

    steps: int = 0
    spent_s: float = 0.0
    losses: dict[str, float] = field(default_factory=dict)


class Trainer:
    """A model, its optimiser and how far they have come."""

    def __init__(self, usual: Statistics, seed: int) -> None:
        torch.manual_seed(seed)
        self.scale = usual.scale
        self.progress = Progress()
        self.model = Autoencoder()
        self.model.decoder.mean.copy_(torch.from_numpy(usual.mean))
        self.model.decoder.spread.copy_(torch.from_numpy(usual.spread))
        self.optimiser = torch.optim.AdamW(
            self.model.parameters(), RATE_START, weight_decay=WEIGHT_DECAY
        )

    def run(self, batches: Batches, budget_s: float, checkpoint: Path, report: Report) -> None:
        """Learn from batches until the budget is spent."""
        progress, saved_s = self.progress, self.progress.spent_s
        while progress.spent_s < budget_s:
            began_s = time.thread_time()
            share = progress.spent_s / budget_s
            self._set_rate(learning_rate(share, progress.steps))
            self.learn(batches.draw())
            progress.spent_s += time.thread_time() - began_s
            if progress.steps % REPORT_STEPS == 0:
                report(share, progress.losses)
            if progress.spent_s > saved_s + CHECKPOINT_S:
                saved_s = progress.spent_s
                self.save(checkpoint)

    def learn(self, batch: Batch) -> None:
        """Take one step."""
        codes = self.model.encoder(batch.heard, batch.present)
        noisy = codes + CODE_NOISE * torch.randn_like(codes)
        inputs = torch.cat([read_between(noisy, batch.positions), batch.conditions], dim=2)
        losses = control_losses(self.model.decoder(inputs), batch)
        self.optimiser.zero_grad(set_to_none=True)
        total_loss(losses, codes).backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), LARGEST_GRADIENT)
        self.optimiser.step()
        self.progress.steps += 1
        self._remember({key: value.item() for key, value in losses.items()})

    def _remember(self, losses: dict[str, float]) -> None:
        kept = self.progress.losses
        for key, value in losses.items():
            kept[key] = MEMORY * kept.get(key, value) + (1 - MEMORY) * value

    def _set_rate(self, rate: float) -> None:
        for group in self.optimiser.param_groups:
            group["lr"] = rate

    def save(self, path: Path) -> None:
        """Write the checkpoint: temporary file, then rename."""
        temporary = path.with_suffix(".partial")
        state = {
            "model": self.model.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "progress": asdict(self.progress),
        }
        torch.save(state, temporary)
        temporary.replace(path)

    def load(self, path: Path) -> None:
        """Read a checkpoint; nothing in it can run."""
        try:
            state = torch.load(path, weights_only=True)
            self.model.load_state_dict(state["model"])
            self.optimiser.load_state_dict(state["optimiser"])
            self.progress = Progress(**state["progress"])
        except Exception as error:
            raise CheckpointError(
                f"the checkpoint {path} is damaged or of another version; "
                "delete it or train without resuming"
            ) from error


def learning_rate(share: float, steps: int) -> float:
    """Warm up, then fall along a cosine as the time is spent."""
    cosine = 0.5 * (1 + math.cos(math.pi * min(share, 1.0)))
    return (RATE_END + (RATE_START - RATE_END) * cosine) * min(1.0, (steps + 1) / WARM_UP_STEPS)
