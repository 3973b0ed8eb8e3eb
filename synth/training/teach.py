"""The first lesson: encoder and decoders learn the corpus, and learn to move evenly between codes."""

from typing import Final

import torch
from torch import Tensor, nn

from synth.training.batches import Batch
from synth.training.loss import code_loss, control_losses, weighted
from synth.training.model import Autoencoder, Decoder, read_between
from synth.training.together import World

STUDENT_SHARE: Final = 0.5
EVENNESS_SHARE: Final = 0.3
MIXED: Final = slice(None, None, 4)
"""Frames of each crop whose codes are mixed."""

Losses = dict[str, Tensor]


class Teaching(nn.Module):
    """Encoder, teacher and student learn together, so that the codes suit both decoders."""

    def __init__(self, model: Autoencoder, world: World) -> None:
        super().__init__()
        model.requires_grad_(requires_grad=True)
        self.model, self.world = model, world

    def forward(self, batch: Batch) -> tuple[Tensor, Losses]:
        """Give what is to be made small, and what to report."""
        codes = self.model.encoder(batch.heard, batch.present)
        at = read_between(codes + batch.noise, batch.positions)
        inputs = torch.cat([at, batch.conditions], dim=2)
        taught = control_losses(self.model.teacher(inputs), batch.targets, batch.frames, self.world)
        said = self.model.student(inputs)
        learned = control_losses(said, batch.targets, batch.frames, self.world)
        uneven = self._unevenness(at, batch)
        total = (
            weighted(taught)
            + STUDENT_SHARE * weighted(learned)
            + EVENNESS_SHARE * uneven
            + code_loss(codes, self.world)
        )
        reported = {"bands_db": taught["bands_db"], "student_db": learned["bands_db"]}
        return total, reported | {"uneven": uneven}

    def _unevenness(self, at: Tensor, batch: Batch) -> Tensor:
        """Measure how far mixed codes are from sounding like mixed controls."""
        at, conditions = at[:, MIXED], batch.conditions[:, MIXED]
        mixed, blended = mix_with_mates(
            self.model.student, at, conditions, batch.mix[:, MIXED], self.model
        )
        said = self.model.student(torch.cat([mixed, conditions], dim=2))
        return weighted(control_losses(said, blended, batch.frames.some(MIXED), self.world))


def mix_with_mates(
    decoder: Decoder, at: Tensor, conditions: Tensor, mix: Tensor, model: Autoencoder
) -> tuple[Tensor, Tensor]:
    """Mix codes with those of their mates, and what a decoder makes of each, in dB.

    Parameters
    ----------
    decoder
        Says what the unmixed codes sound like.
    at, conditions
        Codes and conditions, shapes (n_crops, n_frames, CODE_SIZE) and (n_crops, n_frames, 10).
    mix
        How far to go towards the mate, beyond it above 1, shape (n_crops, n_frames).
    model
        Bounds what lies beyond.

    Returns
    -------
    tuple
        Mixed codes, and what they should sound like, shape (n_crops, n_frames, N_CONTROLS).
    """
    mates = at.reshape(-1, 2, *at.shape[1:]).flip(1).flatten(0, 1)
    own = decoder(torch.cat([at, conditions], dim=2))
    theirs = decoder(torch.cat([mates, conditions], dim=2))
    blended = own + mix[..., None] * (theirs - own)
    return at + mix[..., None] * (mates - at), blended.clamp(model.low, model.high)
