"""Two mappings heard as one, called through its address as the engine calls it."""

import ctypes

import numpy as np
import pytest
from numpy.typing import NDArray

from mapper.features import MEMORY_SIZE, MORPH_MEMORY_SIZE, TOUCH_FIELDS
from mapper.kernel import map_frame_address
from mapper.mapping import TRAJECTORY_SIZE
from mapper.morph import blob, morph_frame_address
from tests.mapper.test_kernel import mapping

Array = NDArray[np.float32]
CALL = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 4)
BEYOND = 64
FIRST = mapping(6, seed=1).blob(0.4)
OTHER = mapping(9, seed=2, n_read=5, n_bumps=7).blob(0.9)


def touches(n_frames: int = 200, seed: int = 0) -> Array:
    rng = np.random.default_rng(seed)
    rows = np.zeros((n_frames, len(TOUCH_FIELDS)), np.float32)
    rows[:, :3] = np.clip(np.cumsum(rng.normal(0, 0.03, (n_frames, 3)), axis=0) + 0.5, 0, 1)
    rows[:, 3] = 0.3 * np.sin(np.arange(n_frames) / 9)
    rows[:, 5], rows[:, 7], rows[:, 8] = 60, -1, 0.004
    rows[:, 6] = 0.004 * np.arange(n_frames)
    rows[0, 8] = 0
    return rows


def played(address: int, patch: Array, rows: Array, memory: Array | None = None) -> Array:
    """Trajectories of one voice; nothing is written behind its memory."""
    call, size = CALL(address), MORPH_MEMORY_SIZE
    if memory is None:
        memory = np.zeros(size + BEYOND, np.float32)
    out = np.zeros((len(rows), TRAJECTORY_SIZE), np.float32)
    for row, answer in zip(rows, out, strict=True):
        call(row.ctypes.data, memory.ctypes.data, patch.ctypes.data, answer.ctypes.data)
    assert not memory[size:].any()
    return out


def morphed(share: float, rows: Array) -> Array:
    return played(morph_frame_address(), blob(FIRST, OTHER, share), rows)


@pytest.mark.parametrize(("share", "end"), [(0.0, FIRST), (1.0, OTHER)])
def test_at_either_end_it_is_that_mapping(share: float, end: Array):
    rows = touches()
    np.testing.assert_array_equal(morphed(share, rows), played(map_frame_address(), end, rows))


@pytest.mark.parametrize("share", [0.25, 0.5, 0.9])
def test_between_it_is_between(share: float):
    rows = touches()
    first, other = (played(map_frame_address(), one, rows) for one in (FIRST, OTHER))
    mixed = (1 - share) * first + share * other
    np.testing.assert_allclose(morphed(share, rows), mixed, rtol=1e-5, atol=1e-4)


def test_both_mappings_remember_apart():
    """Each has its own strike share, so what each remembers of the first press differs."""
    memory = np.zeros(MORPH_MEMORY_SIZE + BEYOND, np.float32)
    played(morph_frame_address(), blob(FIRST, OTHER, 0.5), touches(), memory)
    assert (memory[:28] != memory[MEMORY_SIZE : MEMORY_SIZE + 28]).any()


def test_two_mappings_that_are_the_same_are_that_one_whatever_the_share():
    rows = touches()
    same = played(morph_frame_address(), blob(FIRST, FIRST, 0.3), rows)
    expected = played(map_frame_address(), FIRST, rows)
    np.testing.assert_allclose(same, expected, rtol=1e-6, atol=1e-5)
