"""The second lesson: the student learns from the teacher, also where no note of the corpus is."""

from dataclasses import replace
from typing import Final

import torch
from torch import Tensor, nn

from synth.training.batches import Batch
from synth.training.loss import control_losses, weighted
from synth.training.model import Autoencoder, read_between
from synth.training.teach import Losses, mix_with_mates
from synth.training.together import World

TAUGHT_SHARE: Final = 0.5
FAR_SHARE: Final = 0.4
MIXED_SHARE: Final = 0.6
FAR: Final = slice(None, None, 2)
MIXED: Final = slice(None, None, 2)
"""Frames of each crop at other pitches and loudnesses, and at mixed codes."""


class Distilling(nn.Module):
    """The student learns; encoder and teacher stay as they are.

    At the codes it learns from the corpus and from the teacher; at the same codes under other
    pitches and loudnesses from the teacher; between codes and beyond them, from what the teacher
    says of both ends, blended in dB.
    """

    def __init__(self, model: Autoencoder, world: World) -> None:
        super().__init__()
        model.requires_grad_(requires_grad=False)
        model.student.requires_grad_(requires_grad=True)
        self.model, self.world = model, world

    def forward(self, batch: Batch) -> tuple[Tensor, Losses]:
        """Give what is to be made small, and what to report."""
        model = self.model
        with torch.no_grad():
            codes = model.encoder(batch.heard, batch.present)
            at = read_between(codes + batch.noise, batch.positions)
            inputs = torch.cat([at, batch.conditions], dim=2)
            far = torch.cat([at, batch.far_conditions], dim=2)[:, FAR]
            shown, shown_far = model.teacher(inputs), model.teacher(far)
            mixed, blended = mix_with_mates(
                model.teacher, at[:, MIXED], batch.conditions[:, MIXED], batch.mix[:, MIXED], model
            )
        said, said_far = model.student(inputs), model.student(far)
        said_mixed = model.student(torch.cat([mixed, batch.conditions[:, MIXED]], dim=2))
        there = replace(batch.frames.some(FAR), f0_hz=batch.far_f0_hz[:, FAR])
        frames, world = batch.frames, self.world
        true = control_losses(said, batch.targets, frames, world)
        taught = control_losses(said, shown, frames, world)
        elsewhere = control_losses(said_far, shown_far, there, world)
        between = control_losses(said_mixed, blended, frames.some(MIXED), world)
        total = (
            weighted(true)
            + TAUGHT_SHARE * weighted(taught)
            + FAR_SHARE * weighted(elsewhere)
            + MIXED_SHARE * weighted(between)
        )
        reported = {"student": true, "taught": taught, "far": elsewhere, "mixed": between}
        return total, {f"{key}_db": losses["bands_db"] for key, losses in reported.items()}
