"""What the page costs, measured against the real service and the real engine."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import pytest

from embouchure.page_bench import _latencies_ms
from tests.embouchure.studio import PATIENT, ROOT, Server, Studio


@pytest.fixture
def server() -> Iterator[str]:
    made = Server("embouchure-play", *PATIENT)
    Studio.open(made.name).close()
    yield made.name
    made.stop()


@pytest.mark.jack
def test_under_load_every_strike_of_a_surface_becomes_a_voice(server: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "embouchure", "bench", "--page", "--seconds", "3", "--json"],
        cwd=ROOT,
        env={**os.environ, "JACK_DEFAULT_SERVER": server, "JACK_NO_START_SERVER": "1"},
        capture_output=True,
        check=True,
    )
    cost = json.loads(done.stdout)
    assert cost["n_strikes"] > 5
    assert cost["n_missed"] == 0
    assert cost["most_voices"] >= 20
    assert cost["voice_p50_ms"] > 0
    assert 0 < cost["view_hz"] < 61


def test_a_strike_is_paired_with_the_next_voice_of_its_note() -> None:
    strikes = [(90.0, 1.0), (90.25, 2.0), (90.0, 3.0)]
    voices = [(90.0, 1.01), (90.0, 3.02)]
    np.testing.assert_allclose(_latencies_ms(strikes, voices), [10.0, 20.0])
