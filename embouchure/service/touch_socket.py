"""The socket of a surface: frames of touches in, an echo of each out."""

import asyncio
from contextlib import suppress
from typing import Final

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

from embouchure.errors import ProgramError
from embouchure.service.stage import Stage
from embouchure.service.surfaces import Seat, Surfaces
from embouchure.service.touch_frames import FrameError, echo, parse

PATH: Final = "/api/v1/touch"
LOOK_EVERY_S: Final = 0.05
WRONG_FRAME: Final = 1008
TRY_LATER: Final = 1013


class Stand:
    """Where surfaces connect; it looks after them as long as there are any."""

    def __init__(self, surfaces: Surfaces) -> None:
        self._surfaces = surfaces
        self._looking: asyncio.Task[None] | None = None

    async def welcome(self, socket: WebSocket) -> None:
        """Let one surface play until it leaves."""
        try:
            seat = self._surfaces.sit()
        except ProgramError as error:
            await socket.close(TRY_LATER, f"{error}."[:120])
            return
        self._looking = self._looking or asyncio.create_task(self._look())
        try:
            await _play(socket, seat)
        finally:
            with suppress(ProgramError):  # the session has ended, and every touch with it
                self._surfaces.leave(seat)

    async def _look(self) -> None:
        while self._surfaces.names:
            with suppress(ProgramError):
                self._surfaces.look()
            await asyncio.sleep(LOOK_EVERY_S)
        self._looking = None


async def _play(socket: WebSocket, seat: Seat) -> None:
    try:
        while True:
            frame = parse(await _received(socket))
            seat.play(frame)
            await socket.send_bytes(echo(frame))
    except FrameError as error:
        await socket.close(WRONG_FRAME, f"{error}."[:120])
    except (WebSocketDisconnect, RuntimeError, ProgramError):
        return


async def _received(socket: WebSocket) -> bytes:
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1000))
    data = message.get("bytes")
    if data is None:
        raise FrameError("touch frames are binary, not text")
    return bytes(data)


def add_touch_socket(app: FastAPI, stage: Stage) -> None:
    """Offer the socket."""
    stand = Stand(Surfaces(stage.perform_bytes, stage.close_input))

    @app.websocket(PATH)
    async def play(socket: WebSocket) -> None:
        await socket.accept()
        await stand.welcome(socket)
