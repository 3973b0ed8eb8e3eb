"""Calibration: the player is led through a measurement, a demonstration or a refinement."""

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from embouchure.service import beginnings
from embouchure.service.bodies import Asked
from embouchure.service.guidance import Guidance, lead
from embouchure.service.stage import Stage

GivenName = Annotated[str, Field(min_length=1, max_length=64)]


class Measurement(Asked):
    """Whose hand to measure; `warm` only brings a known one up to date."""

    player: GivenName = "me"
    preset: GivenName = "voice"
    warm: bool = False
    controller: GivenName | None = None


class Lesson(Asked):
    """Which preset to teach, by which kinds of sound or targets, and how many takes to play."""

    preset: GivenName
    targets: list[GivenName] = Field(default_factory=list, max_length=32)
    takes: int = Field(8, ge=1, le=64)


class Comparison(Asked):
    """Which preset to refine, and how many pairs to compare at most."""

    preset: GivenName
    comparisons: int = Field(15, ge=1, le=60)


class Choice(Asked):
    """One of the words that the page offers, or `leave`."""

    word: str = Field(max_length=16)


class Trial(Asked):
    """Which sound to play by, and whether to hear one's own last moves by it."""

    sound: Literal["before", "after"]
    plays: bool = False


class Keeping(Asked):
    """What to call the preset."""

    name: GivenName


class Kept(BaseModel):
    """The preset that was kept."""

    name: str
    version: int


def routes(stage: Stage) -> APIRouter:
    """Make the routes; what a guide shows is `guide` of the state."""
    router = APIRouter(prefix="/calibration", tags=["calibration"])
    guidance = stage.shared(lead)
    _add_beginnings(router, guidance)
    _add_answers(router, guidance)
    return router


def _add_beginnings(router: APIRouter, guidance: Guidance) -> None:
    @router.post("/hand", status_code=202)
    def measure(asked: Measurement) -> None:
        """Measure a hand on the controller that is struck first."""
        names = (asked.player, asked.preset, asked.controller)
        beginnings.measure(guidance, *names, warm=asked.warm)

    @router.post("/demonstration", status_code=202)
    def demonstrate(asked: Lesson) -> None:
        """Teach a preset by hearing sounds and imitating them."""
        beginnings.demonstrate(guidance, asked.preset, asked.takes, asked.targets)

    @router.post("/refinement", status_code=202)
    def refine(asked: Comparison) -> None:
        """Compare sounds of what was just played, blind."""
        beginnings.refine(guidance, asked.preset, asked.comparisons)


def _add_answers(router: APIRouter, guidance: Guidance) -> None:
    @router.post("/choose", status_code=204)
    def choose(asked: Choice) -> None:
        """Answer what the guide asks, as a tap on the lowest key or the pedal does."""
        guidance.choose(asked.word)

    @router.post("/trial", status_code=204)
    def try_sound(asked: Trial) -> None:
        """Play by the preset as it was, or as it has become."""
        guidance.try_sound(asked.sound, plays=asked.plays)

    @router.post("/keep", status_code=201)
    def keep(asked: Keeping) -> Kept:
        """Keep what was learned as a preset, and play it."""
        return Kept(name=asked.name, version=guidance.keep(asked.name))

    @router.delete("", status_code=204)
    def end() -> None:
        """Leave the guide, or put away what it came to."""
        guidance.end()
