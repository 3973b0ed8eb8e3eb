"""The last lesson: the student sounds, and learns to sound like the recordings."""

from typing import Final

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from synth.training.distil import Distilling
from synth.training.model import Autoencoder, read_between
from synth.training.recordings import N_SAMPLES, Listening
from synth.training.sound import sound
from synth.training.spectra import spectral_errors
from synth.training.teach import Losses
from synth.training.together import World

LESSON_SHARE: Final = 0.25
FAINT_DB: Final = 60.0
"""Crops that lie so far below their note's loudest count nothing."""
LEAD: Final = 1024
"""Silence before a strike, that half of the longest window may look at."""


class Polishing(nn.Module):
    """The student learns by ear, and keeps up what it has learned."""

    def __init__(self, model: Autoencoder, world: World) -> None:
        super().__init__()
        self.distilling, self.world = Distilling(model, world), world

    def forward(self, listening: Listening) -> tuple[Tensor, Losses]:
        """Give what is to be made small, and what to report."""
        model, crops = self.distilling.model, listening.crops
        with torch.no_grad():
            at = read_between(model.encoder(crops.heard, crops.present), crops.positions)
        controls = model.student(torch.cat([at, crops.conditions], dim=2))
        controls = controls.clamp(model.low, model.high)
        heard = sound(controls, listening.course, listening.white, N_SAMPLES)
        lead = (LEAD if bool(listening.course.strikes.any()) else 0, 0)
        errors = spectral_errors(pad(heard, lead), pad(listening.recorded, lead))
        weights = (1 - crops.frames.headroom_db.mean(1) / FAINT_DB).clamp(0, 1)
        spectra = (
            self.world.size * (errors * weights).sum() / (self.world.total(weights.sum()) + 1e-6)
        )
        kept, reported = self.distilling(listening.lesson)
        return spectra + LESSON_SHARE * kept, {"spectra_db": spectra} | reported
