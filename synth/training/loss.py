"""Control loss: how far decoded controls are from measured ones, weighted by what is audible."""

from typing import Final

import torch
from torch import Tensor
from torch.nn.functional import smooth_l1_loss

from synth.controls import N_STRETCHES, NOISE, ORDERS, PARTIALS, STRETCH, TRANSIENT
from synth.training.batches import Batch

INAUDIBLE_DB: Final = -90.0
AUDIBLE_DB: Final = -50.0
KNEE_DB: Final = 2.0
CENTS_PER_STRETCH: Final = 1731.0
NOISE_SHARE: Final = 0.6
STRETCH_SHARE: Final = 0.05
STRIKE_SHARE: Final = 0.05
CODE_NOISE: Final = 0.1
SMOOTHNESS_SHARE: Final = 0.03
SIZE_SHARE: Final = 0.1


def control_losses(decoded: Tensor, batch: Batch) -> dict[str, Tensor]:
    """Measure each kind of control in its own unit: dB, dB, cents, dB.

    A level counts by how loud it is or would be: fully at 50 dB below the frame's loudness, not at
    all at 90 dB below. Partials that crowd within one auditory band share its weight.
    """
    target = batch.targets
    error_db = smooth_l1_loss(decoded, target, reduction="none", beta=KNEE_DB)
    louder = torch.maximum(target, decoded.detach())
    audible = ((louder - INAUDIBLE_DB) / (AUDIBLE_DB - INAUDIBLE_DB)).clamp(0, 1)
    frame = batch.frame_weights[..., None]
    spread = _spread(batch.f0_hz)
    partial = audible[..., PARTIALS] * spread * frame
    cents = CENTS_PER_STRETCH * (decoded[..., STRETCH] - target[..., STRETCH])
    bent = smooth_l1_loss(cents, torch.zeros_like(cents), reduction="none", beta=5.0)
    strike = audible[..., TRANSIENT] * batch.strikes[..., None]
    return {
        "partials_db": _mean(error_db[..., PARTIALS], partial),
        "noise_db": _mean(error_db[..., NOISE], audible[..., NOISE] * frame),
        "stretch_cents": _mean(bent, partial[..., :N_STRETCHES]),
        "strike_db": _mean(error_db[..., TRANSIENT], strike),
    }


def total_loss(losses: dict[str, Tensor], codes: Tensor) -> Tensor:
    """Add the losses, and keep codes about one in size and slow."""
    size = ((codes**2).mean((0, 1)) - 1).clamp(min=0).mean()
    slow = ((codes[:, 1:] - codes[:, :-1]) ** 2).mean()
    return (
        losses["partials_db"]
        + NOISE_SHARE * losses["noise_db"]
        + STRETCH_SHARE * losses["stretch_cents"]
        + STRIKE_SHARE * losses["strike_db"]
        + SIZE_SHARE * size
        + SMOOTHNESS_SHARE * slow
    )


def _spread(f0_hz: Tensor) -> Tensor:
    """Spacing of partials in auditory bands, at most 1, shape (..., N_PARTIALS)."""
    orders = torch.tensor(ORDERS, dtype=torch.float32)
    band_hz = 24.7 * (0.00437 * f0_hz[..., None] * orders + 1)
    return (f0_hz[..., None] / band_hz).clamp(max=1)


def _mean(error: Tensor, weight: Tensor) -> Tensor:
    return (error * weight).sum() / (weight.sum() + 1e-6)
