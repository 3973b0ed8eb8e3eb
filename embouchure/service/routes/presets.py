"""The presets: search, show and keep them."""

from typing import Annotated

from fastapi import APIRouter, Query

from embouchure.service.stage import Stage
from presets.catalogue import Entry
from presets.catalogue import search as find


def routes(_: Stage) -> APIRouter:
    """Make the routes."""
    router = APIRouter(prefix="/presets", tags=["presets"])

    @router.get("")
    def search(
        text: Annotated[str, Query(max_length=200)] = "",
        tag: Annotated[list[str] | None, Query(max_length=12)] = None,
        *,
        favourites: bool = False,
    ) -> list[Entry]:
        """List the presets that hold every word and have every tag, the factory's first."""
        return find(text, tag or (), favourites_only=favourites)

    return router
