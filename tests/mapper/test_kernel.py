"""The compiled mapping, called through its address as the engine calls it."""

import ctypes
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mapper import reading, residual
from mapper.features import FEATURES, MEMORY_SIZE, N_FEATURES, TOUCH_FIELDS
from mapper.kernel import map_frame_address
from mapper.listening import gesture_features
from mapper.mapping import (
    HIGHEST,
    LOUDNESS,
    LOWEST,
    N_INPUTS,
    NO_SLEW,
    PITCH_OFFSET,
    TRAJECTORY_SIZE,
    Mapping,
    shapes,
)
from mapper.reading import N_DESCRIPTORS
from mapper.vibrato import Vibrato

Array = NDArray[np.float32]
ERROR_PATH = {
    "NRT_Free", "NRT_MemInfo_call_dtor", "PyBytes_FromStringAndSize", "PyErr_Clear",
    "PyErr_SetNone", "PyErr_SetString", "PyErr_WriteUnraisable", "PyUnicode_FromString",
    "Py_DecRef", "numba_do_raise", "numba_gil_ensure", "numba_gil_release",
    "numba_runtime_build_excinfo_struct", "numba_unpickle",
}  # fmt: skip
"""What numba's wrapper of any compiled callback refers to; no allocation of an array is in it."""
CALL = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 4)


def mapping(n_hidden: int, seed: int, n_read: int | None = None, n_bumps: int = 0) -> Mapping:
    """Draw a mapping; with a reading of `n_read` units, and a residual, if asked for."""
    rng = np.random.default_rng(seed)
    n_inputs = N_FEATURES if n_read is None else N_INPUTS
    made = {name: rng.normal(0.0, 0.3, s) for name, s in shapes(n_hidden, n_inputs).items()}
    made |= {
        "feature_low": np.full(N_FEATURES, -20.0),
        "feature_high": np.full(N_FEATURES, 130.0),
        "centre": rng.normal(20.0, 1.0, N_FEATURES),
        "spread": rng.uniform(10.0, 40.0, N_FEATURES),
        "low": LOWEST,
        "high": HIGHEST,
        "slew": NO_SLEW,
    }
    if n_read is not None:
        made |= {f"reading.{k}": rng.normal(0.0, 0.3, s) for k, s in reading.shapes(n_read).items()}
        made |= {
            "reading.low": np.full(N_DESCRIPTORS, -1.0),
            "reading.high": np.full(N_DESCRIPTORS, 1.0),
            "reading.spread": np.full(N_DESCRIPTORS, 0.7),
        }
    if n_bumps:
        sized = residual.shapes(n_bumps, N_INPUTS, TRAJECTORY_SIZE)
        made |= {f"residual.{k}": rng.normal(0.0, 0.3, s) for k, s in sized.items()}
    return Mapping.from_arrays({k: np.asarray(a, np.float32) for k, a in made.items()})


def play(blob: Array, touches: NDArray[np.floating]) -> Array:
    """Trajectories of touch rows, one voice, by the compiled kernel."""
    call, memory = CALL(map_frame_address()), np.zeros(MEMORY_SIZE, np.float32)
    rows = np.ascontiguousarray(touches, np.float32)
    trajectories = np.empty((len(rows), TRAJECTORY_SIZE), np.float32)
    for row, out in zip(rows, trajectories, strict=True):
        call(row.ctypes.data, memory.ctypes.data, blob.ctypes.data, out.ctypes.data)
    return trajectories


def touches(seed: int, n: int = 60) -> NDArray[np.float64]:
    rng = np.random.default_rng(seed)
    rows = rng.uniform(0.0, 1.0, (n, len(TOUCH_FIELDS)))
    rows[:, TOUCH_FIELDS.index("note")] = rng.uniform(20, 110)
    rows[:, TOUCH_FIELDS.index("age_s")] = np.arange(n) * 0.004
    rows[:, TOUCH_FIELDS.index("dt_s")] = np.where(np.arange(n) > 0, 0.004, 0.0)
    return rows


def expected(model: Mapping, rows: NDArray[np.float64]) -> Array:
    """What the arrays say, the pitch following the continuous glide."""
    features = gesture_features(rows)
    trajectory = model.predict(features)
    raw = np.float32(rows[:, TOUCH_FIELDS.index("glide_semitones")])
    trajectory[:, PITCH_OFFSET] += 100.0 * (features[:, FEATURES.index("glide_semitones")] - raw)
    return trajectory


@settings(max_examples=40, deadline=None)
@given(n_hidden=st.integers(0, 96), seed=st.integers(0, 2**16))
def test_the_kernel_says_what_the_arrays_say(n_hidden: int, seed: int):
    model, rows = mapping(n_hidden, seed), touches(seed)
    np.testing.assert_allclose(
        play(model.blob(), rows), expected(model, rows), rtol=1e-4, atol=2e-4
    )


@settings(max_examples=40, deadline=None)
@given(
    n_hidden=st.integers(0, 96),
    n_read=st.integers(0, 96),
    n_bumps=st.integers(0, 160),
    seed=st.integers(0, 2**16),
)
def test_the_kernel_reads_a_hand_and_adds_what_it_taught(
    n_hidden: int, n_read: int, n_bumps: int, seed: int
):
    model, rows = mapping(n_hidden, seed, n_read, n_bumps), touches(seed)
    np.testing.assert_allclose(
        play(model.blob(), rows), expected(model, rows), rtol=1e-4, atol=2e-4
    )


