"""The targets: sounds to imitate, kept ones and the kinds that every instrument has."""

import time
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from calibration.demonstrations.curves import Picture, rows_of
from calibration.demonstrations.demonstration import target_events
from calibration.guide import Tone
from calibration.targets import target_store
from calibration.targets.articulations import ARTICULATIONS
from calibration.targets.note_names import note_name
from calibration.targets.target import TargetError
from embouchure.cues import PROMPT_ZONE, pack_events, pack_tone
from embouchure.play_settings import DEFAULT_PRESET
from embouchure.service.bodies import Name
from embouchure.service.stage import Stage
from presets.store import load

LEAD_S = 0.15


class Entry(BaseModel):
    """A target that is kept, or a kind of sound that any instrument can be taught by."""

    name: str
    about: str
    is_kept: bool


class Drawn(BaseModel):
    """What a target asks for."""

    name: str
    kind: str
    note: float
    length_s: float
    lanes: list[dict[str, Any]]


def routes(stage: Stage) -> APIRouter:
    """Make the routes."""
    router = APIRouter(prefix="/targets", tags=["targets"])

    @router.get("")
    def list_all() -> list[Entry]:
        """List the kinds of sound, then the targets that are kept."""
        kinds = [
            Entry(name=kind, about=line.about, is_kept=False)
            for kind, line in ARTICULATIONS.items()
        ]
        return kinds + [
            Entry(name=name, about=_about(name), is_kept=True) for name in target_store.names()
        ]

    @router.get("/{name}")
    def show(name: Name) -> Drawn:
        """Show what a target asks for, as curves of 0-1."""
        target = target_store.find(_kept(name))
        return Drawn(
            name=name,
            kind=target.kind,
            note=target.note,
            length_s=target.length_s,
            lanes=rows_of(Picture(target).lanes()),
        )

    @router.post("/{name}/hear", status_code=204)
    def hear(name: Name) -> None:
        """Let a target sound once."""
        target = target_store.find(_kept(name))
        tone = pack_tone(Tone(name=name, preset=load(DEFAULT_PRESET), target=target))
        events = pack_events(target_events(target, time.perf_counter() + LEAD_S))
        stage.command("prompt", events=events, tone=tone, zone=PROMPT_ZONE)

    @router.delete("/{name}", status_code=204)
    def remove(name: Name) -> None:
        """Take a target out of the store; its file is moved, not deleted."""
        target_store.remove(name)

    return router


def _kept(name: str) -> str:
    """Let a name be one of the store's, and never a path."""
    if name not in target_store.names():
        kept = ", ".join(target_store.names()) or "none are kept yet"
        raise TargetError(f"there is no target {name!r}; choose one that is kept ({kept})")
    return name


def _about(name: str) -> str:
    """Say what a target is, or why it cannot be opened."""
    try:
        target = target_store.find(name)
    except TargetError as error:
        return str(error)
    return f"{target.kind}, {target.length_s:.1f} s at {note_name(target.note)}"
