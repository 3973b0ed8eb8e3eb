"""`embouchure presets import` and `export`: presets taken from others and given to them."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final

import typer

from embouchure.commands.options import JsonOption
from embouchure.output import say, speak_json


def import_preset(
    path: Annotated[Path, typer.Argument(help="A preset's file.")],
    name: Annotated[str | None, typer.Option(help="Another name for it.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Keep a preset that somebody gave you, and the space that it brings.

    Example: embouchure presets import dark-reed.preset
    """
    from presets.exchange import import_file

    imported = import_file(path, name)
    if as_json:
        speak_json(imported._asdict())
        return
    say(f"Kept {path} as {imported.name}.")
    if not imported.has_space:
        say("The space that it needs is not installed; ask for an export with the space.")


def export_preset(
    name: Annotated[str, typer.Argument(help="Name of a preset.")],
    path: Annotated[Path, typer.Argument(help="The file to write, or a folder.")] = Path(),
    with_space: Annotated[
        bool, typer.Option("--with-space", help="Bundle the space that it needs.")
    ] = False,
    with_takes: Annotated[
        bool, typer.Option(help="Bundle the takes and targets that it was learned from.")
    ] = True,
    as_json: JsonOption = False,
) -> None:
    """Write a preset to one file that you can give away.

    Example: embouchure presets export dark-reed Desktop --with-space
    """
    from presets.exchange import export

    written = export(name, path, with_space=with_space, with_sources=with_takes)
    if as_json:
        speak_json({"path": str(written), "bytes": written.stat().st_size})
    else:
        say(f"Wrote {written}, {written.stat().st_size / 1000:.0f} kB.")


COMMANDS: Final[dict[str, Callable[..., None]]] = {
    "import": import_preset,
    "export": export_preset,
}
