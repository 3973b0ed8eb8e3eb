"""The engine's telemetry, seen by the service through shared memory."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from embouchure.window import STALE_S, Window, open_window
from synth.engine.layout import HELD
from tests.synth.toy import make_engine, strike

ROOT = Path(__file__).parents[2]


@pytest.fixture
def window() -> Iterator[Window]:
    made = Window()
    yield made
    made.close()


def test_the_window_shows_who_sounds(window: Window) -> None:
    engine = make_engine()
    engine.publish_to(open_window(window.handle))
    engine.push(strike(7)._replace(zone=35))
    engine.render(640)
    now = window.look()
    assert now
    assert now.frame == 640
    assert now.voices["touch"].tolist() == [7]
    assert now.voices["status"].tolist() == [HELD]
    assert now.voices["zone"].tolist() == [35]


def test_nothing_is_seen_before_the_engine_sounds(window: Window) -> None:
    make_engine().publish_to(open_window(window.handle))
    assert window.look() is None


def test_an_engine_that_hangs_is_seen_no_more(window: Window) -> None:
    engine = make_engine()
    engine.publish_to(open_window(window.handle))
    engine.render(64)
    assert window.look()
    time.sleep(STALE_S)
    assert window.look() is None
    engine.render(64)
    assert window.look()


def test_an_engine_that_died_while_it_wrote_is_not_waited_for(window: Window) -> None:
    shared = open_window(window.handle)
    shared["frame"] = 64
    shared["sequence"] = 3
    assert window.look() is None


def test_after_closing_nothing_is_seen(window: Window) -> None:
    engine = make_engine()
    engine.publish_to(open_window(window.handle))
    engine.render(64)
    window.close()
    assert window.look() is None


WRITER = """
import sys, time
from embouchure.window import open_window
shared = open_window(sys.argv[1])
for frame in range(1, 1_000_000):
    shared["sequence"] += 1
    shared["frame"] = shared["dropouts"] = frame
    shared["voices"]["touch"] = frame
    shared["voices"]["status"] = 1
    shared["sequence"] += 1
    if frame == 100:
        print("begun", flush=True)
"""


def test_no_snapshot_of_another_process_is_ever_half_written(window: Window) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, window.handle],
        cwd=ROOT,
        pass_fds=window.inherited,
        stdout=subprocess.PIPE,
    )
    assert writer.stdout
    assert writer.stdout.readline() == b"begun\n"
    looks = [window.look() for _ in range(5000)]
    writer.kill()
    writer.wait()
    writer.stdout.close()
    seen = [now for now in looks if now]
    assert len({now.frame for now in seen}) > 10
    for now in seen:
        assert now.dropouts == now.frame
        assert np.all(now.voices["touch"] == now.frame)


def test_a_writer_that_is_killed_leaves_nothing_behind(window: Window) -> None:
    before = set(Path("/dev/shm").glob("*")) if Path("/dev/shm").exists() else set()
    other = Window()
    after = set(Path("/dev/shm").glob("*")) if Path("/dev/shm").exists() else set()
    other.close()
    assert after == before
