"""A stored trajectory replayed, called through its address as the engine calls it."""

import ctypes
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mapper.features import MEMORY_SIZE, TOUCH_FIELDS
from mapper.mapping import LOUDNESS, PITCH_OFFSET, TRAJECTORY_SIZE
from mapper.playback import blob, play_back_address

Array = NDArray[np.float32]
RATE_HZ = 100.0
CALL = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 4)
ERROR_PATH = {
    "NRT_Free", "NRT_MemInfo_call_dtor", "PyBytes_FromStringAndSize", "PyErr_Clear",
    "PyErr_SetNone", "PyErr_SetString", "PyErr_WriteUnraisable", "PyUnicode_FromString",
    "Py_DecRef", "numba_do_raise", "numba_gil_ensure", "numba_gil_release",
    "numba_runtime_build_excinfo_struct", "numba_unpickle",
}  # fmt: skip
"""What numba's wrapper of any compiled callback refers to; no allocation of an array is in it."""


def rows(n_rows: int, seed: int = 0) -> Array:
    made = np.random.default_rng(seed).normal(0.0, 1.0, (n_rows, TRAJECTORY_SIZE))
    made[:, LOUDNESS] -= 20.0
    return made.astype(np.float32)


def play(trajectory: Array, age_s: float, **others: float) -> Array:
    touch = np.array(
        [{"age_s": age_s, **others}.get(name, 0.5) for name in TOUCH_FIELDS], np.float32
    )
    touch[TOUCH_FIELDS.index("glide_semitones")] = others.get("glide_semitones", 0.0)
    memory, out = np.zeros(MEMORY_SIZE, np.float32), np.empty(TRAJECTORY_SIZE, np.float32)
    packed = blob(trajectory, RATE_HZ)
    CALL(play_back_address())(
        touch.ctypes.data, memory.ctypes.data, packed.ctypes.data, out.ctypes.data
    )
    return out


@settings(max_examples=60, deadline=None)
@given(n_rows=st.integers(1, 300), share=st.floats(0.0, 1.0), seed=st.integers(0, 1000))
def test_between_its_rows_it_plays_a_straight_line(n_rows: int, share: float, seed: int):
    stored = rows(n_rows, seed)
    at = share * (n_rows - 1)
    expected = [np.interp(at, np.arange(n_rows), column) for column in stored.T]
    np.testing.assert_allclose(play(stored, at / RATE_HZ), expected, atol=2e-3)


def test_the_first_row_sounds_at_the_strike():
    np.testing.assert_array_equal(play(rows(10), 0.0), rows(10)[0])


def test_the_hand_changes_nothing():
    still = play(rows(100), 0.4)
    moved = play(rows(100), 0.4, press=1.0, slide=0.0, strike=0.1, lift=0.9, since_lift_s=0.2)
    np.testing.assert_array_equal(still, moved)


def test_a_glide_of_the_hand_is_taken_back():
    """Who sounds the voice adds the glide to the key, so that this sum is the stored pitch."""
    offset = play(rows(100), 0.4, glide_semitones=3.5)[PITCH_OFFSET]
    assert offset + 350.0 == pytest.approx(play(rows(100), 0.4)[PITCH_OFFSET], abs=1e-3)


def test_after_the_last_row_it_falls_silent_within_a_tenth_of_a_second():
    stored = rows(50)
    assert play(stored, 0.50)[LOUDNESS] < stored[-1, LOUDNESS]
    assert play(stored, 0.59)[LOUDNESS] == -120.0
    np.testing.assert_array_equal(play(stored, 5.0)[:LOUDNESS], stored[-1, :LOUDNESS])


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, -1.0])
@pytest.mark.parametrize("field", TOUCH_FIELDS)
def test_a_number_that_is_not_finite_never_reaches_the_trajectory(field: str, bad: float):
    numbers = {"age_s": 0.2} | {field: bad}
    assert np.isfinite(play(rows(40), **numbers)).all()


def test_the_kernel_allocates_nothing_and_calls_no_python_but_to_report_an_error(tmp_path: Path):
    code = "from mapper.playback import play_back; print(play_back.inspect_llvm())"
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)}
    ir = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    ).stdout
    called = set(re.findall(r"call [^\n(]*@\"?(NRT_\w+|Py\w+|numba_\w+)", ir))
    assert "define" in ir
    assert called <= ERROR_PATH
