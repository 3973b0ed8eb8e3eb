"""The cost of mapping: what a voice's mapping takes for one control frame, taught nothing or all."""

import time
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from mapper.features import MEMORY_SIZE, TOUCH_FIELDS
from mapper.kernel import map_frame_address
from mapper.mapping import LOUDNESS, N_INPUTS, PITCH_OFFSET, TRAJECTORY_SIZE, Mapping
from mapper.residual import MAX_BUMPS, Residual
from mapper.vibrato import WAYS, Vibrato
from synth.engine.intrinsics import call_map

Array = NDArray[np.float32]

N_VOICES: Final = 16
N_FRAMES: Final = 5000
"""Twenty seconds of control frames."""
FRAME_S: Final = 0.004
SWING_HZ: Final = 5.0
SWING_SEMITONES: Final = 0.25


@dataclass(frozen=True, kw_only=True)
class MappingCost:
    """Microseconds for one voice and control frame while `N_VOICES` sound and swing.

    `taught_*` is the same with all that a player's takes could add to the mapping.
    """

    n_voices: int
    p50_us: float
    p99_us: float
    taught_p50_us: float
    taught_p99_us: float


def measure(mapping: Mapping) -> MappingCost:
    """Play the mapping as it is, and taught as much as it can be."""
    p50_us, p99_us = _percentiles_us(mapping)
    taught_p50_us, taught_p99_us = _percentiles_us(fully_taught(mapping))
    return MappingCost(
        n_voices=N_VOICES,
        p50_us=p50_us,
        p99_us=p99_us,
        taught_p50_us=taught_p50_us,
        taught_p99_us=taught_p99_us,
    )


def fully_taught(mapping: Mapping) -> Mapping:
    """Add as many bumps as a residual may have, and a vibrato; one with a reading keeps it."""
    rng = np.random.default_rng(1)
    swings = np.zeros((WAYS, TRAJECTORY_SIZE), np.float32)
    swings[:, LOUDNESS], swings[:, PITCH_OFFSET] = 1.0, 30.0
    vibrato = Vibrato(rate_hz=SWING_HZ, extents=(SWING_SEMITONES, 0.05, 0.05), swings=swings)
    residual = Residual(
        scale=np.full(N_INPUTS, 0.3, np.float32),
        centre=rng.normal(0.0, 0.3, (MAX_BUMPS, N_INPUTS)).astype(np.float32),
        out=rng.normal(0.0, 0.1, (MAX_BUMPS, TRAJECTORY_SIZE)).astype(np.float32),
    )
    return replace(mapping, residual=residual if mapping.reading else None, vibrato=vibrato)


def _percentiles_us(mapping: Mapping) -> tuple[float, float]:
    touches, blob = _touches(), mapping.blob()
    memory = np.zeros((N_VOICES, MEMORY_SIZE), np.float32)
    trajectories = np.zeros((N_VOICES, TRAJECTORY_SIZE), np.float32)
    address, taken_us = map_frame_address(), []
    for rows in touches:
        began_ns = time.perf_counter_ns()
        _map_voices(address, rows, memory, blob, trajectories)
        taken_us.append((time.perf_counter_ns() - began_ns) / 1000.0 / N_VOICES)
    p50, p99 = np.percentile(taken_us[1:], (50, 99))  # the first frame loads the code
    return float(p50), float(p99)


@njit(cache=True, error_model="numpy")
def _map_voices(
    address: int, touches: Array, memory: Array, blob: Array, trajectories: Array
) -> None:
    for voice in range(len(touches)):
        call_map(
            address,
            touches[voice].ctypes.data,
            memory[voice].ctypes.data,
            blob.ctypes.data,
            trajectories[voice].ctypes.data,
        )


def _touches() -> Array:
    """Touch rows of every voice in every frame, each swinging in a phase of its own."""
    ages_s = FRAME_S * np.arange(N_FRAMES, dtype=np.float64)
    turns = SWING_HZ * ages_s[:, None] + np.linspace(0.0, 1.0, N_VOICES)
    wave = np.sin(2.0 * np.pi * turns)
    rows = np.zeros((N_FRAMES, N_VOICES, len(TOUCH_FIELDS)), np.float32)
    columns: dict[str, NDArray[np.floating] | float] = {
        "strike": 0.6,
        "press": 0.5 + 0.05 * wave,
        "slide": 0.5 + 0.3 * np.sin(turns),
        "glide_semitones": SWING_SEMITONES * wave,
        "note": 48.0 + np.arange(N_VOICES, dtype=np.float64),
        "age_s": ages_s[:, None],
        "since_lift_s": -1.0,
        "dt_s": np.diff(ages_s, prepend=0.0)[:, None],
    }
    for name, column in columns.items():
        rows[:, :, TOUCH_FIELDS.index(name)] = column
    return rows
