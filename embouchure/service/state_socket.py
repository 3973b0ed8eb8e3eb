"""The state's socket: a client gets everything once, then whatever is new, 15 times a second at most."""

import asyncio
from typing import Final

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

from embouchure.service.stage import Stage

PATH: Final = "/api/v1/state"
PATCH_EVERY_S: Final = 1 / 15
PATIENCE_S: Final = 5.0
"""A client that takes nothing for so long is let go."""
TOO_SLOW: Final = 1013


def add_state_socket(app: FastAPI, stage: Stage) -> None:
    """Offer the socket."""

    @app.websocket(PATH)
    async def follow(socket: WebSocket) -> None:
        await socket.accept()
        stage.live.update("clients", lambda before: before + 1)
        sending = asyncio.create_task(_send(socket, stage))
        try:
            while True:
                await socket.receive()
        except (WebSocketDisconnect, RuntimeError):
            return
        finally:
            sending.cancel()
            stage.live.update("clients", lambda before: before - 1)


async def _send(socket: WebSocket, stage: Stage) -> None:
    changed, loop = asyncio.Event(), asyncio.get_running_loop()

    def tell() -> None:
        loop.call_soon_threadsafe(changed.set)

    leave = stage.listen(tell)
    try:
        number, snapshot = stage.live.since(-1)
        await asyncio.wait_for(socket.send_json(snapshot), PATIENCE_S)
        while True:
            await changed.wait()
            changed.clear()
            number, patch = stage.live.since(number)
            if patch:
                await asyncio.wait_for(socket.send_json({"patch": patch}), PATIENCE_S)
            await asyncio.sleep(PATCH_EVERY_S)
    except TimeoutError:
        await socket.close(TOO_SLOW)
    except (WebSocketDisconnect, RuntimeError):
        return
    finally:
        leave()
