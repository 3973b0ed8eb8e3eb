"""`embouchure feel`: how each preset answers the hand on each controller."""

from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from embouchure.commands.options import JsonOption
from embouchure.output import console, speak_json

if TYPE_CHECKING:
    from embouchure.feel.table import Row

WIDTH: Final = 132
"""Columns that the table needs; a narrower window breaks its lines."""


def feel(
    preset: Annotated[
        list[str] | None,
        typer.Option(help="Name or path of a preset; repeat it for several. Without it all."),
    ] = None,
    controller: Annotated[
        list[str] | None,
        typer.Option(help="Word for a controller; repeat it for several. Without it all."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Measure how a sound speaks and follows the finger; an exclamation mark is beyond its bound.

    Example: embouchure feel --preset bow --controller linnstrument-mpe
    """
    from embouchure.feel.table import controllers, rows
    from presets.store import names

    words = controllers(controller or [])
    with console.status("Playing"):
        table = list(rows(preset or names(), words))
    if as_json:
        speak_json([row.described() for row in table])
    else:
        Console(width=max(console.width, WIDTH)).print(_table(table))
        console.print(_summary(table), highlight=False)


def _table(rows: "list[Row]") -> Table:
    from embouchure.feel.bounds import BOUNDS

    table = Table(box=None, pad_edge=False)
    for heading in ("preset", "controller"):
        table.add_column(heading, no_wrap=True)
    for bound in BOUNDS.values():
        table.add_column(f"{bound.title}\n{bound.unit}\n{bound.in_words}", justify="right")
    for row in rows:
        table.add_row(row.preset, row.controller, *(_cell(row, name) for name in BOUNDS))
    return table


def _cell(row: "Row", name: str) -> str:
    from embouchure.feel.bounds import BOUNDS

    figure = row.figures[name]
    if figure is None:
        return "-"
    return f"{figure:.1f}" if BOUNDS[name].holds(figure) else f"[bold red]{figure:.1f}![/]"


def _summary(rows: "list[Row]") -> str:
    figures = [figure for row in rows for figure in row.figures.values() if figure is not None]
    beyond = sum(len(row.failures()) for row in rows)
    return f"{beyond} of {len(figures)} figures are beyond their bounds."
