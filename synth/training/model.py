"""The networks: an encoder that hears a note both ways in time, and decoders that see one frame."""

from itertools import pairwise
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn.functional import silu

from synth.controls import CODE_SIZE, LEAK, N_CONTROLS, N_DECODER_INPUTS
from synth.encoder import N_INPUTS, N_SLOW, POOL

ENCODER_WIDTH: Final = 128
ENCODER_LAYERS: Final = 2
N_TAPS: Final = 5
SLOW_TAPS: Final = 17
"""Codes over which the slow numbers are averaged, 0.27 s under a Hann window: they pass nothing
above 7 Hz, half of what is at 4 Hz, and stand still through an attack."""
TEACHER_WIDTH: Final = 384
STUDENT_WIDTH: Final = 192
N_HIDDEN: Final = 3
REACH: Final = ENCODER_LAYERS * (N_TAPS // 2) + SLOW_TAPS // 2
"""Codes on either side that a code depends on."""


class Encoder(nn.Module):
    """Rows of `synth.encoder.encoder_inputs` to codes, four frames to a code."""

    slow: Tensor

    def __init__(self) -> None:
        super().__init__()
        width = ENCODER_WIDTH
        self.frame = nn.Linear(N_INPUTS, width)
        self.conv = nn.ModuleList(
            nn.Conv1d(width, width, N_TAPS, padding=N_TAPS // 2) for _ in range(ENCODER_LAYERS)
        )
        self.norm = nn.ModuleList(nn.LayerNorm(width) for _ in range(ENCODER_LAYERS))
        self.out = nn.Linear(width, CODE_SIZE)
        self.register_buffer("slow", torch.hann_window(SLOW_TAPS + 2, periodic=False)[1:-1])

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
        return self._calm(self.out(hidden), inside)

    def _calm(self, codes: Tensor, inside: Tensor) -> Tensor:
        """Average the slow numbers over their neighbours inside the note."""
        n_codes, reach = codes.shape[1], len(self.slow) // 2
        away = torch.arange(n_codes)[:, None] - torch.arange(n_codes)
        near = torch.where(away.abs() <= reach, self.slow[(away + reach).clamp(0, 2 * reach)], 0.0)
        share = near @ inside
        calm = near @ (codes[..., :N_SLOW] * inside) / share.clamp(min=1e-6)
        return torch.cat([calm, codes[..., N_SLOW:]], dim=2)


class Decoder(nn.Module):
    """Rows of `synth.controls.decoder_inputs` to controls, with their usual spread as output unit."""

    mean: Tensor
    spread: Tensor

    def __init__(self, width: int) -> None:
        super().__init__()
        sizes = [N_DECODER_INPUTS, *[width] * N_HIDDEN, N_CONTROLS]
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
    """Encoder, a large decoder that teaches and the small one that plays, on the same codes.

    `low` and `high` bound every control, shape (N_CONTROLS,).
    """

    low: Tensor
    high: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder()
        self.teacher = Decoder(TEACHER_WIDTH)
        self.student = Decoder(STUDENT_WIDTH)
        self.register_buffer("low", torch.full((N_CONTROLS,), -torch.inf))
        self.register_buffer("high", torch.full((N_CONTROLS,), torch.inf))


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
