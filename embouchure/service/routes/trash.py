"""The trash: presets that were deleted, until they are brought back."""

from typing import Final

from fastapi import APIRouter

from embouchure.service.bodies import Name
from embouchure.service.stage import Stage
from presets import library

router: Final = APIRouter(prefix="/trash", tags=["presets"])


def routes(_: Stage) -> APIRouter:
    """Give the routes, which need no stage."""
    return router


@router.get("")
def deleted() -> list[str]:
    """List the deleted presets that can be brought back."""
    return library.trashed()


@router.post("/{name}/restore", status_code=204)
def restore(name: Name) -> None:
    """Bring back the preset of this name that was deleted last."""
    library.restore(name)
