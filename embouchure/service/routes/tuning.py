"""The tuning: what the keys sound."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field

from embouchure.service.bodies import Asked
from embouchure.service.stage import Stage
from mapper.key_map import A4_HZ
from mapper.tuning import MAX_A4_HZ, MIN_A4_HZ, parse_tuning

Scala = Annotated[str | None, Field(max_length=100_000)]


class Tuned(Asked):
    """A scale and a key map as the text of Scala files, and where A lies; none means the usual."""

    scale: Scala = None
    key_map: Scala = None
    a4_hz: float = Field(A4_HZ, ge=MIN_A4_HZ, le=MAX_A4_HZ)


def routes(stage: Stage) -> APIRouter:
    """Make the routes."""
    router = APIRouter(prefix="/tuning", tags=["tuning"])

    @router.put("")
    def tune(asked: Tuned) -> dict[str, Any]:
        """Tune what is struck from now on, and return each key's note, 69 at 440 Hz."""
        tuning = parse_tuning(asked.scale, asked.key_map, asked.a4_hz)
        stage.set_tuning(tuning)
        return {"notes": list(tuning.notes)}

    return router
