"""`embouchure fit`: a preset is taught by takes that were played before."""

from pathlib import Path
from typing import Annotated

import typer

from embouchure.commands.options import JsonOption
from embouchure.output import console, say, speak_json


def fit(
    takes: Annotated[
        list[Path], typer.Argument(help="Takes, folders of them, or the name of a demonstration's.")
    ],
    preset: Annotated[str, typer.Option(help="The preset to teach; it stays as it is.")],
    out: Annotated[str, typer.Option(help="What to call what was learned.")],
    as_json: JsonOption = False,
) -> None:
    """Learn from takes of a demonstration, without playing them again.

    Nothing is kept unless it is better on takes that were held out.

    Example: embouchure fit "2026-11-22 20.31.07 breath" --preset breath --out mine
    """
    from calibration.demonstrations.diploma import figures
    from calibration.demonstrations.take_store import read_takes
    from embouchure.demo_session import keep, open_lesson, own_name

    name = own_name(preset, out)
    read = read_takes(takes)
    with console.status("Learning"):
        pupil, _ = open_lesson(preset)
        taught = pupil.teach(read)
        if taught.adopted:
            keep(pupil, taught, read, name)
    if as_json:
        speak_json({"kept_as": name if taught.adopted else None, "figures": figures(taught)})
        return
    say(taught.in_words())
    say(f"Kept as {name}." if taught.adopted else "Nothing is kept.")
