"""The application: every route of the service, its sockets and its page, over one stage."""

from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from pkgutil import iter_modules
from typing import Final

from fastapi import FastAPI
from starlette.types import ASGIApp

from embouchure.service import routes
from embouchure.service.door import Door
from embouchure.service.guard import Guard
from embouchure.service.page_files import add_page
from embouchure.service.refusals import ANSWERS, refuse_in_sentences
from embouchure.service.sharing import Sharing
from embouchure.service.stage import Stage
from embouchure.service.state_socket import add_state_socket
from embouchure.service.touch_socket import add_touch_socket
from embouchure.service.view_socket import add_view_socket

ROOT: Final = "/api/v1"
SOCKETS: Final[tuple[Callable[[FastAPI, Stage], None], ...]] = (
    add_state_socket,
    add_view_socket,
    add_touch_socket,
)


def make_app(stage: Stage) -> FastAPI:
    """Make the application; whoever serves it puts a `Guard` around it."""
    app = FastAPI(
        title="Embouchure",
        version=version("embouchure"),
        openapi_url=f"{ROOT}/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    refuse_in_sentences(app)
    for noun in sorted(one.name for one in iter_modules(routes.__path__)):
        router = import_module(f"{routes.__name__}.{noun}").routes(stage)
        app.include_router(router, prefix=ROOT, responses=ANSWERS)
    for add_socket in SOCKETS:
        add_socket(app, stage)
    add_page(app)
    return app


def guarded(app: ASGIApp, port: int) -> Guard:
    """Let this computer alone reach an application that `make_app` made."""
    return Guard(app, port)


def shared(app: ASGIApp, sharing: Sharing, host: str, port: int) -> Guard:
    """Let others on the network reach an application that `make_app` made, who have a pass."""
    return Guard(Door(app, sharing), port, (host,))
