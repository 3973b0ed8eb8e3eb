"""The whole program with its page: played, commanded, attacked, killed and started again."""

import json
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest
from websockets.sync.client import connect

from mapper.performance import read
from tests.embouchure.studio import (
    LIFT,
    PATIENT,
    STRIKE,
    Instrument,
    Server,
    Studio,
    ended,
    wait_for,
)

pytestmark = pytest.mark.jack

NAME = "embouchure-served"
END_S = 1.2
START_S = 60.0
SONGS = [{"preset": "breath"}, {"preset": "mallet", "title": "Second", "transpose_semitones": 12}]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    made = Server(NAME, *PATIENT)
    yield made.name
    made.stop()


class Served(Instrument):
    """The program with its page, and a client of it."""

    COMMAND = "serve"
    READY = "The page is at"

    def __init__(self, server: str, folder: Path, *options: str) -> None:
        super().__init__(server, folder, "--no-open", "--port", "0", *options)
        line = next(line for line in self.said if self.READY in line)
        self.address = line.split()[-1].rstrip(".")
        assert wait_for(self._answers, START_S)

    def _answers(self) -> bool:
        with suppress(httpx2.HTTPError):
            return httpx2.get(f"{self.address}/api/v1/state").is_success
        return False

    def ask(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401
        """Ask for something, and return the answer."""
        answer = httpx2.request(method, f"{self.address}/api/v1{path}", json=body, timeout=60)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def becomes(self, holds: Callable[[dict[str, Any]], object], seconds: float = 10.0) -> bool:
        """Whether the state is so in time."""
        return wait_for(lambda: holds(self.ask("GET", "/state")), seconds)


Serve = Callable[..., Served]


@contextmanager
def playing(server: str, folder: Path) -> Iterator[tuple[Studio, Serve]]:
    with ExitStack() as stack:
        studio = Studio.open(server)
        stack.callback(studio.close)

        def start(*options: str) -> Served:
            served = Served(server, folder, "--host-api", "JACK", *options)
            stack.enter_context(ended(served))
            studio.connect()
            return served

        yield studio, start
    assert stack


@pytest.fixture
def stage(server: str, tmp_path: Path) -> Iterator[tuple[Studio, Serve]]:
    with playing(server, tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def played(
    server: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Studio, Served]]:
    with playing(server, tmp_path_factory.mktemp("played")) as (studio, start):
        yield studio, start()


def test_a_preset_selected_on_the_page_is_heard_and_told(played: tuple[Studio, Served]):
    studio, served = played
    served.ask("POST", "/select", {"preset": "bow"})
    assert served.becomes(lambda state: state["preset"] == "bow")
    studio.play(STRIKE)
    assert studio.peak > 0.01
    studio.play(LIFT)


def test_panic_silences_a_held_note(played: tuple[Studio, Served]):
    studio, served = played
    studio.play(STRIKE)
    assert studio.loudest(0.2) > 0.01
    served.ask("POST", "/panic")
    assert studio.falls_silent(2.0)


def test_a_macro_turned_on_the_page_and_by_hand_is_told_alike(played: tuple[Studio, Served]):
    studio, served = played
    served.ask("PUT", "/macros/2", {"value": 0.25})
    assert served.becomes(lambda state: state["macros"][1] == 0.25)
    studio.play(b"\xb0\x11\x7f")
    assert served.becomes(lambda state: state["macros"][1] == 1.0)


def test_a_step_while_a_note_is_held_lets_it_sound_on(played: tuple[Studio, Served]):
    studio, served = played
    served.ask("POST", "/select", {"preset": "breath"})
    served.ask("POST", "/setlists", {"name": "friday"})
    served.ask("PUT", "/setlists/friday", {"entries": SONGS})
    served.ask("POST", "/setlists/friday/play")
    assert served.becomes(lambda state: state["setlist"] and state["setlist"]["place"] == 1)
    studio.play(STRIKE, b"\xd1\x60", pause_s=0.5)
    served.ask("POST", "/step", {"step": 1})
    assert served.becomes(lambda state: state["setlist"]["place"] == 2)
    assert served.ask("GET", "/state")["preset"] == "mallet"
    assert studio.loudest(0.3) > 0.01
    studio.play(LIFT)


def test_what_was_just_played_is_captured(played: tuple[Studio, Served]):
    studio, served = played
    studio.play(STRIKE, LIFT)
    name = served.ask("POST", "/capture")["name"]
    assert name in [take["name"] for take in served.ask("GET", "/takes")]


def test_a_flood_of_requests_neither_stops_the_sound_nor_loses_a_note(
    played: tuple[Studio, Served],
):
    studio, served = played
    served.ask("DELETE", "/setlist")
    served.ask("POST", "/select", {"preset": "breath"})
    with flooded(served.address):
        for _ in range(20):
            studio.play(STRIKE, b"\xd1\x60", LIFT, pause_s=0.05)
        assert studio.loudest(0.3) > 0.01
    journal = next(served.takes.glob("*.unfinished")).read_text()
    assert journal.count(STRIKE.hex()) >= 20


@contextmanager
def flooded(address: str) -> Iterator[None]:
    """Ask without pause, open sockets without end and upload too much, all at once."""
    is_over = threading.Event()
    host, port = address.removeprefix("http://").split(":")

    def ask() -> None:
        while not is_over.is_set():
            with suppress(httpx2.HTTPError):
                httpx2.get(f"{address}/api/v1/presets", timeout=5)

    def open_sockets() -> None:
        with ExitStack() as stack:
            for _ in range(500):
                with suppress(OSError):
                    stack.enter_context(socket.create_connection((host, int(port)), timeout=2))
            is_over.wait()

    def upload() -> None:
        while not is_over.is_set():
            with suppress(httpx2.HTTPError):
                httpx2.post(f"{address}/api/v1/presets/import", content=bytes(10 * 2**20))

    threads = [threading.Thread(target=one) for one in (ask, ask, open_sockets, upload)]
    for thread in threads:
        thread.start()
    yield
    is_over.set()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_at_once_while_a_page_is_open(
    stage: tuple[Studio, Serve], number: signal.Signals
):
    studio, start = stage
    served = start()
    with connect(f"ws{served.address.removeprefix('http')}/api/v1/state") as page:
        assert json.loads(page.recv())["v"] == 1
        studio.play(STRIKE, LIFT)
        assert served.end(number) < END_S
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


def test_a_port_that_is_taken_ends_in_one_sentence(server: str, tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        options = ("--host-api", "JACK", "--no-demo", "--page", "--port", port)
        instrument = Instrument(server, tmp_path, *options)
        assert instrument.process.wait(START_S) == 1
        assert instrument.process.stdout
        instrument.process.stdout.close()


def test_a_device_that_is_missing_is_said_and_another_is_used(server: str, tmp_path: Path):
    served = Served(server, tmp_path, "--device", "scarlett")
    with ended(served):
        assert served.says("no sound output 'scarlett'")
        assert served.becomes(lambda state: state["phase"]["name"] == "playing", START_S)
        served.end(signal.SIGTERM)
