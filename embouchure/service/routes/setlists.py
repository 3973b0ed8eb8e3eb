"""The setlists: presets in the order in which they are played."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field

from embouchure.service.bodies import Asked, Name, Named
from embouchure.service.stage import Stage
from presets import setlists
from presets.library import known
from presets.setlist import MAX_ENTRIES, Setlist, SetlistEntry


class Entries(Asked):
    """Everything that a setlist holds, in its order."""

    entries: Annotated[list[SetlistEntry], Field(max_length=MAX_ENTRIES)]


class VersionOrNewest(Asked):
    """A version by its number, or without one the newest."""

    number: int | None = Field(None, ge=1, le=999_999)


def routes(stage: Stage) -> APIRouter:
    """Make the routes."""
    router = APIRouter(prefix="/setlists", tags=["setlists"])

    @router.get("")
    def names() -> list[str]:
        """List the setlists there are."""
        return setlists.setlist_names()

    @router.post("", status_code=201)
    def begin(asked: Named) -> Setlist:
        """Begin an empty setlist."""
        return setlists.new_setlist(asked.name)

    @router.get("/{name}")
    def show(name: Name) -> Setlist:
        """Show what is in a setlist."""
        return setlists.load_setlist(name)

    @router.put("/{name}")
    def write(name: Name, asked: Entries) -> Setlist:
        """Give a setlist other entries; the version before stays."""
        for entry in asked.entries:
            known(entry.preset)
        changed = setlists.load_setlist(name).model_copy(update={"entries": tuple(asked.entries)})
        setlists.save_setlist(changed)
        return changed

    @router.delete("/{name}", status_code=204)
    def delete(name: Name) -> None:
        """Remove a setlist; its versions stay."""
        setlists.delete_setlist(name)

    @router.get("/{name}/history")
    def history(name: Name) -> list[dict[str, Any]]:
        """List every version that was saved."""
        saved = setlists.setlist_versions(name)
        return [{"number": one.number, "saved_s": one.saved_s} for one in saved]

    @router.post("/{name}/restore")
    def restore(name: Name, asked: VersionOrNewest) -> Setlist:
        """Bring an older version back, or a deleted setlist."""
        return setlists.revert_setlist(name, asked.number)

    @router.post("/{name}/play", status_code=204)
    def play(name: Name) -> None:
        """Play through a setlist from its first place on."""
        stage.play_setlist(name)

    return router
