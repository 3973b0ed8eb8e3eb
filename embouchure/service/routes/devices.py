"""The devices and inputs: what can be heard through and played on."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field

from embouchure.service.bodies import Asked
from embouchure.service.errand import run_errand
from embouchure.service.stage import Stage

LOOK_S = 10.0
Line = Annotated[str, Field(max_length=300)]


class ChosenDevice(Asked):
    """A sound device by any part of its name; without one whatever the computer prefers."""

    device: Line | None = None
    host_api: Line | None = None
    channels: (
        tuple[Annotated[int, Field(ge=1, le=512)], Annotated[int, Field(ge=1, le=512)]] | None
    ) = None


class ChosenInputs(Asked):
    """MIDI inputs by parts of their names; none means every controller."""

    names: Annotated[list[Line], Field(max_length=16)]


def routes(stage: Stage) -> APIRouter:
    """Make the routes."""
    router = APIRouter(tags=["devices"])

    @router.get("/devices")
    def devices() -> list[dict[str, Any]]:
        """List the sound devices."""
        return list(run_errand("devices", patience_s=LOOK_S)["outputs"])

    @router.put("/device", status_code=204)
    def choose_device(asked: ChosenDevice) -> None:
        """Sound through another device from now on; the one before returns if that does not open."""
        stage.choose_device(asked.device, asked.host_api, asked.channels)

    @router.get("/inputs")
    def inputs() -> list[str]:
        """List the MIDI inputs."""
        return list(run_errand("devices", patience_s=LOOK_S)["inputs"])

    @router.put("/inputs", status_code=204)
    def choose_inputs(asked: ChosenInputs) -> None:
        """Hear these inputs and no other from now on."""
        stage.choose_inputs(tuple(asked.names))

    return router
