"""Spectral distance of sounds at several resolutions, with gradients."""

from functools import lru_cache
from typing import Final

import torch
from torch import Tensor

from synth.analysis.frames import RATE_HZ

SIZES: Final = (2048, 1024, 512, 256, 128)
FLOOR_DB: Final = -80.0
DB_PER_NEPER: Final = 8.685889638065037
MEL_CORNER_HZ: Final = 700.0
"""The mel scale is linear well below it and logarithmic well above."""
FAINT: Final = 1e-10


def spectral_errors(got: Tensor, wanted: Tensor) -> Tensor:
    """Compare sounds, shape (n_crops, n_samples), by magnitudes in dB and by their shape.

    Bins count as wide as they are in mel; levels are floored 80 dB below the wanted sound's
    loudest bin.

    Returns
    -------
    Tensor
        Mean over resolutions of the mean absolute difference in dB, plus the distance of the
        magnitudes relative to both, 1.4 at most and 1 of it counted as 8.7 dB, shape (n_crops,).
    """
    return torch.stack([_errors(got, wanted, size) for size in SIZES]).mean(0)


def _errors(got: Tensor, wanted: Tensor, size: int) -> Tensor:
    said, true = _power(got, size), _power(wanted, size)
    floor = 10 ** (FLOOR_DB / 10) * true.amax((1, 2), keepdim=True) + FAINT
    log_said, log_true = torch.log(said + floor), torch.log(true + floor)
    weight = _bin_weights(size)
    difference_db = DB_PER_NEPER / 2 * ((log_said - log_true).abs() * weight).sum(1).mean(1)
    far = (torch.sqrt(said + FAINT) - torch.sqrt(true + FAINT)).pow(2).sum((1, 2))
    both = (said + true).sum((1, 2)) / 2
    return difference_db + DB_PER_NEPER * torch.sqrt((far + FAINT) / (both + FAINT))


def _power(audio: Tensor, size: int) -> Tensor:
    window = torch.hann_window(size)
    spectra = torch.stft(audio, size, size // 4, window=window, center=False, return_complex=True)
    return spectra.real**2 + spectra.imag**2


@lru_cache(maxsize=len(SIZES))
def _bin_weights(size: int) -> Tensor:
    """Width of each bin in mel, of sum 1, shape (n_bins, 1)."""
    hz = torch.arange(size // 2 + 1) * RATE_HZ / size
    width = 1 / (hz + MEL_CORNER_HZ)
    return (width / width.sum())[:, None]
