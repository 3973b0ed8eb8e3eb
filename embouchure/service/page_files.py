"""The page's files, by name: no path of a request is ever looked for on the disk."""

import mimetypes
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from fastapi import FastAPI
from fastapi.responses import Response

from embouchure.service.refusals import NO_SUCH_PLACE, refusal

INDEX: Final = "index.html"
TYPES: Final = {".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
"""What some computers' own tables get wrong."""


def page_files(folder: Traversable | None = None, above: str = "") -> dict[str, Traversable]:
    """List every file of the page by its path in a request."""
    folder = folder or files("embouchure") / "page"
    found: dict[str, Traversable] = {}
    for one in folder.iterdir() if folder.is_dir() else ():
        if one.is_dir():
            found |= page_files(one, f"{above}{one.name}/")
        else:
            found[f"{above}{one.name}"] = one
    return found


def media_type(name: str) -> str:
    """Tell a file's type by its name."""
    ending = name[name.rfind(".") :]
    return TYPES.get(ending) or mimetypes.guess_type(name)[0] or "application/octet-stream"


def add_page(app: FastAPI) -> None:
    """Offer the page; a file that is added while it is served is found too."""

    @app.get("/{name:path}", include_in_schema=False)
    def page(name: str) -> Response:
        file = page_files().get(name or INDEX)
        if file is None:
            return refusal(NO_SUCH_PLACE, "there is nothing here; see / and /api/v1/openapi.json")
        headers = {"cache-control": "no-cache"}
        return Response(file.read_bytes(), media_type=media_type(file.name), headers=headers)
