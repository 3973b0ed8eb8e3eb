"""The connections: bounded in number, and cut when nothing is asked on them or nothing taken from them."""

import asyncio
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

MAX_CONNECTIONS: Final = 64
"""A page in a browser has up to nine at once: six for files, three sockets."""
REQUEST_S: Final = 10.0
"""How long nothing may come of a request that is not whole."""
STALLED_S: Final = 5.0
"""How long a client may take nothing of what waits for it."""
UNFINISHED: Final = (h11.IDLE, h11.SEND_BODY)
"""A client whose request is still to come, whole or the rest of it."""


class Impatient(asyncio.Protocol):
    """Cuts a connection whose client takes nothing; one that takes little by little may go on."""

    loop: asyncio.AbstractEventLoop
    transport: Any
    _stalling: asyncio.TimerHandle | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        super().connection_lost(exc)
        self._calm_down()

    def pause_writing(self) -> None:
        """Wait for a client that takes nothing, but not for ever."""
        super().pause_writing()
        self._wait_for_less(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """Go on with a client that takes something again."""
        super().resume_writing()
        self._calm_down()

    def _wait_for_less(self, n_bytes: int) -> None:
        self._stalling = self.loop.call_later(STALLED_S, self._look_again, n_bytes)

    def _look_again(self, n_bytes: int) -> None:
        left_bytes = self.transport.get_write_buffer_size()
        if left_bytes < n_bytes:
            self._wait_for_less(left_bytes)
        else:
            self.transport.abort()

    def _calm_down(self) -> None:
        if self._stalling:
            self._stalling.cancel()


class Http(Impatient, H11Protocol):
    """A connection on which requests come."""

    _asking: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, unless there are too many."""
        super().connection_made(transport)
        if len(self.connections) > MAX_CONNECTIONS:
            transport.abort()
        else:
            self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        super().connection_lost(exc)
        if self._asking:
            self._asking.cancel()

    def data_received(self, data: bytes) -> None:
        """Take a piece of a request."""
        super().data_received(data)
        self._expect()

    def _expect(self) -> None:
        """Wait for more of a request, but not for ever."""
        if self._asking:
            self._asking.cancel()
        self._asking = self.loop.call_later(REQUEST_S, self._give_up)

    def _give_up(self) -> None:
        if self in self.connections and self.conn.their_state in UNFINISHED:
            self.transport.abort()


class Socket(Impatient, WebSocketsSansIOProtocol):
    """A WebSocket."""
