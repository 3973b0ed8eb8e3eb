"""What is done while playing: the state, the preset, the macros, the hand, and panic."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path
from pydantic import Field

from embouchure.service.bodies import Asked, Switch, Zone
from embouchure.service.stage import Stage
from mapper.manner import Manner


class Selection(Asked):
    """A preset, for one zone or for all."""

    preset: str = Field(max_length=64)
    zone: Zone = None


class Step(Asked):
    """Which way to go in the setlist, or without one among the presets."""

    step: Literal[1, -1]


class MacroValue(Asked):
    """Where a macro is turned to."""

    value: float = Field(ge=0, le=1)


class PlayedHand(Asked):
    """A measured hand by its name, or none, on one input or on all."""

    name: str | None = Field(max_length=200)
    port: int | None = Field(None, ge=0, le=15)


class ZoneManner(Asked):
    """A manner of playing, for one zone or for all."""

    manner: Manner
    zone: Zone = None


MacroNumber = Annotated[int, Path(ge=1, le=4)]


def routes(stage: Stage) -> APIRouter:
    """Make the routes."""
    router = APIRouter(tags=["live"])

    @router.get("/state")
    def state() -> dict[str, Any]:
        """Everything that is known of the live session."""
        return stage.state()

    @router.post("/panic", status_code=204)
    def panic() -> None:
        """Silence everything at once."""
        stage.panic()

    @router.post("/select", status_code=204)
    def select(asked: Selection) -> None:
        """Let what is struck from now on sound by another preset."""
        stage.select(asked.preset, asked.zone)

    @router.post("/step", status_code=204)
    def step(asked: Step) -> None:
        """Go to the next preset, or back."""
        stage.step(asked.step)

    @router.put("/macros/{number}", status_code=204)
    def macro(number: MacroNumber, asked: MacroValue) -> None:
        """Turn a macro in every zone."""
        stage.set_macro(number, asked.value)

    @router.put("/cached", status_code=204)
    def cached(asked: Switch) -> None:
        """Take controls from caches, or from the decoder again."""
        stage.set_cached(on=asked.on)

    @router.put("/hand", status_code=204)
    def hand(asked: PlayedHand) -> None:
        """Even what is struck from now on by a measured hand, or by none."""
        stage.choose_hand(asked.name, asked.port)

    @router.delete("/setlist", status_code=204)
    def leave_setlist() -> None:
        """Go through all presets again, and no longer through a setlist."""
        stage.play_setlist(None)

    @router.put("/manner", status_code=204)
    def manner(asked: ZoneManner) -> None:
        """Let what is struck from now on be played so."""
        stage.set_manner(asked.manner, asked.zone)

    return router
