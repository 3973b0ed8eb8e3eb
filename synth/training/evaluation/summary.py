"""The summary of an evaluation that a space's card keeps, laid out for a terminal."""

from collections.abc import Mapping

from rich.table import Table

LOW, HIGH, N = "_low", "_high", "_n"
"""After the name of a measure: its interval, and the number of notes behind it."""


def summary_table(kept: Mapping[str, Mapping[str, float]]) -> Table:
    """Lay out what a card keeps, a line for each measure and a column for each system."""
    measures = dict.fromkeys(name for figures in kept.values() for name in figures)
    table = Table("measure", *(name.replace("_", " ") for name in kept), box=None, pad_edge=False)
    for name in measures:
        if not any(name == other + end for other in measures for end in (LOW, HIGH)):
            table.add_row(name.replace("_", " "), *(_words(row, name) for row in kept.values()))
    return table


def _words(figures: Mapping[str, float], name: str) -> str:
    if name not in figures:
        return ""
    if name.endswith((N, "n_notes")):
        return f"{figures[name]:.0f}"
    if name + LOW not in figures:
        return f"{figures[name]:.2f}"
    return f"{figures[name]:.2f} ({figures[name + LOW]:.2f}–{figures[name + HIGH]:.2f})"
