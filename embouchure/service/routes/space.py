"""The space: where its sounds lie on a plane."""

from typing import Any

from fastapi import APIRouter

from embouchure.service.plane import plane
from embouchure.service.stage import Stage


def routes(stage: Stage) -> APIRouter:
    """Make the routes."""
    router = APIRouter(prefix="/space", tags=["space"])

    @router.get("/map")
    def draw_map() -> dict[str, Any]:
        """Say where each named sound of the space that is played lies, across and up, -1 to 1."""
        return plane(stage.space_sha256)

    return router
