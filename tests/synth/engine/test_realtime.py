"""What the audio thread may do: arithmetic, and nothing that waits, allocates or meets Python."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numba import carray, cfunc, types

from synth.engine.callback import callback, render_frames
from tests.synth.engine.storm import calm, storm, stormy_engine

ROOT = Path(__file__).parents[3]
ERROR_PATH = {
    "NRT_Free", "NRT_MemInfo_call_dtor", "PyBytes_FromStringAndSize", "PyErr_Clear",
    "PyErr_SetNone", "PyErr_SetString", "PyErr_WriteUnraisable", "PyUnicode_FromString",
    "Py_DecRef", "numba_do_raise", "numba_gil_ensure", "numba_gil_release",
    "numba_runtime_build_excinfo_struct", "numba_unpickle",
}  # fmt: skip
"""What numba's wrapper of any compiled callback refers to, to report an exception."""
MATHEMATICS = {
    "ceil", "cos", "exp", "exp2", "fabs", "floor", "log10", "log2", "pow", "sin", "sqrt",
    "smax", "smin", "umax", "umin", "fma", "fmuladd", "vector", "abs",
}  # fmt: skip
MEMORY = {"lifetime", "memcpy", "memmove", "memset", "masked"}
MODE = {"x86", "aarch64"}
"""What turns denormal numbers off is the machine's own."""


def outside_symbols(code: str) -> set[str]:
    """Everything that a function's linked and optimised code refers to outside itself."""
    return set(re.findall(r"^declare [^@]*@\"?([\w.$]+)", code, re.MULTILINE))


def functions(symbols: set[str]) -> set[str]:
    """Symbols that are not LLVM's own operations."""
    return {symbol for symbol in symbols if not symbol.startswith("llvm.")}


@pytest.fixture(scope="module")
def symbols() -> set[str]:
    """What the callback and what it calls refer to; numba keeps the code beside the machine code."""
    parts = (callback, render_frames)
    return set().union(*(outside_symbols(str(part._library._shared_module)) for part in parts))


def test_the_callback_calls_nothing_but_mathematics_and_the_wrappers_error_report(
    symbols: set[str],
):
    assert functions(symbols) <= ERROR_PATH | {"sqrtf", "memset", "memcpy"}


def test_the_callback_uses_only_arithmetic_and_memory_operations_of_llvm(symbols: set[str]):
    operations = {symbol.split(".")[1] for symbol in symbols - functions(symbols)}
    assert {"sin", "exp2"} < operations <= MATHEMATICS | MEMORY | MODE


def test_this_way_of_looking_finds_an_allocation():
    @cfunc(types.float64(types.int64), error_model="numpy")
    def allocating(n: int) -> float:
        return np.zeros(n).sum()

    assert "NRT_MemInfo_alloc_aligned" in functions(outside_symbols(allocating.inspect_llvm()))


def test_this_way_of_looking_finds_an_error_message_that_would_be_put_together():
    @cfunc(types.void(types.CPointer(types.float32), types.int64), error_model="numpy")
    def copying(at: int, n: int) -> None:
        rows = carray(at, 16, np.float32)
        rows[:n] = rows[8:]

    assert "NRT_Allocate" in functions(outside_symbols(copying.inspect_llvm()))


@pytest.fixture(scope="module")
def stormy() -> tuple[np.ndarray, np.ndarray, int]:
    """A storm's sound, what sounds after it, and how often a block was not finite."""
    engine = stormy_engine()
    return storm(engine, 1500), calm(engine), engine.snapshot().non_finite


def test_a_storm_of_events_sounds_within_full_scale(stormy: tuple):
    assert 0.1 < abs(stormy[0]).max() < 1.0


def test_a_storm_of_events_never_makes_a_number_that_is_not_finite(stormy: tuple):
    assert stormy[2] == 0


def test_after_a_storm_panic_brings_exact_silence(stormy: tuple):
    assert not stormy[1].any()


@pytest.mark.long
def test_a_storm_of_events_reads_and_writes_within_every_array():
    cache = Path(os.environ["NUMBA_CACHE_DIR"]) / "bounds-checked"
    environment = os.environ | {"NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(cache)}
    ran = subprocess.run(
        [sys.executable, "-m", "tests.synth.engine.storm"],
        capture_output=True, text=True, env=environment, cwd=ROOT, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
