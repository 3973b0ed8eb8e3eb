"""Explorations: sounds that nobody recorded, on a map, heard, starred, bred and made presets."""

import time
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, Field

from embouchure.cues import PROMPT_ZONE, pack_events, pack_tone
from embouchure.errors import ProgramError
from embouchure.service.bodies import Asked, Name, Switch
from embouchure.service.explorer import Explorer
from embouchure.service.stage import Stage
from embouchure.service.trying import Trying

if TYPE_CHECKING:
    from calibration.exploration.exploration import Exploration

FLAC: Final = "audio/flac"
LEAD_S: Final = 0.05
Number = Annotated[int, Path(ge=1, le=10**9, description="A sound by its number.")]
Sound = Annotated[int, Field(ge=1, le=10**9)]
Own = Annotated[str, Field(min_length=1, max_length=64)]


class Beginning(Asked):
    """What to call it, and how many sounds to find; one of that name is gone on with."""

    name: Own | None = None
    count: int | None = Field(None, ge=9, le=20_000)
    seed: int | None = Field(None, ge=0, le=2**31)


class Begun(BaseModel):
    """The exploration that is rendered now."""

    name: str


class Turning(Asked):
    """Whether to turn the page, or see the one shown last."""

    turn: bool = False


class Numbers(BaseModel):
    """Sounds by their numbers."""

    numbers: list[int]


class Parents(Asked):
    """Sounds to breed from; without any, all that have a star."""

    parents: Annotated[list[Sound], Field(max_length=32)] = Field(default_factory=list)


class Use(Asked):
    """What a sound becomes: a preset, a target, or with `start` the two ends of a slide."""

    number: Sound
    name: Own
    becomes: Literal["preset", "target", "axis"] = "preset"
    start: Sound | None = None


class Hearing(Asked):
    """Whether what is struck from now on sounds so too."""

    plays: bool = False


class Overview(BaseModel):
    """Every exploration, and the one that is rendered now."""

    explorations: list[dict[str, Any]]
    troubles: list[str]
    rendering: str | None


def routes(stage: Stage) -> APIRouter:
    """Make the routes."""
    router = APIRouter(prefix="/explorations", tags=["explorations"])
    explorer = Explorer()
    _add_whole(router, explorer, stage)
    _add_choices(router, explorer)
    _add_sounds(router, explorer, stage)
    return router


def _add_whole(router: APIRouter, explorer: Explorer, stage: Stage) -> None:
    @router.get("")
    def list_all() -> Overview:
        """List the explorations, the one last worked on first."""
        from calibration.exploration.entry import summaries

        known, troubles = summaries()
        return Overview(
            explorations=[one.model_dump(exclude={"folder"}) for one in known],
            troubles=[*troubles, *filter(None, [explorer.trouble])],
            rendering=explorer.rendering(),
        )

    @router.post("", status_code=202)
    def begin(asked: Beginning) -> Begun:
        """Find new sounds, or go on finding them; it takes a quarter of a second for each."""
        return Begun(name=explorer.begin(asked.name, asked.count, asked.seed, stage.space_sha256))

    @router.delete("/rendering", status_code=204)
    def stop() -> None:
        """Stop finding sounds; those that were found stay."""
        explorer.stop()

    @router.get("/{name}")
    def show(name: Name) -> dict[str, Any]:
        """Lay the sounds of an exploration out on a map."""
        from embouchure.service.exploration_map import map_of

        return explorer.on(name, map_of) | {"is_rendering": explorer.rendering() == name}


def _add_choices(router: APIRouter, explorer: Explorer) -> None:
    @router.post("/{name}/page")
    def page(name: Name, asked: Turning) -> Numbers:
        """Show a page of nine sounds; a turned one follows the stars."""

        def shown(exploration: "Exploration") -> list[int]:
            return exploration.turn() if asked.turn else exploration.page()

        return Numbers(numbers=explorer.on(name, shown))

    @router.put("/{name}/sounds/{number}/star", status_code=204)
    def star(name: Name, number: Number, asked: Switch) -> None:
        """Give a sound a star, or take it away."""
        explorer.on(name, lambda one: (one.star if asked.on else one.unstar)([number]))

    @router.post("/{name}/breed")
    def breed(name: Name, asked: Parents) -> Numbers:
        """Breed new sounds; from one alone, sounds much like it."""
        explorer.on(name, lambda one: [one.sound(number) for number in asked.parents])
        return Numbers(numbers=explorer.breed(name, asked.parents))

    @router.post("/{name}/use", status_code=201)
    def use(name: Name, asked: Use) -> Begun:
        """Make a sound a preset or a target; a preset is learned in about half a minute."""
        explorer.on(name, lambda one: one.sound(asked.number))
        explorer.use(name, asked.number, asked.name, asked.becomes, asked.start)
        return Begun(name=asked.name)


def _add_sounds(router: APIRouter, explorer: Explorer, stage: Stage) -> None:
    trying = Trying(stage)

    @router.get(
        "/{name}/sounds/{number}/preview",
        response_class=Response,
        responses={200: {"content": {FLAC: {}}, "description": "One note, FLAC."}},
    )
    def preview(name: Name, number: Number) -> Response:
        """Give one note of a sound as a file."""
        content = explorer.on(name, lambda one: one.preview(number).read_bytes())
        return Response(content, media_type=FLAC)

    @router.post("/{name}/sounds/{number}/hear", status_code=204)
    def hear(name: Name, number: Number, asked: Hearing) -> None:
        """Let a sound be heard through the instrument, and be struck if so asked."""
        from calibration.demonstrations.demonstration import target_events
        from calibration.exploration.audition import audition

        asked_at = trying.ask()
        guide = stage.live["guide"]
        if guide and guide["phase"] != "over":
            raise ProgramError("a guide is at work; leave it first, then hear what was found")
        heard = explorer.on(name, lambda one: audition(one, number))
        assert heard.target
        if not trying.is_wanted(asked_at):
            return
        tone = pack_tone(heard)
        stage.command("silence")
        if asked.plays:
            trying.play(tone, asked_at)
        events = pack_events(target_events(heard.target, time.perf_counter() + LEAD_S))
        stage.command("prompt", events=events, tone=tone, zone=PROMPT_ZONE)

    @router.delete("/playing", status_code=204)
    def stop_playing() -> None:
        """Let strikes sound by what they did before a found sound was played."""
        trying.stop()
