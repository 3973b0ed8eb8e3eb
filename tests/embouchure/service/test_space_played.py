"""What the service shows of a space is of the one that is played, whichever that is."""

import json
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.testclient import WebSocketTestSession

from embouchure.errors import ProgramError
from embouchure.service import plane, view_socket
from embouchure.service.explorer import Explorer
from embouchure.service.places import Places
from embouchure.service.routes import space
from embouchure.service.stage import Stage
from embouchure.service.view_frames import IS_PLACED
from presets.spaces import factory_space
from synth.controls import CODE_SIZE
from tests.embouchure.studio import wait_for

OTHER = "b" * 64


class Silent:
    """A relay whose engine does not sound."""

    def look(self) -> None:
        """See nothing."""


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def errands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[str, ...]]:
    """What was asked of other processes; whichever space is laid out has no sounds."""
    asked: list[tuple[str, ...]] = []

    def run(*words: str, **_: float) -> dict[str, Any]:
        asked.append(words)
        return {"space": words[-1], "sounds": []}

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(plane, "run_errand", run)
    plane._plane.cache_clear()
    return asked


def drawn(stage: Stage) -> Any:  # noqa: ANN401
    app = FastAPI()
    app.include_router(space.routes(stage))
    return TestClient(app).get("/space/map").json()["space"]


def play(stage: Stage, space_sha256: str) -> None:
    stage.open(Silent(), space_sha256)  # type: ignore[arg-type]


def test_the_map_is_of_the_space_that_is_played(stage: Stage, errands: list[tuple[str, ...]]):
    play(stage, OTHER)
    assert drawn(stage) == OTHER
    assert errands == [("space", "map", "--space", OTHER)]


@pytest.mark.usefixtures("errands")
def test_before_anything_is_played_it_is_the_factorys(stage: Stage):
    assert drawn(stage) == factory_space().sha256


def test_a_plane_is_laid_out_once_and_kept(
    stage: Stage, errands: list[tuple[str, ...]], tmp_path: Path
):
    play(stage, OTHER)
    assert drawn(stage) == drawn(stage)
    (kept,) = tmp_path.rglob("planes/*.json")
    assert json.loads(kept.read_bytes())["space"] == kept.stem == OTHER
    assert len(errands) == 1


def test_clients_are_told_which_space_is_played(stage: Stage):
    assert stage.state()["space"] is None
    play(stage, OTHER)
    assert stage.state()["space"] == OTHER


@contextmanager
def looking(stage: Stage) -> Iterator[WebSocketTestSession]:
    app = FastAPI()
    view_socket.add_view_socket(app, stage)
    with TestClient(app).websocket_connect(view_socket.PATH) as page:
        yield page


def is_placed(page: WebSocketTestSession) -> bool:
    (flags,) = struct.unpack_from("<H", page.receive_bytes(), 2)
    page.send_bytes(b"\1")
    return bool(flags & IS_PLACED)


def test_voices_lie_where_they_do_in_the_space_that_is_played(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    known = factory_space().sha256

    def lay_out(space_sha256: str) -> Places:
        if space_sha256 != known:
            raise ProgramError("it cannot be laid out")
        return Places(np.eye(2, CODE_SIZE, dtype=np.float32), np.zeros((2, 2), np.float32))

    monkeypatch.setattr(view_socket, "lay_out", lay_out)
    play(stage, known)
    with looking(stage) as page:
        assert wait_for(lambda: is_placed(page), 5.0)
        play(stage, OTHER)
        assert wait_for(lambda: not is_placed(page), 5.0)
        play(stage, known)
        assert wait_for(lambda: is_placed(page), 5.0)


def test_sounds_are_found_in_the_space_that_is_played(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    begun: list[tuple[str, ...]] = []

    def begin(*words: str) -> None:
        begun.append(words)
        raise ProgramError("that is enough")

    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr("embouchure.service.explorer.begin_errand", begin)
    with pytest.raises(ProgramError, match="enough"):
        Explorer().begin("caves", 9, None, OTHER)
    assert begun == [("explore", "new", "caves", "--jobs", "1", "--count", "9", "--space", OTHER)]