def test_what_a_hand_taught_vanishes_far_from_its_takes():
    model = mapping(4, 7, n_read=2, n_bumps=30)
    assert model.residual
    far = np.full((1, N_INPUTS), 1e3, np.float32)
    near = model.residual.centre[:1] / model.residual.scale
    assert np.abs(model.residual.predict(near)).max() > 0.01
    assert (model.residual.predict(far) == 0.0).all()


def test_nothing_moves_faster_than_it_may_once_struck():
    model, rows = mapping(8, 9), touches(9)
    slow = replace(model, slew=np.full(TRAJECTORY_SIZE, 10.0, np.float32))
    glide = [TOUCH_FIELDS.index("glide_semitones")]
    rows[:, glide] = 0.0
    free, held = play(model.blob(), rows), play(slow.blob(), rows)
    np.testing.assert_array_equal(held[0], free[0])
    assert np.abs(np.diff(free, axis=0)).max() > 0.05
    assert np.abs(np.diff(held, axis=0)).max() <= 10.0 * 0.004 + 1e-4


def test_a_step_of_glide_sounds_as_a_slope_that_lands_on_it():
    model, rows = mapping(0, 1), touches(1)
    glide = np.where(np.arange(len(rows)) >= 20, 2.0, 0.0)
    rows[:, TOUCH_FIELDS.index("glide_semitones")] = glide
    offset = play(model.blob(), rows)[:, PITCH_OFFSET]
    plain = model.predict(gesture_features(rows))[:, PITCH_OFFSET]
    sounded = glide + (offset - plain) / 100.0
    assert 0.0 < sounded[20] < 2.0
    assert np.diff(sounded).min() > -1e-4
    np.testing.assert_allclose(sounded[22:], 2.0, atol=1e-4)


def swinging(n: int = 900) -> NDArray[np.float64]:
    """A touch that swings by a fifth of a semitone, and its press with it."""
    rows = touches(7, n)
    rows[:, 0], rows[:, TOUCH_FIELDS.index("slide")] = 0.6, 0.4
    wave = np.sin(2 * np.pi * 4.3 * rows[:, TOUCH_FIELDS.index("age_s")])
    rows[:, TOUCH_FIELDS.index("glide_semitones")] = 0.2 * wave
    rows[:, TOUCH_FIELDS.index("press")] = 0.5 + 0.05 * wave
    rows[:, TOUCH_FIELDS.index("lift")] = 0.0
    rows[:, TOUCH_FIELDS.index("since_lift_s")] = -1.0
    return rows


def vibrato(amount: float = 1.0) -> Vibrato:
    swings = np.zeros((3, TRAJECTORY_SIZE), np.float32)
    swings[0, PITCH_OFFSET], swings[0, LOUDNESS] = 35.0, 2.0
    return Vibrato(amount=amount, rate_hz=4.3, extents=(0.2, 0.05, 0.0), swings=swings)


def test_a_vibrato_takes_the_extent_and_the_loudness_asked_for():
    model, rows = mapping(8, 4), swinging()
    sounded = play(replace(model, vibrato=vibrato()).blob(), rows)[-500:]
    cents = sounded[:, PITCH_OFFSET] + 100 * rows[-500:, TOUCH_FIELDS.index("glide_semitones")]
    assert np.ptp(cents) / 2 == pytest.approx(35.0, rel=0.05)
    assert np.ptp(sounded[:, LOUDNESS]) / 2 == pytest.approx(2.0, rel=0.1)


def test_a_vibrato_switched_off_is_none_at_all():
    model, rows = mapping(8, 4), swinging()
    off = play(replace(model, vibrato=vibrato(0.0)).blob(), rows)
    np.testing.assert_array_equal(off, play(model.blob(), rows))


def test_without_a_share_every_strike_sounds_as_a_middling_one():
    model, rows = mapping(8, 2), touches(2)
    rows[:, 0] = 0.9
    hard = play(model.blob(strike_share=0.0), rows)
    rows[:, 0] = 0.5
    np.testing.assert_array_equal(hard, play(model.blob(), rows))


def test_a_voice_starts_afresh_when_its_memory_is_zeroed():
    model, rows = mapping(16, 3), touches(3)
    np.testing.assert_array_equal(play(model.blob(), rows), play(model.blob(), rows))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("field", TOUCH_FIELDS)
@pytest.mark.parametrize("model", [mapping(8, 5), mapping(8, 5, 8, 20)])
def test_a_number_that_is_not_finite_never_reaches_the_trajectory(
    field: str, bad: float, model: Mapping
):
    rows = touches(5)
    rows[20, TOUCH_FIELDS.index(field)] = bad
    assert np.isfinite(play(model.blob(), rows)).all()


@pytest.mark.parametrize("field", TOUCH_FIELDS)
def test_nor_does_it_from_the_midst_of_a_vibrato(field: str):
    rows = swinging()
    rows[700, TOUCH_FIELDS.index(field)] = np.nan
    assert np.isfinite(play(replace(mapping(8, 5), vibrato=vibrato()).blob(), rows)).all()


def test_the_kernel_allocates_nothing_and_calls_no_python_but_to_report_an_error(tmp_path: Path):
    code = "from mapper.kernel import map_frame; print(map_frame.inspect_llvm())"
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)}
    ir = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    ).stdout
    called = set(re.findall(r"call [^\n(]*@\"?(NRT_\w+|Py\w+|numba_\w+)", ir))
    assert "define" in ir
    assert called <= ERROR_PATH
