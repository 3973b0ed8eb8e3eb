"""The guard: what reaches the application comes from this computer's own pages and is not too large.

A page of any other site can make this browser send requests here, or let its own name mean this
computer's address (DNS rebinding); the headers `Origin` and `Host` give both away.
"""

from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from embouchure.service.refusals import TOO_LARGE, refusal

OWN_NAMES: Final = ("127.0.0.1", "localhost", "[::1]")
FORBIDDEN: Final = 403
MAX_BODY_BYTES: Final = 256 * 2**10
MAX_FILE_BYTES: Final = 32 * 2**20
FILE_PATHS: Final = ("/api/v1/presets/import",)
"""Where whole files may be sent."""
POLICY: Final = (
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


class Guard:
    """Stands between the sockets and the application.

    Parameters
    ----------
    app
        What is guarded.
    port
        Where it is served.
    names
        Hosts under which it may be asked for.
    """

    def __init__(self, app: ASGIApp, port: int, names: tuple[str, ...] = OWN_NAMES) -> None:
        self._app = app
        self._hosts = {f"{name}:{port}" for name in names}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on what is allowed."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif trouble := self._trouble(Headers(scope=scope)):
            await refuse(scope, receive, send, FORBIDDEN, trouble)
        elif scope["type"] == "websocket":
            await self._app(scope, receive, send)
        else:
            await self._answer(scope, receive, send)

    def _trouble(self, headers: Headers) -> str | None:
        known = ", ".join(sorted(self._hosts))
        if headers.get("host", "").lower() not in self._hosts:
            return f"this service is not called so; ask for it at {known}"
        origin = headers.get("origin")
        if origin is not None and origin.lower().removeprefix("http://") not in self._hosts:
            return f"pages of other sites are not served; open this service's own page at {known}"
        return None

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        limit = MAX_FILE_BYTES if scope["path"] in FILE_PATHS else MAX_BODY_BYTES
        body = _Body(receive, limit)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        if body.admits(Headers(scope=scope).get("content-length", "0")):
            await self._app(scope, body.receive, answer)
        else:
            await refuse(scope, receive, answer, TOO_LARGE, body.trouble)


class _Body:
    """Counts what a request brings."""

    def __init__(self, receive: Receive, limit_bytes: int) -> None:
        self._receive = receive
        self._left_bytes = limit_bytes
        self.trouble = (
            f"what was sent is too large; at most {limit_bytes // 1024} kB are taken here"
        )

    def admits(self, announced: str) -> bool:
        """Whether so much as is announced may come."""
        return announced.isdecimal() and int(announced) <= self._left_bytes

    async def receive(self) -> Message:
        """Take the next piece, and refuse the request once it is too large."""
        message = await self._receive()
        self._left_bytes -= len(message.get("body", b""))
        if self._left_bytes < 0:
            raise HTTPException(TOO_LARGE, self.trouble, {"connection": "close"})
        return message


async def refuse(scope: Scope, receive: Receive, send: Send, status: int, text: str) -> None:
    """Refuse a request, or a socket before it opens, in one sentence."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": ""})
        return
    await refusal(status, text, connection="close")(scope, receive, send)
