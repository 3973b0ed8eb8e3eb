"""Seeds: what several spaces of one recipe have in common, and how far they differ."""

from collections.abc import Sequence
from statistics import fmean, stdev
from typing import Any, NamedTuple

from rich.table import Table

from synth.training.evaluation.figures import Evaluation
from synth.training.evaluation.table import COLUMNS, SHARES


class Spread(NamedTuple):
    """Mean and standard deviation of one measure over spaces."""

    mean: float
    deviation: float
    values: tuple[float, ...]


def spreads(evaluations: Sequence[Evaluation]) -> dict[str, dict[str, Spread]]:
    """Compare two or more spaces, system by system and measure by measure."""
    first, *rest = evaluations
    return {
        system: {
            measure: _spread([one.systems[system][measure].value for one in evaluations])
            for measure in figures
            if all(measure in one.systems.get(system, {}) for one in rest)
        }
        for system, figures in first.systems.items()
    }


def _spread(values: Sequence[float]) -> Spread:
    return Spread(fmean(values), stdev(values), tuple(values))


def described_spreads(evaluations: Sequence[Evaluation]) -> dict[str, Any]:
    """Say the spreads to a script."""
    return {
        system: {measure: spread._asdict() for measure, spread in measured.items()}
        for system, measured in spreads(evaluations).items()
    }


def seeds_table(evaluations: Sequence[Evaluation]) -> Table:
    """Lay out means and deviations, a line for each system that differs between the spaces."""
    table = Table(f"{len(evaluations)} spaces", *COLUMNS.values(), box=None, pad_edge=False)
    for system, measured in spreads(evaluations).items():
        if any(spread.deviation > 0 for spread in measured.values()):
            cells = (_words(measured.get(name), 3 if name in SHARES else 2) for name in COLUMNS)
            table.add_row(system.replace("_", " "), *cells)
    return table


def _words(spread: Spread | None, digits: int) -> str:
    return "" if spread is None else f"{spread.mean:.{digits}f} ± {spread.deviation:.{digits}f}"
