"""Refusals: every error that a request can cause, answered by one sentence in JSON."""

from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from embouchure.errors import player_errors
from mapper.complaint import complaint_of

BAD_REQUEST: Final = 400
NO_SUCH_PLACE: Final = 404
WRONG_METHOD: Final = 405
TOO_LARGE: Final = 413
WRONG_SHAPE: Final = 422
NO_ROOM: Final = 507


class Refusal(BaseModel):
    """What was wrong, what is allowed and what to do, in one sentence."""

    detail: str


ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    status: {"model": Refusal} for status in (BAD_REQUEST, NO_SUCH_PLACE, TOO_LARGE, WRONG_SHAPE)
}
"""What every route may answer instead."""


def sentence(text: str) -> str:
    """Begin with a capital letter and end with a full stop.

    >>> sentence("there is no preset 'x'; choose another")
    "There is no preset 'x'; choose another."
    """
    text = " ".join(text.split())
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def refusal(status: int, text: str, **headers: str) -> JSONResponse:
    """Answer with a sentence."""
    return JSONResponse({"detail": sentence(text)}, status, headers)


def refuse_in_sentences(app: FastAPI) -> None:
    """Let the application answer every error so."""
    app.add_exception_handler(RequestValidationError, _refuse_shape)
    app.add_exception_handler(HTTPException, _refuse_http)
    app.add_exception_handler(OSError, _refuse_disk)
    for kind in (ValueError, RuntimeError):
        app.add_exception_handler(kind, _refuse_choice)


def _refuse_choice(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, player_errors()):
        raise error
    return refusal(BAD_REQUEST, str(error))


def _refuse_shape(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    wrong = complaint_of(error.errors()[0])
    return refusal(
        WRONG_SHAPE, f"{wrong.place} is not allowed ({wrong.words()}); see /api/v1/openapi.json"
    )


def _refuse_http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if error.status_code == NO_SUCH_PLACE:
        return refusal(NO_SUCH_PLACE, "there is nothing here; see / and /api/v1/openapi.json")
    headers = dict(error.headers or {})
    if error.status_code == WRONG_METHOD:
        text = "this cannot be done here; see /api/v1/openapi.json"
        return refusal(WRONG_METHOD, text, **headers)
    return refusal(error.status_code, str(error.detail), **headers)


def _refuse_disk(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, OSError)
    reason = error.strerror or str(error)
    return refusal(NO_ROOM, f"the disk refuses ({reason}); make room, or look at its rights")
