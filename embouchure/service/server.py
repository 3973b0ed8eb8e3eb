"""The server: uvicorn in a thread of its own beside the session, which ends when the program does."""

import asyncio
import logging
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from embouchure.folders import log_folder
from embouchure.service.sharing import Sharing
from embouchure.service.stage import Stage

if TYPE_CHECKING:
    import uvicorn
    from fastapi import FastAPI
    from starlette.types import ASGIApp

MAX_MESSAGE_BYTES: Final = 64 * 2**10
MAX_HEADER_BYTES: Final = 32 * 2**10
IDLE_S: Final = 5
END_S: Final = 0.2
"""How long connections may take to end before they are cut."""


def configuration(app: "ASGIApp") -> "uvicorn.Config":
    """Configure a server so that nobody can make it keep much."""
    import uvicorn

    from embouchure.service.connections import Http, Socket

    return uvicorn.Config(
        app,
        loop="asyncio",
        http=Http,
        ws=Socket,
        ws_max_size=MAX_MESSAGE_BYTES,
        ws_per_message_deflate=False,
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
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
        self._app: FastAPI | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
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

        from embouchure.service.app import guarded, make_app

        log_to_file()
        self._app = make_app(self._stage)
        port = self._socket.getsockname()[1]
        self._server = uvicorn.Server(configuration(guarded(self._app, port)))
        if not self._is_ending:
            asyncio.run(self._listen(self._server))

    async def _listen(self, server: "uvicorn.Server") -> None:
        self._loop = asyncio.get_running_loop()
        self._stage.sharing = Sharing(self._open_door)
        try:
            await server.serve([self._socket])
        except ValueError:  # its socket was closed before it had begun
            if not self._is_ending:
                raise

    def _open_door(self, listening: socket.socket, sharing: Sharing) -> Callable[[], None]:
        """Serve the network too, and return what ends that; any thread but the service's."""
        import uvicorn

        from embouchure.service.app import shared

        host, port = listening.getsockname()
        assert self._app
        server = uvicorn.Server(configuration(shared(self._app, sharing, host, port)))
        assert self._loop
        serving = asyncio.run_coroutine_threadsafe(server.serve([listening]), self._loop)

        def close() -> None:
            server.should_exit = server.force_exit = True
            with suppress(TimeoutError):
                serving.result(END_S * 5)
            listening.close()

        return close

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


def log_to_file() -> None:
    """Keep what the service and its server have to say out of the terminal, in the log folder."""
    handler: logging.Handler = logging.NullHandler()
    with suppress(OSError):
        folder = log_folder()
        folder.mkdir(parents=True, exist_ok=True)
        handler = logging.FileHandler(folder / "service.log", "w", delay=True)
    for name in ("uvicorn", "embouchure"):
        logger = logging.getLogger(name)
        logger.propagate = False
        logger.setLevel(logging.WARNING)
        logger.addHandler(handler)
