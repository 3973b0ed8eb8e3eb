"""The reach of a preset: the codes that its mapping says when it is played in every way."""

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from mapper.features import AT, MEMORY_SIZE, MORPH_MEMORY_SIZE
from mapper.kernel import map_frame_address
from presets.factory.gestures import DEMONSTRATED, HELD_OUT, gestures
from presets.preset import Preset
from synth.controls import CODE_SIZE, TRAJECTORY_SIZE
from synth.engine.intrinsics import call_map
from synth.lattice_ground import QUIETEST_DB, Reach
from synth.patch import N_MACROS

Array = NDArray[np.float32]

N_GESTURES: Final = 270
EVERY: Final = 5
"""Of the control frames, one in so many is kept."""
TURNED_SHARE: Final = 0.15
"""Share of the gestures during which macros are turned up."""
SEED: Final = 11
OTHER_SEED: Final = 12
GLIDE, NOTE = 3, 5


@njit(cache=True, error_model="numpy")
def _play(address: int, touches: Array, memory: Array, blob: Array, trajectories: Array) -> None:
    for row in range(len(touches)):
        call_map(
            address,
            touches[row].ctypes.data,
            memory.ctypes.data,
            blob.ctypes.data,
            trajectories[row].ctypes.data,
        )


def reach(preset: Preset, *, seed: int = SEED, n_gestures: int = N_GESTURES) -> Reach:
    """Play a preset's own kernel by gestures of every kind over all its keys, macros among them."""
    rng = np.random.default_rng(seed)
    patch = preset.patch(map_frame_address())
    parts = []
    for gesture in gestures(seed, DEMONSTRATED + HELD_OUT, n_gestures, _keys(preset)):
        touches = np.ascontiguousarray(gesture.heard, np.float32)
        said = np.zeros((len(touches), TRAJECTORY_SIZE), np.float32)
        memory = np.zeros(max(MEMORY_SIZE, MORPH_MEMORY_SIZE), np.float32)
        _play(patch.map_address, touches, memory, patch.blob, said)
        note = touches[:, NOTE] + touches[:, GLIDE] + said[:, -1] / 100.0
        said += (_turned(rng) + _wandered(rng, patch.voice.wander, len(said))) @ patch.macros
        parts.append(np.column_stack([said, note])[::EVERY])
    rows = np.vstack(parts).astype(np.float64)
    loudness_db = rows[:, CODE_SIZE]
    kept = rows[loudness_db > QUIETEST_DB]
    return Reach(kept[:, :CODE_SIZE], kept[:, CODE_SIZE], kept[:, -1])


def _turned(rng: np.random.Generator) -> Array:
    """Draw the places of the macros: mostly at rest, else each of them anywhere."""
    places = (
        rng.uniform(0.0, 1.0, N_MACROS)
        * (rng.random(N_MACROS) < 0.5)
        * (rng.random() < TURNED_SHARE)
    )
    return places.astype(np.float32)


def _wandered(rng: np.random.Generator, wander: float, n_frames: int) -> Array:
    """Draw where macros have wandered to in each frame, shape (n_frames or 1, N_MACROS)."""
    if not wander:
        return np.zeros((1, N_MACROS), np.float32)
    return rng.uniform(-wander, wander, (n_frames, N_MACROS)).astype(np.float32)


def _keys(preset: Preset) -> tuple[float, float]:
    """Tell the keys that a preset was made for."""
    mapping, at = preset.mapping, AT.pitch_note
    low, high = float(mapping.feature_low[at]), float(mapping.feature_high[at])
    return float(np.clip(low, 0, 120)), float(np.clip(high, low + 1, 127))
