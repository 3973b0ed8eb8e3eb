"""`embouchure feel`: how each preset answers the hand on each controller."""

from dataclasses import fields
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from embouchure.commands.options import JsonOption
from embouchure.output import console, speak_json

if TYPE_CHECKING:
    from embouchure.feel.table import Row
    from embouchure.feel.vibrato import Row as VibratoRow

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
    vibrato: Annotated[
        bool,
        typer.Option("--vibrato", help="Instead, what becomes of a simulated player's vibrato."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Measure how a sound speaks and follows the finger; an exclamation mark is beyond its bound.

    Examples: embouchure feel --preset bow --controller linnstrument-mpe, embouchure feel --vibrato
    """
    if vibrato:
        _feel_vibrato(as_json=as_json)
        return
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


def _feel_vibrato(*, as_json: bool) -> None:
    from embouchure.feel.vibrato import vibrato_table

    with console.status("Playing"):
        table = list(vibrato_table())
    if as_json:
        speak_json([row.described() for row in table])
    else:
        Console(width=max(console.width, WIDTH)).print(_vibrato_table(table))


def _vibrato_table(rows: "list[VibratoRow]") -> Table:
    """Lay figures out, one in a line, since their names are long."""
    table = Table("figure", *(f"{row.target} on {row.preset}" for row in rows), box=None)
    for name in [field.name for field in fields(rows[0])][2:]:
        figures = ((row, getattr(row, name)) for row in rows)
        cells = (
            f"[bold red]{value:.3g}![/]" if name in row.failures() else f"{value:.3g}"
            for row, value in figures
        )
        table.add_row(name, *cells)
    return table


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
