"""MIDI learn: what controllers are bound to, and binding the next that is moved."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from embouchure.service.bodies import Asked
from embouchure.service.learning import LAST_CONTROL, Learning, Target
from embouchure.service.stage import Stage


class Wanted(Asked):
    """What the next controller that is moved is bound to, or without waiting this one."""

    target: Target
    control: Annotated[int | None, Field(ge=0, le=LAST_CONTROL)] = None


def routes(stage: Stage) -> APIRouter:
    """Make the routes."""
    router = APIRouter(prefix="/learn", tags=["settings"])
    learning = Learning(stage)

    @router.get("")
    def bindings() -> dict[str, int | None]:
        """Show the controller of each target."""
        return dict(stage.live["bindings"])

    @router.put("", status_code=204)
    def learn(asked: Wanted) -> None:
        """Bind the next controller that is moved, or this one at once; it is kept."""
        if asked.control is None:
            learning.arm(asked.target)
        else:
            learning.bind(asked.target, asked.control)

    @router.delete("", status_code=204)
    def forget() -> None:
        """Wait for no controller any more."""
        learning.forget()

    return router
