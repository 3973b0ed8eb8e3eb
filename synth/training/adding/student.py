"""A space's decoder as a network that can learn, and how far apart two of its answers sound."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import leaky_relu, smooth_l1_loss

from synth.audibility import AUDIBLE_DB, INAUDIBLE_DB
from synth.controls import (
    CENTS_PER_STRETCH,
    LEAK,
    N_STRETCHES,
    NOISE,
    PARTIALS,
    STRETCH,
    TRANSIENT,
)
from synth.space import Space
from synth.training.crowding import crowding

KNEE_DB: Final = 1.0
NOISE_SHARE: Final = 0.6
CENTS_TO_DB: Final = 0.05
STRIKE_SHARE: Final = 0.2


class Student(nn.Module):
    """The decoder of a space: rows of `synth.controls.decoder_inputs` to controls, not clamped."""

    def __init__(self, weights: Sequence[Tensor], biases: Sequence[Tensor]) -> None:
        super().__init__()
        self.weights = nn.ParameterList(weights)
        self.biases = nn.ParameterList(biases)

    @classmethod
    def of(cls, space: Space) -> "Student":
        """Copy the decoder of a space."""
        layers = ([torch.tensor(one) for one in kind] for kind in (space.weights, space.biases))
        return cls(*layers)

    def forward(self, inputs: Tensor) -> Tensor:
        """Decode rows, shape (..., N_DECODER_INPUTS) to (..., N_CONTROLS)."""
        hidden = inputs
        last = len(self.weights) - 1
        for layer, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            hidden = nn.functional.linear(hidden, weight, bias)
            hidden = hidden if layer == last else leaky_relu(hidden, LEAK)
        return hidden

    @property
    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """The layers under their names in a space."""
        named = {f"decoder.weight.{i}": one for i, one in enumerate(self.weights)}
        named |= {f"decoder.bias.{i}": one for i, one in enumerate(self.biases)}
        return {name: one.detach().numpy().copy() for name, one in named.items()}


def audible(said: Tensor, meant: Tensor, f0_hz: Tensor) -> Tensor:
    """Weigh levels by how well they are heard, shape (n, N_PARTIALS + N_NOISE_BANDS).

    Fully at 50 dB below the frame's loudness, not at all at 90 dB below; partials that crowd
    within one auditory band share its weight.
    """
    levels = slice(PARTIALS.start, NOISE.stop)
    louder = torch.maximum(said.detach(), meant)[..., levels]
    weight = ((louder - INAUDIBLE_DB) / (AUDIBLE_DB - INAUDIBLE_DB)).clamp(0, 1)
    noise = torch.full_like(weight[..., NOISE], NOISE_SHARE)
    return weight * torch.cat([crowding(f0_hz), noise], dim=-1)


def difference_db(said: Tensor, meant: Tensor, f0_hz: Tensor) -> Tensor:
    """Average how far levels lie apart in each frame, by how well they are heard, shape (n,)."""
    weight = audible(said, meant, f0_hz)
    apart = (said - meant)[..., PARTIALS.start : NOISE.stop].abs()
    return (weight * apart).sum(-1) / (weight.sum(-1) + 1e-6)


def control_loss(said: Tensor, meant: Tensor, f0_hz: Tensor, struck: Tensor) -> Tensor:
    """Measure how far controls are from those that are meant, each frame in about dB, shape (n,)."""
    weight = audible(said, meant, f0_hz)
    levels = slice(PARTIALS.start, NOISE.stop)
    error = smooth_l1_loss(said[..., levels], meant[..., levels], reduction="none", beta=KNEE_DB)
    level = (weight * error).sum(-1) / (weight.sum(-1) + 1e-6)
    cents = CENTS_PER_STRETCH * (said - meant)[..., STRETCH].abs()
    heard = weight[..., :N_STRETCHES]
    bent = (heard * cents).sum(-1) / (heard.sum(-1) + 1e-6)
    strike = smooth_l1_loss(
        said[..., TRANSIENT], meant[..., TRANSIENT], reduction="none", beta=KNEE_DB
    ).mean(-1)
    return level + CENTS_TO_DB * bent + STRIKE_SHARE * strike * struck
