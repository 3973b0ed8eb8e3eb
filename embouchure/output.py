"""How commands speak: text for people on one console, JSON for scripts."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

INTERRUPTED: Final = 130
"""The exit code of what Ctrl-C ended."""

console = Console(markup=False, emoji=False)
"""Names and paths hold brackets and colons that mean nothing here."""


def speak_json(value: Any) -> None:  # noqa: ANN401
    """Print a value as indented JSON."""
    typer.echo(json.dumps(value, indent=2))


def say(text: str) -> None:
    """Print what is for people, as it stands."""
    console.print(text, highlight=False, soft_wrap=not console.is_terminal)


def say_aside(text: str) -> None:
    """Print what is for people and no answer, such as that Ctrl-C left work to go on with."""
    typer.echo(text, err=True)


@contextmanager
def going_on() -> Iterator[None]:
    """Say, when Ctrl-C ends what can be gone on with, that nothing of it is lost."""
    try:
        yield
    except KeyboardInterrupt:
        say_aside("What is done is kept; the same command goes on from there.")
        raise typer.Exit(INTERRUPTED) from None


def progress_bar(*, quiet: bool = False) -> Progress:
    """Make a bar that says what is done and how long it still takes; none where nobody looks."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=quiet or not console.is_terminal,
    )
