"""`embouchure live`: what the page can do, from a command line, for a session that is served."""

import json
from typing import Annotated, Any, Final
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import typer

from embouchure.commands.group import make_group
from embouchure.commands.play import DEFAULT_PORT
from embouchure.errors import ProgramError
from embouchure.output import say, speak_json

live = make_group("live", "Command a session that embouchure serve, or play --page, has begun.")

PATIENCE_S: Final = 130.0
"""As long as the slowest of its answers takes."""
PortOption = Annotated[
    int, typer.Option(min=1, max=65_535, help="The port at which the session's page is.")
]


def ask(port: int, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401
    """Ask a session for something, and return its answer.

    Raises
    ------
    ProgramError
        With its own sentence when it refuses, or when there is none.
    """
    data = None if body is None else json.dumps(body).encode()
    request = Request(
        f"http://127.0.0.1:{port}/api/v1/{path}",
        data,
        {"content-type": "application/json"},
        method=method,
    )
    try:
        with urlopen(request, timeout=PATIENCE_S) as answer:
            content = answer.read()
    except HTTPError as error:
        raise ProgramError(_sentence(error.read())) from None
    except (URLError, OSError):
        raise ProgramError(
            f"no session is served at port {port}; start embouchure serve, or name its --port"
        ) from None
    return json.loads(content) if content else None


def _sentence(content: bytes) -> str:
    try:
        detail = str(json.loads(content)["detail"])
    except (ValueError, LookupError, TypeError):
        return "the session refuses without a word; see its own terminal"
    return f"{detail[:1].lower()}{detail[1:].rstrip('.')}"


@live.command("state")
def state(port: PortOption = DEFAULT_PORT) -> None:
    """Print everything that is known of the session, as JSON.

    Example: embouchure live state
    """
    speak_json(ask(port, "GET", "state"))


@live.command("panic")
def panic(port: PortOption = DEFAULT_PORT) -> None:
    """Silence everything at once.

    Example: embouchure live panic
    """
    ask(port, "POST", "panic")
    say("Everything is silent.")


@live.command("select")
def select(
    preset: Annotated[str, typer.Argument(help="Name of a preset.")],
    port: PortOption = DEFAULT_PORT,
) -> None:
    """Let what is struck from now on sound by another preset.

    Example: embouchure live select bow
    """
    ask(port, "POST", "select", {"preset": preset})
    say(f"{preset} sounds from the next note on.")


@live.command("next")
def go_on(port: PortOption = DEFAULT_PORT) -> None:
    """Go to the next preset, of the setlist if one is played.

    Example: embouchure live next
    """
    ask(port, "POST", "step", {"step": 1})
    say("Gone on by one; the last of a setlist stays.")


@live.command("previous")
def go_back(port: PortOption = DEFAULT_PORT) -> None:
    """Go back to the preset before.

    Example: embouchure live previous
    """
    ask(port, "POST", "step", {"step": -1})
    say("Gone back by one; the first of a setlist stays.")


@live.command("macro")
def macro(
    number: Annotated[int, typer.Argument(min=1, max=4, help="Which of the four.")],
    value: Annotated[float, typer.Argument(min=0, max=1, help="Where to, from 0 to 1.")],
    port: PortOption = DEFAULT_PORT,
) -> None:
    """Turn a macro in every zone.

    Example: embouchure live macro 2 0.5
    """
    ask(port, "PUT", f"macros/{number}", {"value": value})
    say(f"Macro {number} is at {value:g}.")


@live.command("ask")
def ask_anything(
    method: Annotated[str, typer.Argument(help="GET, PUT, POST, PATCH or DELETE.")],
    path: Annotated[
        str, typer.Argument(help="What follows /api/v1/, such as setlists/friday/play.")
    ],
    body: Annotated[str | None, typer.Argument(help="What to send, as JSON.")] = None,
    port: PortOption = DEFAULT_PORT,
) -> None:
    """Ask for anything that the page can, and print the answer as JSON.

    Examples: embouchure live ask PUT learn '{"target": "macro-1"}',
    embouchure live ask POST morph '{"first": "bow", "second": "voice", "share": 0.3}'
    """
    try:
        sent = None if body is None else json.loads(body)
    except ValueError as error:
        raise ProgramError(f"{body!r} is no JSON ({error}); put names in double quotes") from None
    speak_json(ask(port, method.upper(), path.lstrip("/"), sent))
