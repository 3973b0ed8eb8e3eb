"""Crowding: partials that lie within one auditory band share its weight."""

import torch
from torch import Tensor

from synth.controls import ORDERS


def crowding(f0_hz: Tensor) -> Tensor:
    """Spacing of partials in auditory bands, at most 1, shape (..., N_PARTIALS)."""
    orders = torch.tensor(ORDERS, dtype=torch.float32)
    band_hz = 24.7 * (0.00437 * f0_hz[..., None] * orders + 1)
    return (f0_hz[..., None] / band_hz).clamp(max=1)
