"""`embouchure gestures`: what each finger did in a performance."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from embouchure.commands.options import ControllerOption, ModeName, ModeOption
from embouchure.output import console, speak_json
from embouchure.wishes import Wishes


def gestures(
    performance: Annotated[Path, typer.Argument(help="A Standard MIDI File.")],
    mode: ModeOption = ModeName.AUTO,
    controller: ControllerOption = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print every gesture in full as JSON.")
    ] = False,
) -> None:
    """Show the five dimensions of every touch of a performance.

    Example: embouchure gestures solo.mid --json > solo.json
    """
    from mapper.gestures import gestures_of

    found = gestures_of(performance, Wishes(mode=mode.value, controller=controller).listeners())
    if as_json:
        speak_json([gesture.to_dict() for gesture in found])
        return
    table = Table("start", "length", "note", "strike", "press", "slide", "glide", "lift", box=None)
    for one in found:
        table.add_row(
            f"{one.start_s:.2f} s",
            f"{one.end_s - one.start_s:.2f} s",
            f"{one.note:g}",
            f"{one.strike:.2f}",
            f"{one.press.min():.2f}-{one.press.max():.2f}",
            f"{one.slide.min():.2f}-{one.slide.max():.2f}",
            f"{one.glide_semitones.min():+.2f} to {one.glide_semitones.max():+.2f}",
            f"{one.lift:.2f}",
        )
    console.print(table)
