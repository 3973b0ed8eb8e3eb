"""The space: where its sounds lie on a plane."""

from typing import Any, Final

from fastapi import APIRouter

from embouchure.service.plane import plane
from embouchure.service.stage import Stage

router: Final = APIRouter(prefix="/space", tags=["space"])


def routes(_: Stage) -> APIRouter:
    """Give the routes, which need no stage."""
    return router


@router.get("/map")
def draw_map() -> dict[str, Any]:
    """Say where each named sound of the factory's space lies, across and up, -1 to 1."""
    return plane()
