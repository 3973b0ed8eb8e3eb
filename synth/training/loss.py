"""Control loss: how far decoded controls are from measured ones, weighted by what is audible."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor
from torch.nn.functional import smooth_l1_loss

from synth.audibility import AUDIBLE_DB, INAUDIBLE_DB
from synth.controls import (
    CENTS_PER_STRETCH,
    N_NOISE_BANDS,
    N_PARTIALS,
    N_STRETCHES,
    N_TRANSIENT_BANDS,
    ORDERS,
    TRANSIENT_CENTRES_HZ,
    noise_edges_hz,
)
from synth.training.bands import mel_errors_db
from synth.training.crowding import crowding
from synth.training.together import World

KNEE_DB: Final = 2.0
SIZES: Final = [N_PARTIALS, N_NOISE_BANDS, N_STRETCHES, N_TRANSIENT_BANDS]
"""Controls of each kind, in their order."""
SHARES: Final = {
    "bands_db": 1.0,
    "partials_db": 0.5,
    "noise_db": 0.3,
    "stretch_cents": 0.05,
    "strike_db": 0.05,
}
SMOOTHNESS_SHARE: Final = 0.03
SIZE_SHARE: Final = 0.1


@dataclass(frozen=True, kw_only=True)
class Frames:
    """What is known of the frames that are compared.

    Attributes
    ----------
    weights, f0_hz, headroom_db, strikes, top_hz
        How much each frame matters, its pitch, how far its loudness lies below the note's loudest,
        1 where it is a strike's own (only the first of each crop's frames may be), and above which
        frequency the recording tells nothing, shape (n_crops, n_frames).
    """

    weights: Tensor
    f0_hz: Tensor
    headroom_db: Tensor
    strikes: Tensor
    top_hz: Tensor

    def some(self, which: slice) -> "Frames":
        """Take some of each crop's frames."""
        return Frames(**{key: value[:, which] for key, value in vars(self).items()})


def control_losses(
    decoded: Tensor, target: Tensor, frames: Frames, world: World
) -> dict[str, Tensor]:
    """Measure each kind of control in its own unit: dB, dB, dB, cents, dB.

    A level counts by how loud it is or would be: fully at 50 dB below the frame's loudness, not at
    all at 90 dB below. Partials that crowd within one auditory band share its weight. Averages are
    over the frames of all processes.
    """
    wanted = torch.split(target, SIZES, dim=2)
    said = _as_far_as_told(torch.split(decoded, SIZES, dim=2), wanted, frames)
    frame = frames.weights[..., None]
    partial_db, partial = _level_errors(said[0], wanted[0])
    partial = partial * crowding(frames.f0_hz) * frame
    noise_db, noise = _level_errors(said[1], wanted[1])
    cents = CENTS_PER_STRETCH * (said[2] - wanted[2])
    bent = smooth_l1_loss(cents, torch.zeros_like(cents), reduction="none", beta=5.0)
    strike_db, strike = _level_errors(said[3][:, :1], wanted[3][:, :1])
    bands_db, counts = mel_errors_db(said, wanted, frames.f0_hz, frames.headroom_db)
    errors = {
        "bands_db": (bands_db, counts.expand_as(bands_db)),
        "partials_db": (partial_db, partial),
        "noise_db": (noise_db, noise * frame),
        "stretch_cents": (bent, partial[..., :N_STRETCHES]),
        "strike_db": (strike_db, strike * frames.strikes[:, :1, None]),
    }
    return _means(errors, world)


def _level_errors(said: Tensor, wanted: Tensor) -> tuple[Tensor, Tensor]:
    """Compare levels: how far they are apart in dB, and how audible the louder one is."""
    error_db = smooth_l1_loss(said, wanted, reduction="none", beta=KNEE_DB)
    louder = torch.maximum(wanted, said.detach())
    return error_db, ((louder - INAUDIBLE_DB) / (AUDIBLE_DB - INAUDIBLE_DB)).clamp(0, 1)


def _as_far_as_told(
    said: Sequence[Tensor], wanted: Sequence[Tensor], frames: Frames
) -> Sequence[Tensor]:
    """Put what is wanted in place of what was said where the recordings tell nothing.

    What lies above the top of a recording is neither silent nor loud, so it must teach nothing.
    """
    if bool(frames.top_hz.isinf().all()):
        return said
    top_hz = frames.top_hz[..., None]
    orders = torch.tensor(ORDERS, dtype=torch.float32)
    noise_hz, strike_hz = (
        torch.tensor(hz, dtype=torch.float32)
        for hz in (noise_edges_hz()[1:], TRANSIENT_CENTRES_HZ * 2.0**0.5)
    )
    partial_hz = frames.f0_hz[..., None] * orders
    limits = (partial_hz, noise_hz, partial_hz[..., :N_STRETCHES], strike_hz)
    return [
        torch.where(hz <= top_hz, one, other)
        for hz, one, other in zip(limits, said, wanted, strict=True)
    ]


def _means(errors: dict[str, tuple[Tensor, Tensor]], world: World) -> dict[str, Tensor]:
    """Average errors by their weights over all processes.

    Each process gets its own part of the sum, times the number of processes, so that the average of
    their gradients is the gradient of the whole.
    """
    weights = world.total(torch.stack([weight.sum() for _, weight in errors.values()]))
    return {
        key: world.size * (error * weight).sum() / (total + 1e-6)
        for (key, (error, weight)), total in zip(errors.items(), weights, strict=True)
    }


def weighted(losses: dict[str, Tensor]) -> Tensor:
    """Add the losses of controls, each by its share."""
    return torch.stack([SHARES[key] * value for key, value in losses.items()]).sum()


def code_loss(codes: Tensor, world: World) -> Tensor:
    """Keep codes about one in size and slow, shape (n_crops, n_codes, CODE_SIZE)."""
    n_crops = float(world.total(torch.tensor(float(len(codes)))))
    share = world.size / n_crops
    mean_square = (codes**2).mean(1).sum(0) / n_crops
    others = world.total(mean_square) - mean_square.detach()
    size = (mean_square + others - 1).clamp(min=0).mean() * world.size
    slow = ((codes[:, 1:] - codes[:, :-1]) ** 2).mean((1, 2)).sum() * share
    return SIZE_SHARE * size + SMOOTHNESS_SHARE * slow
