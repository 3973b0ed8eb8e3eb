"""Sharing with a tablet on the same network."""

from typing import Any

from fastapi import APIRouter

from embouchure.errors import ProgramError
from embouchure.service.bodies import Switch
from embouchure.service.sharing import Sharing
from embouchure.service.stage import Stage


def routes(stage: Stage) -> APIRouter:
    """Make the routes."""
    router = APIRouter(prefix="/share", tags=["share"])

    def sharing() -> Sharing:
        if stage.sharing is None:
            raise ProgramError("this service cannot be shared; start it with embouchure serve")
        return stage.sharing

    @router.get("")
    def show() -> dict[str, Any]:
        """Say whether tablets may join, and give the code for the next as a picture."""
        return sharing().describe()

    @router.put("")
    def share(asked: Switch) -> dict[str, Any]:
        """Let tablets on the same network join by a code, or part with all of them."""
        if asked.on:
            sharing().begin()
        else:
            sharing().end()
        return sharing().describe()

    return router
