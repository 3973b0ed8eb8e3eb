"""Signals to the program as the shell starts it."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")

ROOT = Path(__file__).parents[2]
PERFORMANCE = ROOT / "embouchure" / "performance.mid"
COMPILED_WITHIN_S = 300


SLOW_TO_LOAD = """
import sys, time
from embouchure.start import main

class Slow:
    def find_spec(self, name, path=None, target=None):
        if name == "embouchure.cli":
            print("loading", flush=True)
            time.sleep(30)

sys.meta_path.insert(0, Slow())
main()
"""
LOADED = """
import signal
from embouchure import cli, start

cli.main = lambda: print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)
start.main()
"""
COMPILING = """
import ctypes, signal
from embouchure import cli, start

def compiled():
    ctypes.CFUNCTYPE(None)(lambda: signal.raise_signal(signal.{signal}))()
    raise RuntimeError("no compiled object yet")

cli.main = compiled
start.main()
"""


@pytest.fixture(autouse=True)
def interruptible() -> Iterator[None]:
    """Programs ignore interrupts if what starts them does, as a shell's background job may."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def started(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def ended(process: subprocess.Popen[bytes], number: signal.Signals) -> tuple[int, bytes]:
    """Send a signal; return the exit code and the complaint."""
    process.send_signal(number)
    _, complaint = process.communicate(timeout=30)
    return process.returncode, complaint


def test_an_interrupt_while_it_loads_leaves_no_traceback():
    process = started("-c", SLOW_TO_LOAD)
    assert process.stdout
    assert process.stdout.readline() == b"loading\n"
    assert ended(process, signal.SIGINT) == (-signal.SIGINT, b"")


def test_once_loaded_an_interrupt_is_the_commands_own_to_handle():
    process = started("-c", LOADED)
    assert process.communicate(timeout=30)[0] == b"True\n"


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_a_signal_while_it_compiles_leaves_no_traceback(name: str, code: int):
    process = started("-c", COMPILING.format(signal=name))
    assert process.communicate(timeout=30)[1] == b""
    assert process.returncode == code


def test_a_render_that_is_ended_leaves_no_unfinished_file(tmp_path: Path):
    render = ["-m", "embouchure", "render", str(PERFORMANCE), str(tmp_path / "long.wav")]
    process = started(*render, "--tail", "60")
    until_s = time.monotonic() + COMPILED_WITHIN_S
    while not list(tmp_path.iterdir()) and process.poll() is None and time.monotonic() < until_s:
        time.sleep(0.01)
    unfinished = [path.name for path in tmp_path.iterdir()]
    assert ended(process, signal.SIGTERM) == (143, b"")
    assert unfinished == ["long.wav.partial"]
    assert not list(tmp_path.iterdir())
