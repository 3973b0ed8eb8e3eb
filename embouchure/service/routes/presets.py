"""The presets: searched, shown, changed, given away and taken in."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import Field

from embouchure.service.bodies import Asked, Name, Named, Switch, Version
from embouchure.service.errand import run_errand
from embouchure.service.stage import Stage
from presets import catalogue, exchange, labels, library
from presets.bundle import source_names
from presets.catalogue import Entry
from presets.library import known
from presets.names import check_name
from presets.store import SUFFIX, find

FILE: Final = "application/octet-stream"
Text = Annotated[str | None, Field(max_length=300)]
Tags = Annotated[tuple[Annotated[str, Field(max_length=64)], ...], Field(max_length=12)]


class Changes(Asked):
    """What is changed of a preset; what is left out stays as it is."""

    name: Text = None
    description: Text = None
    licence: Text = None
    gain_db: float | None = None
    match_loudness: bool = False
    add_tags: Tags = ()
    remove_tags: Tags = ()


router: Final = APIRouter(prefix="/presets", tags=["presets"])


def routes(_: Stage) -> APIRouter:
    """Give the routes, which need no stage."""
    return router


@router.get("")
def search(
    text: Annotated[str, Query(max_length=200)] = "",
    tag: Annotated[list[str] | None, Query(max_length=12)] = None,
    *,
    favourites: bool = False,
) -> list[Entry]:
    """List the presets that hold every word and have every tag, the factory's first."""
    return catalogue.search(text, tag or (), favourites_only=favourites)


@router.post(
    "/import",
    status_code=201,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {FILE: {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def take_in(
    request: Request, name: Annotated[str | None, Query(max_length=64)] = None
) -> dict[str, Any]:
    """Keep a preset that somebody gave; the body is its whole file."""
    content = await request.body()
    imported = await run_in_threadpool(exchange.import_bytes, content, name)
    return imported._asdict()


@router.get("/{name}")
def show(name: Name) -> dict[str, Any]:
    """Show all that is known of a preset."""
    return _described(known(name))


@router.patch("/{name}")
def change(name: Name, asked: Changes) -> dict[str, Any]:
    """Change a preset's text, gain, tags or name; the version before stays."""
    return _described(_changed(known(name), asked))


@router.delete("/{name}", status_code=204)
def delete(name: Name) -> None:
    """Move a preset to the trash."""
    library.delete(known(name))


@router.put("/{name}/favourite", status_code=204)
def favour(name: Name, asked: Switch) -> None:
    """Make a preset a favourite, or no longer."""
    labels.favour(name, is_favourite=asked.on)


@router.post("/{name}/duplicate", status_code=201)
def duplicate(name: Name, asked: Named) -> dict[str, Any]:
    """Keep a copy of any preset as one's own."""
    return _described(library.duplicate(known(name), check_name(asked.name)))


@router.get("/{name}/history")
def history(name: Name) -> list[dict[str, Any]]:
    """List every version that was saved."""
    return [{"number": one.number, "saved_s": one.saved_s} for one in library.versions(known(name))]


@router.post("/{name}/restore")
def restore(name: Name, asked: Version) -> dict[str, Any]:
    """Make an older version the newest again."""
    library.revert(known(name), asked.number)
    return _described(name)


@router.get(
    "/{name}/export",
    response_class=Response,
    responses={200: {"content": {FILE: {}}, "description": "The preset's whole file."}},
)
def export(name: Name, *, with_space: bool = False, with_takes: bool = True) -> Response:
    """Give a preset's file away."""
    content = exchange.pack(known(name), with_space=with_space, with_sources=with_takes)
    headers = {"content-disposition": f'attachment; filename="{name}{SUFFIX}"'}
    return Response(content, media_type=FILE, headers=headers)


def _described(name: str) -> dict[str, Any]:
    entry = catalogue.entry(name)
    card = catalogue.read_card_of(name).model_dump(mode="json")
    return {
        **card,
        "name": name,
        "tags": list(entry.tags),
        "is_factory": entry.is_factory,
        "is_favourite": entry.is_favourite,
        "sources": source_names(find(name)),
    }


def _changed(name: str, asked: Changes) -> str:
    """Change what was asked, and return what the preset is called then."""
    new = None if asked.name == name else asked.name
    if new is not None:  # what cannot be is told before anything is changed
        library.refuse_taken(check_name(new))
    fields: dict[str, Any] = {"description": asked.description, "licence": asked.licence}
    if asked.gain_db is not None:
        voice = catalogue.read_card_of(name).voice.model_dump()
        fields["voice"] = {**voice, "gain_db": asked.gain_db}
    wanted = {key: value for key, value in fields.items() if value is not None}
    if wanted:
        library.change(name, **wanted)
    if asked.add_tags or asked.remove_tags:
        labels.tag(name, asked.add_tags, asked.remove_tags)
    if asked.match_loudness:
        run_errand("presets", "edit", name, "--match-loudness")
    if new is not None:
        library.rename(name, new)
    return new or name
