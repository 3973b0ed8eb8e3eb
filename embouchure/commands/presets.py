"""`embouchure presets`: the instruments to choose from, and what can be done with them."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from embouchure.commands import preset_exchange, preset_keeping, preset_moving
from embouchure.commands.group import make_group
from embouchure.commands.options import JsonOption
from embouchure.output import console, say, speak_json

if TYPE_CHECKING:
    from presets.catalogue import Entry

presets = make_group("presets", "List, search, keep, give away and mix presets.")


@presets.command("list")
def list_presets(
    as_json: JsonOption = False,
) -> None:
    """List every preset with a line about each.

    Example: embouchure presets list
    """
    from presets.catalogue import entries

    _make_way()
    _show(entries(), as_json=as_json)


@presets.command("search")
def search_presets(
    words: Annotated[
        list[str] | None, typer.Argument(help="Words of its name, description or tags.")
    ] = None,
    tag: Annotated[list[str] | None, typer.Option(help="A tag it has; repeat it.")] = None,
    favourites: Annotated[bool, typer.Option("--favourites", help="Favourites only.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List the presets that hold every word and have every tag.

    Example: embouchure presets search dark reed --tag solo
    """
    from presets.catalogue import search

    _make_way()
    found = search(" ".join(words or ()), tag or (), favourites_only=favourites)
    _show(found, as_json=as_json)


def _make_way() -> None:
    """Let no preset of the player's own be hidden by one of the factory's."""
    from presets.making_way import make_way

    for sentence in make_way():
        typer.echo(sentence, err=True)


def _show(found: "list[Entry]", *, as_json: bool) -> None:
    if as_json:
        speak_json([vars(entry) for entry in found])
        return
    if not found:
        say("No preset is like that; presets list has them all.")
        return
    table = Table("preset", "", "what it is", "tags", box=None, pad_edge=False)
    for entry in found:
        star = "★" if entry.is_favourite else ""
        table.add_row(entry.name, star, entry.description, ", ".join(entry.tags))
    console.print(table)


@presets.command("show")
def show_preset(
    name: Annotated[str, typer.Argument(help="Name of a preset, or the path of a preset file.")],
    as_json: JsonOption = False,
) -> None:
    """Show all that is known of one preset.

    Example: embouchure presets show bow
    """
    from presets.bundle import source_names
    from presets.store import find, load

    card = load(name).card.model_dump(mode="json") | {"sources": source_names(find(name))}
    if as_json:
        speak_json(card)
        return
    table = Table(box=None, pad_edge=False, show_header=False)
    for key, value in card.items():
        table.add_row(key, _in_words(value))
    console.print(table)


def _in_words(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_in_words(one)}" for key, one in value.items()) or "none"
    if isinstance(value, list):
        return ", ".join(map(_in_words, value)) or "none"
    return "none" if value is None else str(value)


for commands in (preset_keeping.COMMANDS, preset_exchange.COMMANDS, preset_moving.COMMANDS):
    for word, command in commands.items():
        presets.command(word)(command)
