"""`embouchure presets`: the instruments to choose from."""

from typing import Annotated

import typer
from rich.table import Table

from embouchure.commands.group import make_group
from embouchure.commands.options import JsonOption
from embouchure.output import console, speak_json

presets = make_group("presets", "List the presets, or show one.")


@presets.command("list")
def list_presets(
    as_json: JsonOption = False,
) -> None:
    """List every preset with a line about each.

    Example: embouchure presets list
    """
    from presets.store import names

    described = {name: _description(name) for name in names()}
    if as_json:
        speak_json([{"name": name, "description": text} for name, text in described.items()])
        return
    table = Table("preset", "what it is", box=None, pad_edge=False)
    for name, text in described.items():
        table.add_row(name, text)
    console.print(table)


def _description(name: str) -> str:
    """Say what a preset is, or why it cannot be opened: one damaged file must not hide the rest."""
    from presets.preset import PresetError
    from presets.store import load

    try:
        return load(name).card.description
    except PresetError as error:
        return str(error)


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
    return (", ".join(value) or "none") if isinstance(value, list) else str(value)
