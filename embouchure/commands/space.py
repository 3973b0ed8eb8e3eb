"""`embouchure space`: the world of timbres that presets move in."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.table import Table

from embouchure.commands import (
    space_analyse,
    space_cache,
    space_corpus,
    space_evaluation,
    space_learning,
    space_moving,
    space_train,
)
from embouchure.commands.group import make_group
from embouchure.commands.options import JsonOption
from embouchure.output import console, say, speak_json

space = make_group("space", "Show the space of timbres, or train one.")

ANY_WIDTH: Final = 10_000
"""Of a terminal on which every table has room."""


@space.command("show")
def show_space(
    path: Annotated[
        Path | None, typer.Argument(help="A space file; without it the one that is installed.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show where a space comes from, its sounds and how well it was measured to do.

    Example: embouchure space show
    """
    from embouchure.space_file import load_space

    shown = load_space(path)
    if as_json:
        speak_json({"sha256": shown.sha256, **shown.card.model_dump(mode="json")})
        return
    card = shown.card
    say(f"{card.name}, {card.licence}, sha256 {shown.sha256}")
    for line in card.provenance:
        say(line)
    for source in card.sources:
        say(f"From {source.name}, {source.licence}")
        for line in source.provenance:
            say(f"  {line}")
    console.print(f"{len(card.sounds)} named sounds", highlight=False)
    for table in _fitting_tables(card.evaluation):
        console.print(table)


def _fitting_tables(evaluation: Mapping[str, Mapping[str, float]]) -> Iterator[Table]:
    """Lay an evaluation out, in tables of fewer systems where one would be too wide to be whole."""
    from synth.training.evaluation.summary import summary_table

    together: dict[str, Mapping[str, float]] = {}
    for system, figures in evaluation.items():
        if together and _width(summary_table({**together, system: figures})) > console.width:
            yield summary_table(together)
            together = {}
        together[system] = figures
    yield summary_table(together)


def _width(table: Table) -> int:
    return console.measure(table, options=console.options.update(max_width=ANY_WIDTH)).maximum


@space.command("list")
def list_spaces(as_json: JsonOption = False) -> None:
    """List the spaces that are installed: presets made for any of them can be played.

    Example: embouchure space list
    """
    from presets.spaces import installed_spaces

    found = [
        {"name": one.card.name, "sha256": one.sha256, "sounds": len(one.card.sounds)}
        for one in installed_spaces()
    ]
    if as_json:
        speak_json(found)
        return
    for one in found:
        say(f"{one['name']}, {one['sounds']} sounds, sha256 {one['sha256']}")


for commands in (
    space_train.COMMANDS,
    space_corpus.COMMANDS,
    space_learning.COMMANDS,
    space_moving.COMMANDS,
    space_cache.COMMANDS,
    space_evaluation.COMMANDS,
    space_analyse.COMMANDS,
):
    for word, command in commands.items():
        space.command(word)(command)
