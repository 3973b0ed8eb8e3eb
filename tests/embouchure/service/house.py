"""A house for tests: the service's application over a stage on which no engine plays, only a note of commands."""

import time
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from fastapi.testclient import TestClient
from starlette.testclient import WebSocketTestSession

from embouchure.service.app import guarded, make_app
from embouchure.service.stage import Stage
from presets.preset import Preset
from presets.spaces import factory_space

PORT = 4880
ADDRESS = f"http://127.0.0.1:{PORT}"


class Prompter:
    """In place of the relay: notes what the engine is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.changes: list[dict[str, Any]] = []

    def tell(self, word: str, **fields: Any) -> None:  # noqa: ANN401
        self.told.append((word, fields))

    def change(self, **settings: Any) -> None:  # noqa: ANN401
        self.changes.append(settings)


class House:
    """A stage, what the engine is told, and a client on this computer."""

    def __init__(self) -> None:
        self.stage = Stage()
        self.engine = Prompter()
        self.stage.open(self.engine, factory_space().sha256)
        self.client = TestClient(guarded(make_app(self.stage), PORT), base_url=ADDRESS)

    @property
    def told(self) -> tuple[str, dict[str, Any]]:
        """What the engine was told last."""
        return self.engine.told[-1]

    def last_tone(self) -> float | None:
        """The share of the morph that is played now."""
        packed = b64decode(self.told[1]["tone"]["file"])
        return Preset.open(packed).card.morph_share

    def eventually(self, holds: Callable[[], object], seconds: float = 5.0) -> bool:
        """Whether something holds in time."""
        until_s = time.monotonic() + seconds
        while time.monotonic() < until_s:
            with suppress(LookupError):
                if holds():
                    return True
            time.sleep(0.02)
        return False

    def refuses(self, method: str, path: str, **sent: Any) -> str:  # noqa: ANN401
        """Ask for what cannot be had, and return the sentence."""
        answer = self.client.request(method, f"/api/v1{path}", **sent)
        assert 400 <= answer.status_code < 500, answer.text
        detail = answer.json()["detail"]
        assert isinstance(detail, str)
        assert detail.endswith(".")
        return detail

    def ask(self, method: str, path: str, **sent: Any) -> Any:  # noqa: ANN401
        """Ask for what can be had, and return the answer's JSON, if it has any."""
        answer = self.client.request(method, f"/api/v1{path}", **sent)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def socket(self, path: str, **headers: str) -> WebSocketTestSession:
        """Open a socket."""
        address = f"ws://127.0.0.1:{PORT}/api/v1{path}"
        return self.client.websocket_connect(address, headers=headers)


@contextmanager
def opened() -> Iterator[House]:
    """Open a house, and close its connections in the end."""
    house = House()
    with house.client:
        yield house
