"""The takes: what was played, each as a Standard MIDI File."""

from typing import Any

from fastapi import APIRouter, Response

from embouchure.service.bodies import Name, Switch
from embouchure.service.stage import Stage
from embouchure.shelf import find_take, list_takes

MIDI = "audio/midi"


def routes(stage: Stage) -> APIRouter:
    """Make the routes."""
    router = APIRouter(tags=["takes"])

    @router.get("/takes")
    def takes() -> list[dict[str, Any]]:
        """List the takes, newest first."""
        return list_takes()

    @router.get(
        "/takes/{name}",
        response_class=Response,
        responses={200: {"content": {MIDI: {}}, "description": "A Standard MIDI File."}},
    )
    def take(name: Name) -> Response:
        """Give a take's MIDI file."""
        headers = {"content-disposition": 'attachment; filename="take.mid"'}
        return Response(find_take(name).read_bytes(), media_type=MIDI, headers=headers)

    @router.put("/recording")
    def record(asked: Switch) -> dict[str, Any] | None:
        """Begin to record, or end it and keep what was played since as a take."""
        return stage.record(on=asked.on)

    @router.post("/capture", status_code=201)
    def capture() -> dict[str, Any]:
        """Keep what was just played as a take of its own."""
        return stage.capture()

    return router
