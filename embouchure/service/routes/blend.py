"""A/B and morph: two presets one against the other, or anything between them."""

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import Field

from embouchure.service.blend import Blend
from embouchure.service.bodies import Asked
from embouchure.service.stage import Stage

PresetName = Annotated[str, Field(max_length=64)]


class Sides(Asked):
    """The presets A and B, as before where left out, and which is played: without it the other."""

    a: PresetName | None = None
    b: PresetName | None = None
    on: Literal["a", "b"] | None = None


class Between(Asked):
    """Two presets, the share 0-1 of the second, and a name if it is to be kept."""

    first: PresetName
    second: PresetName
    share: Annotated[float, Field(ge=0, le=1)]
    name: PresetName | None = None


def routes(stage: Stage) -> APIRouter:
    """Make the routes."""
    router = APIRouter(tags=["live"])
    blend = stage.shared(Blend)

    @router.post("/ab", status_code=204)
    def compare(asked: Sides) -> None:
        """Play the one or the other of two presets from the next strike on."""
        blend.compare(asked.a, asked.b, asked.on)

    @router.post("/morph", status_code=204)
    def morph(asked: Between) -> None:
        """Play what lies between two presets from the next strike on, or keep it under a name."""
        if asked.name is None:
            blend.morph(asked.first, asked.second, asked.share)
        else:
            blend.keep(asked.first, asked.second, asked.share, asked.name)

    return router
