"""Training: the autoencoder learns the analysed corpus, for so many minutes of one core."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import torch

from synth.controls import N_CONTROLS, decoder_inputs  # noqa: F401
from synth.encoder import CODE_RATE_HZ  # noqa: F401
from synth.training.batches import Batch, Batches
from synth.training.corpus import Note
from synth.training.features import Features
from synth.training.loss import CODE_NOISE, control_losses, total_loss
from synth.training.model import Autoencoder, read_between

RATE_START: Final = 2e-3
RATE_END: Final = 2e-5
WARM_UP_STEPS: Final = 100
CLIP: Final = 5.0
CHECKPOINT_S: Final = 60.0
REPORT_STEPS: Final = 100

Report = Callable[[float, dict[str, float]], None]


@dataclass
class Progress:
    """What has been spent and learned so far; kept in the checkpoint."""

    steps: int = 0
    spent_s: float = 0.0
    losses: dict[str, float] = field(default_factory=dict)


def statistics(features: list[Features]) -> tuple[tuple[float, float], np.ndarray, np.ndarray]:
    """Measure the corpus: mean and deviation of loudness, and of each control, each of shape (N_CONTROLS,)."""
    loudness = np.concatenate([f.loudness_db[::10].astype(np.float64) for f in features])
    loudness = loudness[loudness > -90]
    rows = np.vstack([f.rows(np.arange(0, len(f.note), 50)) for f in features[::3]])
    strikes = np.vstack([f.rows(np.zeros(1, np.int64)) for f in features])
    mean, spread = rows.mean(0), rows.std(0)
    mean[229:], spread[229:] = strikes[:, 229:].mean(0), strikes[:, 229:].std(0)
    return (float(loudness.mean()), float(loudness.std())), mean, np.maximum(spread, 1e-3)


def train(
    notes: list[Note],
    features: list[Features],
    checkpoint: Path,
    *,
    minutes: float,
    seed: int,
    resume: bool,
    report: Report = lambda share, losses: None,
) -> Autoencoder:
    """Train until the time is spent; a checkpoint every minute and when interrupted.

    With `resume`, go on from the checkpoint, if there is one.
    """
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    model, progress = Autoencoder(), Progress()
    scale, mean, spread = statistics(features)
    model.decoder.mean.copy_(torch.from_numpy(mean))
    model.decoder.spread.copy_(torch.from_numpy(spread))
    optimiser = torch.optim.AdamW(model.parameters(), RATE_START, weight_decay=1e-4)
    if resume and checkpoint.exists():
        progress = _load(checkpoint, model, optimiser)
    batches = Batches(notes, features, scale, seed + progress.steps)
    try:
        _loop(model, optimiser, batches, progress, minutes * 60, checkpoint, report)
    finally:
        _save(checkpoint, model, optimiser, progress)
    return model


def _loop(model, optimiser, batches, progress, budget_s, checkpoint, report):  # type: ignore
    running: dict[str, float] = {}
    saved_s = progress.spent_s
    while progress.spent_s < budget_s:
        began_s = time.thread_time()
        share = progress.spent_s / budget_s
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(share, progress.steps)
        losses = step(model, optimiser, batches.draw())
        for key, value in losses.items():
            running[key] = 0.99 * running.get(key, value) + 0.01 * value
        progress.steps += 1
        progress.losses = running
        progress.spent_s += time.thread_time() - began_s
        if progress.steps % REPORT_STEPS == 0:
            report(share, running)
        if progress.spent_s > saved_s + CHECKPOINT_S:
            saved_s = progress.spent_s
            _save(checkpoint, model, optimiser, progress)


def learning_rate(share: float, steps: int) -> float:
    """Warm up, then fall along a cosine as the time is spent."""
    cosine = 0.5 * (1 + math.cos(math.pi * min(share, 1.0)))
    return (RATE_END + (RATE_START - RATE_END) * cosine) * min(1.0, (steps + 1) / WARM_UP_STEPS)


def step(
    model: Autoencoder, optimiser: torch.optim.Optimizer, batch: Batch
) -> dict[str, float]:
    """Learn from one batch; tells its losses."""
    codes = model.encoder(batch.heard, batch.present)
    noisy = codes + CODE_NOISE * torch.randn_like(codes)
    inputs = torch.cat([read_between(noisy, batch.positions), batch.conditions], dim=2)
    losses = control_losses(model.decoder(inputs), batch)
    optimiser.zero_grad(set_to_none=True)
    total_loss(losses, codes).backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP)
    optimiser.step()
    return {key: value.item() for key, value in losses.items()}


def _save(path: Path, model: Autoencoder, optimiser: torch.optim.Optimizer, progress: Progress) -> None:
    temporary = path.with_suffix(".partial")
    state = {"model": model.state_dict(), "optimiser": optimiser.state_dict(), "progress": vars(progress)}
    torch.save(state, temporary)
    temporary.replace(path)


def _load(path: Path, model: Autoencoder, optimiser: torch.optim.Optimizer) -> Progress:
    state = torch.load(path, weights_only=True)
    model.load_state_dict(state["model"])
    optimiser.load_state_dict(state["optimiser"])
    return Progress(**state["progress"])
