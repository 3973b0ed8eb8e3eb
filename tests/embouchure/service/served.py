"""The program with its page, served on a JACK server of its own, and a client of it."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx2

from tests.embouchure.studio import Instrument, Studio, ended, wait_for

NAME = "embouchure-served"
START_S = 60.0


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
