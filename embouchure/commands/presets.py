"""`embouchure presets`: the instruments to choose from."""

from typing import Annotated

import typer
from rich.table import Table

from embouchure.commands.options import JsonOption
from embouchure.output import console, speak_json

presets = typer.Typer(help="List the presets, or show one.", no_args_is_help=True)


@presets.command("list")
def list_presets(
    as_json: JsonOption = False,
) -> None:
    """List every preset with a line about each.

    Example: embouchure presets list
    """
    from presets.store import load, names

    cards = [load(name).card for name in names()]
    if as_json:
        speak_json([{"name": card.name, "description": card.description} for card in cards])
        return
    table = Table("preset", "what it is", box=None, pad_edge=False)
    for card in cards:
        table.add_row(card.name, card.description)
    console.print(table)


@presets.command("show")
def show_preset(
    name: Annotated[str, typer.Argument(help="Name of a preset, or the path of a preset file.")],
    as_json: JsonOption = False,
) -> None:
    """Show all that is known of one preset.

    Example: embouchure presets show bow
    """
    from presets.store import load

    card = load(name).card.model_dump(mode="json")
    if as_json:
        speak_json(card)
        return
    table = Table(box=None, pad_edge=False, show_header=False)
    for key, value in card.items():
        table.add_row(key, _in_words(value))
    console.print(table)


def _in_words(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {number}" for key, number in value.items())
    return ", ".join(value) if isinstance(value, list) else str(value)
