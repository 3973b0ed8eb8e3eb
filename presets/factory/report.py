"""Report: what was measured of the factory presets, as tables."""

from typing import Final

from rich.console import Console
from rich.table import Table

from presets.factory.design import Design, build, designs
from presets.factory.evaluation import SYSTEMS
from presets.factory.loudness import NOTES

WIDTH: Final = 150


def print_report(*, rebuild: bool = False) -> None:
    """Design every factory preset, keep it if asked, and print what was measured."""
    errors = Table(
        "preset", *SYSTEMS, title="Error on held-out gestures: code NRMSE / loudness dB RMS"
    )
    levels = Table(
        "preset", "gain dB", "LUFS", *map(str, NOTES), title="Loudness, and of each note"
    )
    for made in build() if rebuild else designs():
        errors.add_row(*error_row(made))
        levels.add_row(*level_row(made))
    console = Console(width=WIDTH)
    console.print(errors)
    console.print(levels)


def error_row(made: Design) -> list[str]:
    """Write one preset's line of the errors' table."""
    cells = [made.errors[system] for system in SYSTEMS]
    return [
        made.preset.card.name,
        *(f"{cell['code_nrmse']:.3f} / {cell['loudness_db']:.2f}" for cell in cells),
    ]


def level_row(made: Design) -> list[str]:
    """Write one preset's line of the loudness' table."""
    card = made.preset.card
    each = [f"{level:.1f}" for level in made.note_lufs]
    return [card.name, f"{card.voice.gain_db:+.2f}", f"{made.lufs:.2f}", *each]
