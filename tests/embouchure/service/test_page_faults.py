"""Faults while a page is open: it says what happened, touches end, sound returns, and nothing kept is lost."""

import json
import resource
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx2
import pytest
from websockets.sync.client import connect

from embouchure.tape import RETRY_S
from mapper.performance import read
from tests.embouchure.service.served import START_S, Serve, Served, playing
from tests.embouchure.studio import LIFT, STRIKE, Server, Studio, ended

pytestmark = pytest.mark.jack

HEARD = 0.01
NOTES = 0xE0
OF_NOTES = 0x80


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server("embouchure-fault")
    yield made
    made.stop()


@pytest.fixture
def stage(server: Server, tmp_path: Path) -> Iterator[tuple[Studio, Serve]]:
    with playing(server.name, tmp_path) as made:
        yield made


def is_told(served: Served, words: str) -> bool:
    """Whether the page is told a sentence with these words in time."""
    return served.becomes(lambda state: any(words in one["text"] for one in state["notices"]))


def notes(take: Path) -> list[bytes]:
    """The note messages of a take."""
    return [one.data for one in read(take) if one.data[0] & NOTES == OF_NOTES]


def refusal(served: Served, method: str, path: str, body: object) -> str:
    """Ask for what cannot be had now, and return the sentence."""
    answer = httpx2.request(method, f"{served.address}/api/v1{path}", json=body, timeout=60)
    assert answer.is_error
    return str(answer.json()["detail"])


def test_a_controller_unplugged_and_back_is_told_on_the_page_and_plays_again(
    server: Server, tmp_path: Path
):
    with ExitStack() as stack:
        studio = Studio.open(server.name)
        stack.callback(studio.close)
        served = Served(server.name, tmp_path, "--host-api", "JACK", "--midi", "keys")
        stack.enter_context(ended(served))
        studio.hear()
        studio.play(STRIKE)
        assert studio.peak > HEARD
        studio.unplug()
        assert is_told(served, "studio:keys was unplugged; its notes are ended")
        assert studio.falls_silent()
        studio.plug_in()
        assert is_told(served, "Listening to studio:keys.")
        studio.peak = 0.0
        studio.play(STRIKE)
        assert studio.peak > HEARD


def test_a_sound_server_killed_and_back_is_shown_and_what_cannot_be_done_is_refused(
    stage: tuple[Studio, Serve], server: Server
):
    studio, start = stage
    served = start()
    studio.play(STRIKE)
    server.kill()
    studio.close()
    assert served.becomes(lambda state: state["phase"]["name"] == "no_device")
    assert served.ask("GET", "/state")["device"] is None
    assert "no sound device" in refusal(served, "POST", "/select", {"preset": "bow"})
    server.start()
    again = Studio.open(server.name)
    assert served.becomes(lambda state: state["phase"]["name"] == "playing", START_S)
    assert served.ask("GET", "/state")["device"]
    again.connect()
    again.play(STRIKE)
    assert again.peak > HEARD
    again.play(LIFT)
    assert again.falls_silent()
    again.close()
    served.end(signal.SIGTERM)
    (take,) = served.takes.glob("*.mid")
    assert notes(take) == [STRIKE, LIFT, STRIKE, LIFT]


def test_a_full_disk_is_told_the_sound_goes_on_and_all_is_kept_once_there_is_room(
    stage: tuple[Studio, Serve],
):
    studio, start = stage
    served = start()
    studio.play(STRIKE, LIFT)
    limits = resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE, (1, limits[1]))
    studio.play(STRIKE)
    assert studio.loudest(0.3) > HEARD
    assert is_told(served, "What you play is no longer kept")
    said = refusal(served, "POST", "/presets/bow/duplicate", {"name": "mine"})
    assert "make room" in said
    resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE, limits)
    assert served.ask("POST", "/presets/bow/duplicate", {"name": "mine"})["name"] == "mine"
    time.sleep(RETRY_S)
    studio.play(LIFT)
    assert is_told(served, "What you play is kept again")
    studio.play(STRIKE, LIFT)
    served.end(signal.SIGTERM)
    first, second = sorted((notes(take) for take in served.takes.glob("*.mid")), key=len)
    assert first == [STRIKE, LIFT]
    assert second[-2:] == [STRIKE, LIFT]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_service_that_is_stopped_in_mid_note_leaves_no_touch_and_no_take_behind(
    stage: tuple[Studio, Serve], number: signal.Signals
):
    studio, start = stage
    served = start()
    port = served.address.rpartition(":")[2]
    with connect(f"ws{served.address.removeprefix('http')}/api/v1/state") as page:
        assert json.loads(page.recv())["v"] == 1
        studio.play(STRIKE)
        assert studio.peak > HEARD
        served.end(number)
    assert studio.falls_silent()
    again = start("--port", port)
    (take,) = again.takes.glob("*.mid")
    strike, lift = notes(take)
    assert (strike, lift[:2]) == (STRIKE, LIFT[:2])
    studio.play(STRIKE)
    assert studio.loudest(0.3) > HEARD
