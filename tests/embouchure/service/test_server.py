"""The server on real sockets: bounded whatever clients do, and gone when the program ends."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import httpx2
import pytest
from websockets.sync.client import ClientConnection, connect

from embouchure.commands import live
from embouchure.errors import ProgramError
from embouchure.service import connections
from embouchure.service.connections import MAX_CONNECTIONS, STALLED_S
from embouchure.service.port import HOST, PortTakenError, bind
from embouchure.service.server import Server
from embouchure.service.stage import Stage
from tests.embouchure.service.house import Prompter
from tests.embouchure.studio import wait_for

ENDS_S = 8.0
"""Patience with an end; whoever is connected would hold it for ever."""


class Hall:
    """A server on a port of its own, and its stage."""

    def __init__(self) -> None:
        self.stage = Stage()
        self.server = Server(self.stage, bind(HOST, 0))
        self.server.start()
        self.port = int(self.server.address.rpartition(":")[2])
        assert wait_for(self.answers, 20.0)

    def answers(self) -> bool:
        with suppress(httpx2.HTTPError):
            return httpx2.get(f"{self.server.address}/api/v1/state", timeout=5).is_success
        return False

    def n_connections(self) -> int:
        """How many connections there are, as the server knows."""
        assert self.server._server
        return len(self.server._server.server_state.connections)

    def follow(self) -> ClientConnection:
        """Follow the state."""
        return connect(f"ws://{HOST}:{self.port}/api/v1/state", compression=None)

    def knock(self, request: bytes = b"") -> socket.socket:
        """Open a connection, send something, and leave it there."""
        made = socket.create_connection((HOST, self.port), timeout=10)
        made.sendall(request)
        return made

    def raw(self, line: str) -> bytes:
        """Ask for a path exactly as it is written."""
        request = f"GET {line} HTTP/1.1\r\nHost: {HOST}:{self.port}\r\nConnection: close\r\n\r\n"
        with self.knock(request.encode("latin-1")) as made:
            return b"".join(iter(lambda: made.recv(65536), b""))


@pytest.fixture(scope="module")
def hall() -> Iterator[Hall]:
    made = Hall()
    yield made
    made.server.end()


PATHS = (
    "/../../../../etc/passwd",
    "/..%2f..%2f..%2f..%2fetc%2fpasswd",
    "/%2e%2e/%2e%2e/pyproject.toml",
    "/....//....//etc/passwd",
    "//etc/passwd",
    "/api/v1/takes/..%2F..%2F..%2Fetc%2Fpasswd",
    "/api/v1/presets/%2Fetc%2Fpasswd",
    "/api/v1/presets/..%5C..%5Cwindows%5Cwin.ini/export",
    "/\x00",
    "/%00",
    "/style.css%00.html",
)


@pytest.mark.parametrize("path", PATHS)
def test_no_path_leads_out_of_the_page(hall: Hall, path: str):
    answer = hall.raw(path)
    assert answer.startswith((b"HTTP/1.1 4",))
    assert b"root:" not in answer


def test_a_hundred_megabytes_are_refused_before_they_are_sent(hall: Hall):
    head = f"POST /api/v1/presets/import HTTP/1.1\r\nHost: {HOST}:{hall.port}\r\n"
    with hall.knock(f"{head}Content-Length: 104857600\r\n\r\n".encode()) as made:
        assert made.recv(4096).startswith(b"HTTP/1.1 413")
        sent = 0
        with suppress(OSError):
            while sent < 100 * 2**20:
                sent += made.send(bytes(2**16))
    assert sent < 20 * 2**20
    assert hall.answers()


def test_of_a_thousand_sockets_so_many_stay_as_there_is_room_for(hall: Hall):
    with ExitStack() as stack:
        n_open = 0
        for _ in range(1000):
            with suppress(OSError):
                stack.enter_context(hall.knock())
                n_open += 1
        assert n_open > 900
        assert wait_for(lambda: hall.n_connections() <= MAX_CONNECTIONS, 5.0)
    assert wait_for(hall.answers, 5.0)


def test_whoever_takes_nothing_is_let_go_while_others_follow(hall: Hall):
    key = "dGhlIHNhbXBsZSBub25jZQ=="
    upgrade = (
        f"GET /api/v1/state HTTP/1.1\r\nHost: {HOST}:{hall.port}\r\nConnection: Upgrade\r\n"
        f"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n"
    )
    slow = socket.socket()
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    slow.connect((HOST, hall.port))
    slow.sendall(upgrade.encode())
    assert wait_for(lambda: hall.stage.state()["clients"] == 1, 5.0)
    with hall.follow() as quick:
        quick.recv(timeout=5)
        until_s = time.monotonic() + STALLED_S + 8
        count = 0
        while hall.stage.state()["clients"] > 1 and time.monotonic() < until_s:
            count += 1
            hall.stage.set(guide={"text": "x" * 400_000, "count": count})
            assert "patch" in json.loads(quick.recv(timeout=5))
        assert hall.stage.state()["clients"] == 1
    slow.close()
    hall.stage.set(guide=None)


def is_cut(connection: socket.socket, seconds: float) -> bool:
    """Whether the other side closes a connection in time."""
    connection.settimeout(seconds)
    with suppress(ConnectionError):
        try:
            return connection.recv(1) == b""
        except TimeoutError:
            return False
    return True


def test_whoever_breaks_off_in_a_request_is_let_go(hall: Hall, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(connections, "REQUEST_S", 0.3)
    head = f"POST /api/v1/step HTTP/1.1\r\nHost: {HOST}:{hall.port}\r\n"
    body = 'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"st'
    for broken_off in ("", head, head + body):
        with hall.knock(broken_off.encode()) as client:
            assert is_cut(client, 3.0), broken_off


def test_whoever_takes_little_by_little_gets_all(hall: Hall, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(connections, "STALLED_S", 1.0)
    length, taken, begun_s = 8_000_000, 0, time.monotonic()
    hall.stage.set(guide={"text": "x" * length})
    request = f"GET /api/v1/state HTTP/1.1\r\nHost: {HOST}:{hall.port}\r\n\r\n"
    with ExitStack() as stack:
        stack.callback(hall.stage.set, guide=None)
        slow = stack.enter_context(hall.knock(request.encode()))
        while taken < length and (piece := slow.recv(2**16)):
            taken += len(piece)
            time.sleep(0.015)
    assert taken >= length
    assert time.monotonic() - begun_s > connections.STALLED_S + 0.5


def test_patches_come_fifteen_times_a_second_and_end_with_the_newest(hall: Hall):
    with hall.follow() as client:
        client.recv(timeout=5)
        begun_s, patches = time.monotonic(), []
        for value in range(400):
            hall.stage.set(macros=[value / 400, 0.0, 0.0, 0.0])
            time.sleep(0.0025)
        took_s = time.monotonic() - begun_s
        while not patches or patches[-1]["macros"][0] != 399 / 400:
            patches.append(json.loads(client.recv(timeout=5))["patch"])
    assert len(patches) <= 15 * took_s + 2
    assert len(patches) > 3


def test_small_answers_go_at_once(hall: Hall):
    with hall.follow() as client:
        client.recv(timeout=5)
        (connection,) = hall.server._server.server_state.connections
        accepted = connection.transport.get_extra_info("socket")
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_page_that_is_opened_twice_is_told_the_same(hall: Hall):
    with hall.follow() as one, hall.follow() as other:
        hall.stage.set(preset="bow")
        for client in (one, other):
            told = {}
            while told.get("preset") != "bow":
                message = json.loads(client.recv(timeout=5))
                told |= message.get("patch", message)
            assert told["preset"] == "bow"


def test_a_port_that_is_taken_is_told_in_one_sentence(hall: Hall):
    with pytest.raises(PortTakenError, match=f"port {hall.port} cannot be used .* --port"):
        bind(HOST, hall.port)


def test_a_tablet_joins_and_parts(hall: Hall):
    assert wait_for(lambda: hall.stage.sharing, 5.0)
    sharing = hall.stage.sharing
    assert sharing
    sharing.begin(HOST)
    address = str(sharing.describe()["address"])
    assert wait_for(lambda: _status(address.partition("/join")[0]) == 403, 5.0)
    with httpx2.Client(follow_redirects=True) as tablet:
        tablet.get(address)
        assert tablet.get(address.partition("/join")[0] + "/api/v1/state").is_success
    assert _status(address) == 403
    sharing.end()
    with pytest.raises(httpx2.HTTPError):
        httpx2.get(address, timeout=2)


def test_a_command_line_commands_what_is_served(hall: Hall, monkeypatch: pytest.MonkeyPatch):
    told = Prompter()
    monkeypatch.setattr(hall.stage, "_relay", told)
    assert live.ask(hall.port, "GET", "state")["v"] == 1
    live.ask(hall.port, "PUT", "macros/2", {"value": 0.5})
    assert told.told == [("macro", {"number": 1, "value": 0.5})]
    with pytest.raises(ProgramError, match="^there is no preset 'kazoo'"):
        live.ask(hall.port, "POST", "select", {"preset": "kazoo"})


def test_a_command_line_is_told_that_nothing_is_served():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = int(other.getsockname()[1])
    with pytest.raises(ProgramError, match=f"no session is served at port {port}"):
        live.ask(port, "GET", "state")


def _status(address: str) -> int:
    with suppress(httpx2.HTTPError):
        return httpx2.get(address, timeout=2).status_code
    return 0


def test_it_ends_without_waiting_for_whoever_is_connected():
    hall = Hall()
    with hall.follow() as client, hall.knock(), hall.knock(b"GET /api/v1/state HTTP/1.1\r\n"):
        client.recv(timeout=5)
        begun_s = time.monotonic()
        hall.server.end()
        assert time.monotonic() - begun_s < ENDS_S
    with pytest.raises(OSError, match="refused"):
        hall.knock()
