"""The autoencoder: an encoder that hears a note both ways in time, a decoder that sees one frame."""

from itertools import pairwise
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn.functional import silu

from synth.controls import CODE_SIZE, LEAK, N_CONTROLS, N_DECODER_INPUTS
from synth.encoder import N_INPUTS, POOL

ENCODER_WIDTH: Final = 128
ENCODER_LAYERS: Final = 2
N_TAPS: Final = 5
DECODER_WIDTH: Final = 192
DECODER_LAYERS: Final = 3
REACH: Final = ENCODER_LAYERS * (N_TAPS // 2)
"""Codes on either side that a code depends on."""


class Encoder(nn.Module):
    """Rows of `synth.encoder.encoder_inputs` to codes, four frames to a code."""

    def __init__(self) -> None:
        super().__init__()
        width = ENCODER_WIDTH
        self.frame = nn.Linear(N_INPUTS, width)
        self.conv = nn.ModuleList(
            nn.Conv1d(width, width, N_TAPS, padding=N_TAPS // 2) for _ in range(ENCODER_LAYERS)
        )
        self.norm = nn.ModuleList(nn.LayerNorm(width) for _ in range(ENCODER_LAYERS))
        self.out = nn.Linear(width, CODE_SIZE)

    def forward(self, inputs: Tensor, present: Tensor) -> Tensor:
        """Encode crops.

        Parameters
        ----------
        inputs
            Shape (n_crops, n_codes * POOL, N_INPUTS); the first two frames precede the first code.
        present
            1 for frames inside the note, else 0, shape (n_crops, n_codes * POOL).

        Returns
        -------
        Tensor
            Shape (n_crops, n_codes, CODE_SIZE).
        """
        hidden = silu(self.frame(inputs)) * present[..., None]
        n_crops, n_codes = len(present), present.shape[1] // POOL
        count = present.reshape(n_crops, n_codes, POOL).sum(2)[..., None]
        hidden = hidden.reshape(n_crops, n_codes, POOL, -1).sum(2) / count.clamp(min=1)
        inside = (count > 0).float()
        for conv, norm in zip(self.conv, self.norm, strict=True):
            mixed = conv(hidden.transpose(1, 2)).transpose(1, 2)
            hidden = (hidden + silu(norm(mixed))) * inside
        return self.out(hidden)


class Decoder(nn.Module):
    """Rows of `synth.controls.decoder_inputs` to controls, with their usual spread as output unit."""

    mean: Tensor
    spread: Tensor

    def __init__(self) -> None:
        super().__init__()
        sizes = [N_DECODER_INPUTS, *[DECODER_WIDTH] * DECODER_LAYERS, N_CONTROLS]
        self.layers = nn.ModuleList(nn.Linear(n_in, n_out) for n_in, n_out in pairwise(sizes))
        self.register_buffer("mean", torch.zeros(N_CONTROLS))
        self.register_buffer("spread", torch.ones(N_CONTROLS))

    def forward(self, inputs: Tensor) -> Tensor:
        """Decode rows of inputs, shape (..., N_DECODER_INPUTS), to controls (..., N_CONTROLS)."""
        hidden = inputs
        for layer in self.layers[:-1]:
            hidden = nn.functional.leaky_relu(layer(hidden), LEAK)
        return self.layers[-1](hidden) * self.spread + self.mean


class Autoencoder(nn.Module):
    """Encoder and decoder, trained together."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder()
        self.decoder = Decoder()


def read_between(codes: Tensor, positions: Tensor) -> Tensor:
    """Interpolate codes linearly in time.

    Parameters
    ----------
    codes
        Shape (n_crops, n_codes, CODE_SIZE).
    positions
        Fractional indices into them, shape (n_crops, n_frames).

    Returns
    -------
    Tensor
        Shape (n_crops, n_frames, CODE_SIZE).
    """
    below = positions.floor().clamp(0, codes.shape[1] - 2)
    index = below.long()[..., None].expand(-1, -1, codes.shape[2])
    share = (positions - below)[..., None]
    return codes.gather(1, index) * (1 - share) + codes.gather(1, index + 1) * share
