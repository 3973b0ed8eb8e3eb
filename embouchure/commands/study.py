"""`embouchure study`: how fast each way of learning reaches the wish, on simulated players."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from embouchure.commands.options import JsonOption
from embouchure.output import console, going_on, speak_json

if TYPE_CHECKING:
    from calibration.study.plan import Plan
    from calibration.study.report import Report

WIDTH = 120
"""Columns that the tables need; a narrower window breaks their lines."""


def study(
    hands: Annotated[
        int | None,
        typer.Option(
            help="How many simulated hands; 20 without, 4 with --quick.", show_default=False
        ),
    ] = None,
    share: Annotated[
        float,
        typer.Option(help="Share of the sound that no instrument map can know, 0-0.9."),
    ] = 0.3,
    jobs: Annotated[int, typer.Option(min=1, help="Processes.")] = 2,
    plot: Annotated[
        Path | None, typer.Option(help="Draw the learning curves into this PNG or SVG.")
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Look at few hands, in a minute or two.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Let simulated players teach this program and others, and compare what each has learned.

    Ctrl-C keeps what is measured; the same command goes on with it. All 20 hands take about half
    an hour on two cores.

    Example: embouchure study --plot curves.png
    """
    from calibration.study.plan import Plan
    from calibration.study.plot import check_can_draw, save_plot

    plan = Plan.quick(hands or 4, share) if quick else Plan(hands or 20, share)
    if plot:
        check_can_draw()
    report = _studied(plan.checked(), jobs)
    if plot:
        save_plot(report, plot)
    if as_json:
        speak_json(report.described())
    else:
        _show(report)


def _studied(plan: "Plan", jobs: int) -> "Report":
    from calibration.study.study import study

    with going_on(), _progress() as progress:
        task = progress.add_task("Studying", total=len(plan.pieces()))
        return study(plan, jobs, lambda done, _of: progress.update(task, completed=done))


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def _show(report: "Report") -> None:
    from calibration.study.plot import SENTENCE
    from calibration.study.rows import sixteen_rows

    wide = Console(width=max(console.width, WIDTH))
    wide.print(_curves(report))
    floor = report.floor()
    wide.print(
        f"Error of the code over its spread, mean of {len(report.names)} hands and its standard "
        f"error; the floor is {floor.value:.3f} ± {floor.error:.3f}.\n",
        highlight=False,
    )
    wide.print(_claims(report))
    wide.print()
    rows = Table("", "measure", "wanted", "found", "", box=None, pad_edge=False)
    for row in sixteen_rows(report):
        rows.add_row(str(row.number), row.measure, row.wanted, row.found, _mark(row.reached))
    wide.print(rows)
    wide.print(f"\n{SENTENCE}")


def _curves(report: "Report") -> Table:
    times_s = [0.0, *report.times_s]
    table = Table("", *(f"{time_s:g} s" for time_s in times_s), box=None, pad_edge=False)
    for learner in report.learners():
        curve = report.curve(learner)
        cells = [f"{curve[t].value:.3f} ± {curve[t].error:.3f}" for t in times_s]
        table.add_row(learner, *cells)
    return table


def _claims(report: "Report") -> Table:
    table = Table("binding", "wanted", "found", "", box=None, pad_edge=False)
    for claim in report.claims():
        table.add_row(claim.name, claim.wanted, claim.found, _mark(claim.reached))
    return table


def _mark(reached: bool | None) -> str:
    if reached is None:
        return "-"
    return "reached" if reached else "[bold red]not reached[/]"
