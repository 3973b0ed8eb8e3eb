"""The view's socket: the newest frame, up to 60 times a second, as fast as a client acknowledges."""

import asyncio
import threading
import time
from contextlib import suppress
from typing import Final

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

from embouchure.errors import player_errors
from embouchure.service.places import Places
from embouchure.service.plane import plane
from embouchure.service.stage import Stage
from embouchure.service.view_frames import Frames
from presets.spaces import named_space

PATH: Final = "/api/v1/view"
EVERY_S: Final = 1 / 60
PATIENCE_S: Final = 5.0
"""A client that acknowledges nothing for so long is let go."""
MAX_CLIENTS: Final = 16
TRY_LATER: Final = 1013


class Gallery:
    """Those who look: they share each frame, and charts are laid out when somebody looks."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._frames = Frames(stage.look, EVERY_S / 2, time.monotonic)
        self._places: dict[str, Places | None] = {"": None}
        """By space; None until its codes lie on its chart."""
        self._n_clients = 0

    async def show(self, socket: WebSocket) -> None:
        """Show one client the newest frames until it leaves."""
        if self._n_clients >= MAX_CLIENTS:
            await socket.close(TRY_LATER, f"{MAX_CLIENTS} look already; close another page")
            return
        self._n_clients += 1
        try:
            with suppress(WebSocketDisconnect, RuntimeError, KeyError):
                await self._stream(socket)
        finally:
            self._n_clients -= 1

    async def _stream(self, socket: WebSocket) -> None:
        next_s = time.monotonic()
        try:
            while True:
                self._follow_space()
                await asyncio.wait_for(socket.send_bytes(self._frames.newest()), PATIENCE_S)
                await asyncio.wait_for(socket.receive_bytes(), PATIENCE_S)
                next_s = max(next_s + EVERY_S, time.monotonic())
                await asyncio.sleep(next_s - time.monotonic())
        except TimeoutError:
            await socket.close(TRY_LATER, "no frame was acknowledged; connect again")

    def _follow_space(self) -> None:
        """Show codes where they lie in the space that is played; frames go on while that is learned."""
        space = self._stage.space_sha256
        if space not in self._places:
            self._places[space] = None
            threading.Thread(target=self._lay_out, args=[space], name="chart", daemon=True).start()
        self._frames.places = self._places[space]

    def _lay_out(self, space: str) -> None:
        with suppress(*player_errors()):
            self._places[space] = lay_out(space)


def lay_out(space_sha256: str) -> Places:
    """Put the codes of an installed space on its chart."""
    return Places.on(plane(space_sha256), named_space(space_sha256))


def add_view_socket(app: FastAPI, stage: Stage) -> None:
    """Offer the socket."""
    gallery = Gallery(stage)

    @app.websocket(PATH)
    async def show(socket: WebSocket) -> None:
        await socket.accept()
        await gallery.show(socket)
