"""Mel bands of controls: what the distance between recordings would hear, with gradients."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import embedding_bag

from synth.analysis.distance import FLOOR_DB, HEARD_DB, HOP, N_BANDS, WINDOW, mel_db
from synth.analysis.frames import RATE_HZ
from synth.analysis.stretch import TOP_HZ
from synth.controls import (
    N_STRETCHES,
    ORDERS,
    k_weighting_db,
    noise_edges_hz,
)

Array = NDArray[np.float64]

STEP_HZ: Final = 6.0
POINTS: Final = 16
"""Frequencies at which a noise band is sampled."""
DB_TO_NEPER: Final = float(np.log(10) / 10)
FAINT: Final = 1e-10


@lru_cache(maxsize=1)
def _sine_bands() -> Array:
    """Powers that a sine of peak 1 gives in every mel band, and as loudness, at steps of `STEP_HZ`.

    Shape (n_steps, N_BANDS + 1); the last row is silent, for partials that do not sound.
    """
    hz = np.arange(0, TOP_HZ + STEP_HZ, STEP_HZ)
    time_s = np.arange(2 * WINDOW) / RATE_HZ
    heard = [mel_db(np.sin(2 * np.pi * f * time_s + 0.5))[WINDOW // HOP] for f in hz]
    table = np.zeros((len(hz) + 1, N_BANDS + 1))
    table[:-1, :N_BANDS] = 10 ** (np.stack(heard) / 10)
    table[:-1, N_BANDS] = 10 ** (k_weighting_db(hz) / 10) / 2
    return table


@lru_cache(maxsize=1)
def _noise_bands() -> Array:
    """Give the same for noise bands of mean square 1, shape (N_NOISE_BANDS, N_BANDS + 1)."""
    edges, table = noise_edges_hz(), _sine_bands()
    spread = (np.arange(POINTS) + 0.5) / POINTS
    hz = edges[:-1, None] + np.diff(edges)[:, None] * spread
    steps = np.minimum(np.rint(hz / STEP_HZ).astype(np.int64), len(table) - 2)
    return 2 * table[steps].mean(axis=1)


@lru_cache(maxsize=1)
def _tables() -> tuple[Tensor, Tensor]:
    return tuple(torch.from_numpy(table).float() for table in (_sine_bands(), _noise_bands()))  # type: ignore[return-value]


def mel_levels_db(partials: Tensor, noise: Tensor, steps: Tensor) -> Tensor:
    """Levels of mel bands relative to a frame's own loudness, as the engine holds it.

    Parameters
    ----------
    partials, noise
        Levels in dB, shapes (..., N_PARTIALS) and (..., N_NOISE_BANDS).
    steps
        Where the partials lie, from `partial_steps`.

    Returns
    -------
    Tensor
        Shape (..., N_BANDS), in dB.
    """
    level = torch.log(_heard(partials, noise, steps) + FAINT) / DB_TO_NEPER
    return level[..., :N_BANDS] - level[..., N_BANDS:]


def own_loudness_db(partials: Tensor, noise: Tensor, steps: Tensor) -> Tensor:
    """Loudness of levels, which should be 0 dB, shape (...); parameters as above."""
    return torch.log(_heard(partials, noise, steps)[..., N_BANDS] + FAINT) / DB_TO_NEPER


def _heard(partials: Tensor, noise: Tensor, steps: Tensor) -> Tensor:
    """Powers in mel bands, and last the K-weighted mean square, shape (..., N_BANDS + 1)."""
    sine_bands, noise_bands = _tables()
    power = torch.exp(DB_TO_NEPER * partials).flatten(0, -2)
    heard = embedding_bag(steps.flatten(0, -2), sine_bands, mode="sum", per_sample_weights=power)
    return heard.reshape(*partials.shape[:-1], -1) + torch.exp(DB_TO_NEPER * noise) @ noise_bands


@torch.no_grad()
def partial_steps(f0_hz: Tensor, stretch: Tensor) -> Tensor:
    """Find the row of the sine table for every partial, shape (..., N_PARTIALS).

    `f0_hz` has shape (...) and `stretch` (..., N_STRETCHES).
    """
    n_steps = len(_tables()[0])
    orders = torch.tensor(ORDERS, dtype=torch.float32)
    hz = f0_hz[..., None] * orders
    hz[..., :N_STRETCHES] *= 1 + stretch
    return (
        torch.where(hz < TOP_HZ, (hz / STEP_HZ).round(), n_steps - 1.0).clamp(0, n_steps - 1).long()
    )


def mel_errors_db(
    said: Sequence[Tensor], wanted: Sequence[Tensor], f0_hz: Tensor, headroom_db: Tensor
) -> tuple[Tensor, Tensor]:
    """Compare controls as the distance between their sounds would.

    Parameters
    ----------
    said, wanted
        Levels of partials and of noise, and stretches, shapes (..., N_PARTIALS),
        (..., N_NOISE_BANDS) and (..., N_STRETCHES).
    f0_hz, headroom_db
        Pitch of each frame and how far its loudness lies below the note's loudest, shape (...).

    Returns
    -------
    tuple
        Absolute differences, levels floored where the distance floors them, shape (..., N_BANDS);
        and 1 for each frame that the distance counts, else 0, shape (..., 1).
    """
    with torch.no_grad():
        steps = partial_steps(f0_hz, wanted[2])
        true_db = mel_levels_db(wanted[0], wanted[1], steps)
        floor_db = true_db.amax(-1, keepdim=True) + headroom_db[..., None] + FLOOR_DB
        counts = (headroom_db[..., None] < -HEARD_DB).float()
    said_db = mel_levels_db(said[0], said[1], steps)
    return (torch.maximum(said_db, floor_db) - torch.maximum(true_db, floor_db)).abs(), counts
