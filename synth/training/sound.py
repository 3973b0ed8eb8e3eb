"""Sound of controls with gradients: partials, noise and strike, as the engine sounds them."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from synth.analysis.frames import RATE_HZ
from synth.analysis.stretch import TOP_HZ
from synth.controls import N_STRETCHES, NOISE, ORDERS, PARTIALS, TRANSIENT, noise_edges_hz
from synth.engine.transients import make_atoms
from synth.loudness import CORRECTION_DB
from synth.training.bands import own_loudness_db, partial_steps

FAINT: Final = 1e-12
GRAIN: Final = 256
"""Samples of one grain of noise; grains overlap by half."""
HALF: Final = GRAIN // 2


@dataclass(frozen=True, kw_only=True)
class Course:
    """How pitch and loudness go in crops of sound whose frames begin at `starts`.

    Attributes
    ----------
    starts
        Sample of each frame in its crop, the same in all crops, shape (n_frames,).
    f0_hz, loudness_db
        Shape (n_crops, n_frames).
    stretch
        Shape (n_crops, N_STRETCHES).
    strikes
        1 for crops that begin with a strike, else 0, shape (n_crops,).
    """

    starts: NDArray[np.int64]
    f0_hz: Tensor
    loudness_db: Tensor
    stretch: Tensor
    strikes: Tensor


def sound(controls: Tensor, course: Course, white: Tensor, n_samples: int) -> Tensor:
    """Sound controls, rescaled to the loudness of the course.

    A strike's partials and noise rise from silence while its first frame lasts.

    Parameters
    ----------
    controls
        Shape (n_crops, n_frames, N_CONTROLS).
    course
        Pitch and loudness; partials lie where it says, without gradient.
    white
        Independent normal numbers, shape (n_crops, n_samples // 128 + 1, GRAIN).
    n_samples
        Length, a multiple of 128.

    Returns
    -------
    Tensor
        Shape (n_crops, n_samples).
    """
    stretch = course.stretch[:, None].expand(-1, controls.shape[1], -1)
    own_db = own_loudness_db(
        controls[..., PARTIALS], controls[..., NOISE], partial_steps(course.f0_hz, stretch)
    )
    level_db = controls[..., : NOISE.stop] + (
        course.loudness_db - own_db.clamp(-CORRECTION_DB[1], -CORRECTION_DB[0])
    ).unsqueeze(2)
    rise = torch.ones(*level_db.shape[:2], 1)
    rise[:, 0] -= course.strikes[:, None]
    at_sample = _between(course.starts, np.arange(n_samples))
    out = _partials(rise * 10 ** (level_db[..., PARTIALS] / 20), course, at_sample)
    at_grain = _between(course.starts, np.arange(0, n_samples + HALF, HALF))
    out = out + _noise(at_grain @ (rise * 10 ** (level_db[..., NOISE] / 10)), white)
    struck = 10 ** ((controls[:, 0, TRANSIENT] + course.loudness_db[:, :1]) / 20) @ _atoms()
    struck = struck * course.strikes[:, None]
    n_struck = min(n_samples, struck.shape[1])
    return torch.cat([out[:, :n_struck] + struck[:, :n_struck], out[:, n_struck:]], dim=1)


def _between(starts: NDArray[np.int64], samples: NDArray[np.int64]) -> Tensor:
    """Weights that interpolate frames at samples, shape (n_samples, n_frames)."""
    unit = np.eye(len(starts))
    columns = [np.interp(samples, starts, one) for one in unit]
    return torch.from_numpy(np.stack(columns, axis=1)).float()


def _partials(amplitude: Tensor, course: Course, at_sample: Tensor) -> Tensor:
    f0_hz = at_sample.double() @ course.f0_hz.double()[..., None]
    turns = torch.cumsum(f0_hz / RATE_HZ, dim=1)
    ratio = torch.tensor(ORDERS).repeat(len(amplitude), 1)
    ratio[:, :N_STRETCHES] *= 1 + course.stretch
    heard = ratio * course.f0_hz.double().amax(1, keepdim=True) < TOP_HZ
    waves = torch.sin(2 * torch.pi * torch.frac(turns * ratio[:, None]).float())
    return (at_sample @ (amplitude * heard[:, None]) * waves).sum(2)


def _noise(power: Tensor, white: Tensor) -> Tensor:
    """Sound noise bands as overlapping grains, their powers of shape (n_crops, n_grains, n_bands)."""
    density = power @ _bins()
    shaped = torch.fft.rfft(white) * torch.sqrt(density + FAINT)
    grains = torch.fft.irfft(shaped, GRAIN) * torch.sin(
        torch.pi * (torch.arange(GRAIN) + 0.5) / GRAIN
    )
    return (grains[:, :-1, HALF:] + grains[:, 1:, :HALF]).flatten(1)


@lru_cache(maxsize=1)
def _bins() -> Tensor:
    """Power that each noise band gives each bin of a grain, shape (N_NOISE_BANDS, n_bins)."""
    edges, bin_hz = noise_edges_hz(), RATE_HZ / GRAIN
    low = (np.arange(HALF + 1) - 0.5) * bin_hz
    overlap = np.minimum(low + bin_hz, edges[1:, None]) - np.maximum(low, edges[:-1, None])
    density = np.clip(overlap, 0, None) / np.diff(edges)[:, None] * GRAIN / 2
    return torch.from_numpy(density).float()


@lru_cache(maxsize=1)
def _atoms() -> Tensor:
    return torch.from_numpy(make_atoms(RATE_HZ))
