"""`embouchure takes`: what was played, and what was just played."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from embouchure.commands.group import make_group
from embouchure.commands.options import JsonOption
from embouchure.output import console, say, speak_json

takes = make_group("takes", "List what was played, and keep what was just played.")


@takes.command("list")
def list_all(as_json: JsonOption = False) -> None:
    """List the takes, newest first.

    Example: embouchure takes list
    """
    from embouchure.shelf import list_takes

    found = list_takes()
    if as_json:
        speak_json(found)
        return
    table = Table("take", "preset", "seconds", "notes", box=None, pad_edge=False)
    for take in found:
        row = (take["name"], take["preset"], take["seconds"], take["notes"])
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    console.print(table if found else "There is no take yet; whatever is played becomes one.")


@takes.command("capture")
def capture(
    journal: Annotated[
        Path | None,
        typer.Option(help="The journal of a session that goes on; without it the latest."),
    ] = None,
    since_s: Annotated[float | None, typer.Option(hidden=True)] = None,
    as_json: JsonOption = False,
) -> None:
    """Keep what was just played, after the last long pause, as a take while the session goes on.

    Example: embouchure takes capture
    """
    from embouchure.capture import capture as keep
    from embouchure.capture import live_journal
    from embouchure.folders import takes_folder

    take = keep(journal or live_journal(takes_folder()), since_s)
    if as_json:
        speak_json({"name": take.stem})
    else:
        say(f"Your take is {take}.")
