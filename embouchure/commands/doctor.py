"""`embouchure doctor`: does this computer have what the instrument needs."""

import typer
from rich.table import Column, Table
from rich.text import Text

from embouchure.commands.options import JsonOption
from embouchure.output import console, speak_json

COLOURS = {"good": "green", "note": "yellow", "fault": "red"}


def doctor(
    as_json: JsonOption = False,
) -> None:
    """Check everything the instrument needs; exit code 1 when something is at fault.

    Example: embouchure doctor
    """
    from embouchure.examination import Verdict, examine

    with console.status("Examining"):
        findings = list(examine())
    if as_json:
        speak_json([finding._asdict() for finding in findings])
    else:
        table = Table(
            "about", "verdict", Column("found", overflow="fold"), box=None, pad_edge=False
        )
        for about, verdict, sentence in findings:
            table.add_row(about, Text(verdict, COLOURS[verdict]), sentence)
        console.print(table, highlight=False)
    if any(finding.verdict is Verdict.FAULT for finding in findings):
        raise typer.Exit(1)
