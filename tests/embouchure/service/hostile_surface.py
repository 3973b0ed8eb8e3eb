"""A hostile surface for tests: frames that are right, spoilt or nonsense, over a real socket.

`python -m tests.embouchure.service.hostile_surface 100000` sends so many.
"""

import random
import struct
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from unittest.mock import patch

import numpy as np
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from embouchure.service.places import Places
from embouchure.service.port import HOST, bind
from embouchure.service.server import Server
from embouchure.service.stage import Stage
from embouchure.service.touch_frames import TouchFrame, pack
from mapper.listener import Listener
from mapper.surface import Finger, Phase
from synth.controls import CODE_SIZE
from synth.engine.telemetry import Snapshot
from tests.embouchure.studio import wait_for
from tests.synth.toy import make_engine, strike

CORNERS = Places(4 * np.eye(4, CODE_SIZE, dtype=np.float32), np.eye(4, 2, dtype=np.float32))
"""A chart with four sounds."""
WAITING = 64
"""Frames that are on their way at once."""


class Hall:
    """The real service over a listener for each input, in place of the engine process."""

    def __init__(self) -> None:
        self.listeners: dict[str, Listener] = {}
        self.engine = make_engine()
        self.engine.push(strike(5))
        self.engine.render(640)
        self.n_told = 0
        self._lock = threading.Lock()

    def tell(self, command: str, **fields: object) -> None:
        self.n_told += 1
        if command == "hear":
            with self._lock:
                listener = self.listeners.setdefault(str(fields["input"]), Listener())
                listener.hear(bytes.fromhex(str(fields["data"])), 0.0)

    def look(self) -> Snapshot | None:
        return self.engine.snapshot()

    def n_held(self) -> int:
        with self._lock:
            return sum(len(listener.touches()) for listener in self.listeners.values())


@contextmanager
def serving(hall: Hall) -> Iterator[str]:
    """Serve, and give the address of its sockets."""
    stage = Stage()
    stage.open(hall, "")
    server = Server(stage, bind(HOST, 0))
    with patch("embouchure.service.view_socket.lay_out", lambda: CORNERS):
        server.start()
        try:
            yield server.address.replace("http", "ws") + "/api/v1"
        finally:
            server.end()


@contextmanager
def opened(address: str) -> Iterator[ClientConnection]:
    """Connect, as soon as it answers."""
    with ExitStack() as stack:
        connections: list[ClientConnection] = []

        def attempt() -> bool:
            with suppress(OSError):
                connections.append(stack.enter_context(connect(address, compression=None)))
            return bool(connections)

        assert wait_for(attempt, 20.0)
        yield connections[0]


def _finger(rng: random.Random) -> Finger:
    dimensions = [rng.uniform(-2.0, 130.0) for _ in range(5)]
    return Finger(rng.randrange(20), rng.choice(list(Phase)), *dimensions)


def _frame(rng: random.Random) -> bytes | str:
    """Write a frame; one of seven is spoilt somewhere, and some are no frames at all."""
    fingers = {one.number: one for one in (_finger(rng) for _ in range(rng.randrange(17)))}
    told = bytearray(pack(TouchFrame(rng.randrange(65536), 0, tuple(fingers.values()))))
    fate = rng.randrange(700)
    if fate < 70:
        told[rng.randrange(len(told))] = rng.randrange(256)
    elif fate < 80:
        return bytes(told[: rng.randrange(len(told))])
    elif fate < 90:
        return rng.randbytes(rng.randrange(500))
    elif fate < 95:
        return "touch"
    elif fate < 100:
        told += struct.pack("<f", float("nan"))
    return bytes(told)


class HostileSurface:
    """Sends frames and reads their echoes; refused, it comes again."""

    def __init__(self, address: str, seed: int) -> None:
        self._address = f"{address}/touch"
        self._rng = random.Random(seed)
        self.reasons: set[str] = set()
        self.n_sent = self.n_refused = 0

    def play(self, n_frames: int) -> None:
        """Send so many frames."""
        while self.n_sent < n_frames:
            with opened(self._address) as socket:
                self._play_on(socket, n_frames)

    def _play_on(self, socket: ClientConnection, n_frames: int) -> None:
        try:
            self._pour(socket, n_frames)
        except ConnectionClosed as closed:
            self.n_refused += 1
            self.reasons.add(f"{closed.rcvd.code} {closed.rcvd.reason}" if closed.rcvd else "none")

    def _pour(self, socket: ClientConnection, n_frames: int) -> None:
        n_waiting = 0
        while self.n_sent < n_frames:
            socket.send(_frame(self._rng))
            self.n_sent += 1
            n_waiting += 1
            if n_waiting == WAITING:
                for _ in range(n_waiting):
                    socket.recv(timeout=5.0)
                n_waiting = 0


def main(n_frames: int) -> None:
    """Send so many frames to the real service and say what became of them."""
    hall = Hall()
    with serving(hall) as address:
        surface = HostileSurface(address, seed=2)
        started_s = time.monotonic()
        surface.play(n_frames)
        seconds = time.monotonic() - started_s
        has_ended = wait_for(lambda: not hall.n_held(), 2.0)
    sys.stdout.write(
        f"{surface.n_sent} frames in {seconds:.1f} s, {surface.n_refused} connections refused for "
        f"{len(surface.reasons)} reasons; touches held at the end: {0 if has_ended else hall.n_held()}\n"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
