"""Report: the errors of the factory mappings on gestures they were not fitted on, as a table."""

from rich.console import Console
from rich.table import Table

from presets.factory.design import Design, build, designs
from presets.factory.evaluation import SYSTEMS


def print_report(*, rebuild: bool = False) -> None:
    """Design every factory preset, keep it if asked, and print its errors beside the baselines'."""
    table = Table(title="Error on held-out gestures: code NRMSE / loudness dB RMS")
    for heading in ("preset", *SYSTEMS):
        table.add_column(heading)
    for made in build() if rebuild else designs():
        table.add_row(*row(made))
    Console().print(table)


def row(made: Design) -> list[str]:
    """Write one preset's line of the table."""
    cells = [made.errors[system] for system in SYSTEMS]
    return [
        made.preset.card.name,
        *(f"{cell['code_nrmse']:.3f} / {cell['loudness_db']:.2f}" for cell in cells),
    ]
