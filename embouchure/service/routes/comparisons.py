"""The comparisons: two presets playing the same, equally loud, to be heard in the browser."""

from pathlib import Path
from threading import Lock
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Response
from platformdirs import user_cache_path
from pydantic import Field

from embouchure.errors import ProgramError
from embouchure.folders import APP
from embouchure.service.bodies import Asked
from embouchure.service.errand import run_errand
from embouchure.service.stage import Stage
from presets.library import known

WAV = "audio/wav"


class Pair(Asked):
    """Two presets."""

    first: Annotated[str, Field(max_length=64)]
    second: Annotated[str, Field(max_length=64)]


def _empty_folder() -> Path:
    """Make room for two files; those of the comparison before go."""
    folder = user_cache_path(APP, appauthor=False) / "comparison"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.wav"):
        old.unlink()
    return folder


def routes(_: Stage) -> APIRouter:
    """Make the routes."""
    router = APIRouter(prefix="/comparisons", tags=["presets"])
    rendering = Lock()
    heard: dict[str, Path] = {}

    @router.post("", status_code=201)
    def compare(asked: Pair) -> dict[str, Any]:
        """Let two presets play the bundled performance; this takes a while."""
        names = known(asked.first), known(asked.second)
        if not rendering.acquire(blocking=False):
            raise ProgramError("two presets are being compared already; wait until that is done")
        heard.clear()
        try:
            told = run_errand("presets", "compare", *names, "--out", str(_empty_folder()))
        finally:
            rendering.release()
        for side, one in zip("ab", told["sides"], strict=True):
            heard[side] = Path(one.pop("path"))
        return dict(told)

    @router.get(
        "/{side}.wav",
        response_class=Response,
        responses={200: {"content": {WAV: {}}, "description": "A WAV file."}},
    )
    def sound(side: Literal["a", "b"]) -> Response:
        """Hear one of the two that were compared last."""
        if side not in heard:
            raise ProgramError("nothing was compared yet; POST comparisons begins")
        return Response(heard[side].read_bytes(), media_type=WAV)

    return router
