"""The server: uvicorn in a thread of its own beside the session, which ends when the program does."""

import socket
import threading
from typing import TYPE_CHECKING, Final

from embouchure.service.stage import Stage

if TYPE_CHECKING:
    import uvicorn
    from starlette.types import ASGIApp

MAX_CONNECTIONS: Final = 128
MAX_MESSAGE_BYTES: Final = 64 * 2**10
MAX_HEADER_BYTES: Final = 32 * 2**10
IDLE_S: Final = 5
END_S: Final = 0.2
"""How long connections may take to end before they are cut."""


def configuration(app: "ASGIApp") -> "uvicorn.Config":
    """Configure a server so that nobody can make it keep much."""
    import uvicorn

    return uvicorn.Config(
        app,
        loop="asyncio",
        http="h11",
        ws="websockets-sansio",
        ws_max_size=MAX_MESSAGE_BYTES,
        ws_per_message_deflate=False,
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=MAX_CONNECTIONS,
        timeout_keep_alive=IDLE_S,
        h11_max_incomplete_event_size=MAX_HEADER_BYTES,
    )


class Server:
    """Serves a stage from a socket; nothing of the web is loaded before `start`.

    Parameters
    ----------
    stage
        What is served.
    listening
        A socket that `embouchure.service.port.bind` gave.
    """

    def __init__(self, stage: Stage, listening: socket.socket) -> None:
        self._stage = stage
        self._socket = listening
        self._server: uvicorn.Server | None = None
        self._is_ending = False
        self._thread = threading.Thread(target=self._serve, name="service", daemon=True)

    @property
    def address(self) -> str:
        """Where the page is."""
        host, port = self._socket.getsockname()
        return f"http://{host}:{port}"

    @property
    def has_started(self) -> bool:
        """Whether `start` was called."""
        return self._thread.ident is not None

    def start(self) -> None:
        """Load what is needed and serve, without making the caller wait."""
        self._thread.start()

    def _serve(self) -> None:
        import uvicorn

        from embouchure.service.app import guarded

        port = self._socket.getsockname()[1]
        self._server = uvicorn.Server(configuration(guarded(self._stage, port)))
        if not self._is_ending:
            self._server.run([self._socket])

    def end_soon(self) -> None:
        """Take no more requests."""
        self._is_ending = True
        if self._server:
            self._server.should_exit = True

    def end(self) -> None:
        """End every connection, those too that would rather stay."""
        self.end_soon()
        if self.has_started:
            self._thread.join(END_S)
        if self._server:
            self._server.force_exit = True
        if self.has_started:
            self._thread.join(END_S)
        self._socket.close()
