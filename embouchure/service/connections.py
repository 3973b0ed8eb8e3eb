"""The connections: bounded in number, and cut when nothing is asked on them or nothing taken from them."""

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

MAX_CONNECTIONS: Final = 64
"""A page in a browser has up to nine at once: six for files, three sockets."""
FIRST_REQUEST_S: Final = 10.0
"""How long a connection may take to ask for something whole."""
STALLED_S: Final = 5.0
"""How long a client may take nothing of what waits for it."""


class Http(H11Protocol):
    """A connection on which requests come."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, unless there are too many."""
        super().connection_made(transport)
        if len(self.connections) > MAX_CONNECTIONS:
            transport.abort()
            return
        self._asking = self.loop.call_later(FIRST_REQUEST_S, self._give_up)
        self._stalling: asyncio.TimerHandle | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        super().connection_lost(exc)
        for timer in (getattr(self, "_asking", None), getattr(self, "_stalling", None)):
            if timer:
                timer.cancel()

    def pause_writing(self) -> None:
        """Wait for a client that takes nothing, but not for ever."""
        super().pause_writing()
        self._stalling = self.loop.call_later(STALLED_S, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on with a client that takes something again."""
        super().resume_writing()
        if self._stalling:
            self._stalling.cancel()

    def _give_up(self) -> None:
        if self in self.connections and self.cycle is None:
            self.transport.abort()


class Socket(WebSocketsSansIOProtocol):
    """A WebSocket."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401
        super().__init__(*arguments, **named)
        self._stalling: asyncio.TimerHandle | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the socket."""
        super().connection_lost(exc)
        if self._stalling:
            self._stalling.cancel()

    def pause_writing(self) -> None:
        """Wait for a client that takes nothing, but not for ever."""
        super().pause_writing()
        self._stalling = self.loop.call_later(STALLED_S, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on with a client that takes something again."""
        super().resume_writing()
        if self._stalling:
            self._stalling.cancel()
