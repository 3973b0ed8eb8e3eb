"""`embouchure setlist`: presets in the order in which they are played."""

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from embouchure.commands.group import make_group
from embouchure.commands.options import JsonOption
from embouchure.output import console, say, speak_json

if TYPE_CHECKING:
    from presets.setlist import Setlist

setlist = make_group("setlist", "Put presets in the order in which you play them.")

NameArgument = Annotated[str, typer.Argument(help="Name of a setlist.")]
PlaceArgument = Annotated[int, typer.Argument(help="A place in it, from 1.")]
PlaceOption = Annotated[
    int | None, typer.Option(help="Its place, from 1; without it the last.", show_default=False)
]
TitleOption = Annotated[
    str | None, typer.Option(help="What you call it, such as the song it is for.")
]
GainOption = Annotated[
    float | None, typer.Option("--gain-db", help="Louder or softer than the preset, in dB.")
]
TransposeOption = Annotated[
    int | None, typer.Option("--transpose", help="Higher or lower than played, in semitones.")
]


def _answer(told: "Setlist", *, as_json: bool) -> None:
    """Show a setlist as it is now."""
    if as_json:
        speak_json(told.model_dump(mode="json"))
        return
    table = Table("", "called", "preset", "gain", "transposed", box=None, pad_edge=False)
    for place, entry in enumerate(told.entries, start=1):
        gain, up = f"{entry.gain_db:+g} dB", f"{entry.transpose_semitones:+d}"
        table.add_row(str(place), entry.called, entry.preset, gain, up)
    n_places = len(told.entries)
    say(f"{told.name}, {n_places} {'place' if n_places == 1 else 'places'}")
    console.print(table)


def _fields(title: str | None, gain_db: float | None, transpose: int | None) -> dict[str, Any]:
    fields = {"title": title, "gain_db": gain_db, "transpose_semitones": transpose}
    return {name: value for name, value in fields.items() if value is not None}


@setlist.command("new")
def new(name: NameArgument, as_json: JsonOption = False) -> None:
    """Begin an empty setlist.

    Example: embouchure setlist new friday
    """
    from presets.setlists import new_setlist

    _answer(new_setlist(name), as_json=as_json)


@setlist.command("list")
def list_setlists(as_json: JsonOption = False) -> None:
    """List the setlists there are.

    Example: embouchure setlist list
    """
    from presets.setlists import setlist_names

    found = setlist_names()
    if as_json:
        speak_json(found)
    else:
        say("\n".join(found) or "There is no setlist yet; embouchure setlist new NAME begins one.")


@setlist.command("show")
def show(name: NameArgument, as_json: JsonOption = False) -> None:
    """Show what is in a setlist.

    Example: embouchure setlist show friday
    """
    from presets.setlists import load_setlist

    _answer(load_setlist(name), as_json=as_json)


@setlist.command("add")
def add(
    name: NameArgument,
    preset: Annotated[str, typer.Argument(help="Name of a preset.")],
    place: PlaceOption = None,
    title: TitleOption = None,
    gain_db: GainOption = None,
    transpose: TransposeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add a preset to a setlist.

    Example: embouchure setlist add friday bow --title "Slow air" --gain-db -2 --transpose 12
    """
    from presets.library import known
    from presets.setlist import make_entry
    from presets.setlists import load_setlist, save_setlist

    entry = make_entry(preset=known(preset), **_fields(title, gain_db, transpose))
    changed = load_setlist(name).with_entry(entry, place)
    save_setlist(changed)
    _answer(changed, as_json=as_json)


@setlist.command("change")
def change(
    name: NameArgument,
    place: PlaceArgument,
    preset: Annotated[str | None, typer.Option(help="Another preset.")] = None,
    title: TitleOption = None,
    gain_db: GainOption = None,
    transpose: TransposeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Change an entry of a setlist.

    Example: embouchure setlist change friday 2 --gain-db -3
    """
    from presets.library import known
    from presets.setlists import load_setlist, save_setlist

    fields = _fields(title, gain_db, transpose) | ({"preset": known(preset)} if preset else {})
    changed = load_setlist(name).changed(place, **fields)
    save_setlist(changed)
    _answer(changed, as_json=as_json)


@setlist.command("remove")
def remove(name: NameArgument, place: PlaceArgument, as_json: JsonOption = False) -> None:
    """Take an entry out of a setlist.

    Example: embouchure setlist remove friday 2
    """
    from presets.setlists import load_setlist, save_setlist

    changed = load_setlist(name).without(place)
    save_setlist(changed)
    _answer(changed, as_json=as_json)


@setlist.command("move")
def move(
    name: NameArgument,
    place: PlaceArgument,
    to: Annotated[int, typer.Argument(help="Its new place, from 1.")],
    as_json: JsonOption = False,
) -> None:
    """Move an entry to another place.

    Example: embouchure setlist move friday 3 1
    """
    from presets.setlists import load_setlist, save_setlist

    changed = load_setlist(name).moved(place, to)
    save_setlist(changed)
    _answer(changed, as_json=as_json)


@setlist.command("delete")
def delete(name: NameArgument, as_json: JsonOption = False) -> None:
    """Remove a setlist; its versions stay.

    Example: embouchure setlist delete friday
    """
    from presets.setlists import delete_setlist

    delete_setlist(name)
    if as_json:
        speak_json({"name": name})
    else:
        say(f"{name} is gone; embouchure setlist revert {name} brings it back.")


@setlist.command("revert")
def revert(
    name: NameArgument,
    number: Annotated[int | None, typer.Argument(help="A version; without it the newest.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Bring an older version of a setlist back, or a deleted one.

    Example: embouchure setlist revert friday 3
    """
    from presets.setlists import revert_setlist

    _answer(revert_setlist(name, number), as_json=as_json)
