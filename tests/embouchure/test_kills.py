"""A program that is killed at any moment of saving loses nothing that was saved before."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="stops at system calls as Linux does")
def test_hundreds_of_kills_lose_nothing_that_was_saved():
    done = subprocess.run(
        [sys.executable, "-m", "tests.embouchure.kills", "--changes"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["lost"] == {}
    assert told["total"] >= 200
    assert min(told["kills"].values()) >= 10
