"""The portraits: how a controller is set up, as its own messages show, and what to change on it."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from embouchure.errors import ProgramError
from embouchure.service.acquaintance import Acquaintance
from embouchure.service.stage import Stage

Port = Annotated[int, Path(ge=0, le=63, description="An input's number, as the state has it.")]


def routes(stage: Stage) -> APIRouter:
    """Make the routes."""
    router = APIRouter(prefix="/inputs", tags=["devices"])
    acquaintance = Acquaintance(stage)

    @router.post("/{port}/portrait", status_code=204)
    def begin(port: Port) -> None:
        """Begin to look at what an input sends, and forget what was seen of it before."""
        names = {one["port"]: one["name"] for one in stage.state()["inputs"]}
        if port not in names:
            known = ", ".join(map(str, names)) or "none; connect a controller"
            raise ProgramError(f"there is no input {port}; the inputs are {known}")
        acquaintance.begin(port, names[port])

    @router.get("/portrait")
    def seen(*, octave: Annotated[bool, Query()] = False) -> dict[str, Any]:
        """Tell what was seen since, what that means, and with `octave` what a slid octave sounds."""
        found = acquaintance.seen(octave=octave)
        if found is None:
            raise ProgramError("no input is looked at; begin with POST inputs/{port}/portrait")
        return found

    return router
