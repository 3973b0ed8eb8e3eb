"""The program with its page: ended, killed, started again, and with what is not there."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.sync.client import connect

from mapper.performance import read
from tests.embouchure.service.served import NAME, START_S, Serve, Served, playing
from tests.embouchure.studio import (
    LIFT,
    PATIENT,
    ROOT,
    STRIKE,
    Server,
    Studio,
    ended,
    wait_for,
)

pytestmark = pytest.mark.jack


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    made = Server(NAME, *PATIENT)
    yield made.name
    made.stop()


@pytest.fixture
def stage(server: str, tmp_path: Path) -> Iterator[tuple[Studio, Serve]]:
    with playing(server, tmp_path) as made:
        yield made


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_while_a_page_is_open(stage: tuple[Studio, Serve], number: signal.Signals):
    studio, start = stage
    served = start()
    with connect(f"ws{served.address.removeprefix('http')}/api/v1/state") as page:
        assert json.loads(page.recv())["v"] == 1
        studio.play(STRIKE, LIFT)
        served.end(number)
    (take,) = served.takes.glob("*.mid")
    assert [one.data for one in read(take) if one.data[0] & 0xE0 == 0x80] == [STRIKE, LIFT]


def test_killed_and_started_again_at_the_same_port_it_has_every_note(
    stage: tuple[Studio, Serve],
):
    studio, start = stage
    served = start()
    port = served.address.rpartition(":")[2]
    with connect(f"ws{served.address.removeprefix('http')}/api/v1/state"):
        studio.play(STRIKE, LIFT, STRIKE)
        served.end(signal.SIGKILL)
    assert wait_for(studio.is_alone, 5.0)
    again = start("--port", port)
    assert again.says("An earlier session ended abruptly")
    (take,) = again.ask("GET", "/takes")
    assert take["notes"] == 2
    studio.play(LIFT, STRIKE)
    assert studio.loudest(0.3) > 0.01


def test_a_port_that_is_taken_ends_in_one_sentence():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        command = [sys.executable, "-m", "embouchure", "serve", "--no-open", "--port", port]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith(f"embouchure: port {port} cannot be used for the page")
    assert done.stderr.count("\n") == 1


def test_a_device_that_is_missing_is_said_and_another_is_used(server: str, tmp_path: Path):
    served = Served(server, tmp_path, "--device", "scarlett")
    with ended(served):
        assert served.says("no sound output 'scarlett'")
        assert served.becomes(lambda state: state["phase"]["name"] == "playing", START_S)
        served.end(signal.SIGTERM)
