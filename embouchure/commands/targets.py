"""`embouchure targets`: the sounds that a player wants, kept, drawn and edited."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from embouchure.commands.group import make_group
from embouchure.commands.options import JsonOption, SpaceOption
from embouchure.output import console, say, speak_json

if TYPE_CHECKING:
    from calibration.targets.target import Target

targets = make_group("targets", "List the targets, show, draw, export, move or remove one.")

NameArgument = Annotated[str, typer.Argument(help="Name of a target, or the path of its file.")]


@targets.command("list")
def list_targets(
    all_notes: Annotated[
        bool, typer.Option("--notes", help="List the single notes of recordings too.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """List the targets that are kept, and the articulations that every instrument has.

    Example: embouchure targets list
    """
    from calibration.targets.articulations import ARTICULATIONS
    from calibration.targets.target_store import names

    kept = {name: _line(name) for name in names() if all_notes or not _is_note(name)}
    articulations = {kind: line.about for kind, line in ARTICULATIONS.items()}
    if as_json:
        speak_json({"targets": _named(kept), "articulations": _named(articulations)})
        return
    table = Table("target", "what it is", box=None, pad_edge=False)
    for name, text in (kept | articulations).items():
        table.add_row(name, text)
    console.print(table)


def _is_note(name: str) -> bool:
    from calibration.targets.recording import NOTE
    from calibration.targets.target import TargetError
    from calibration.targets.target_store import find

    try:
        return find(name).kind == NOTE
    except TargetError:
        return False


def _named(about: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "about": text} for name, text in about.items()]


def _line(name: str) -> str:
    """Say what a target is, or why it cannot be opened: one damaged file must not hide the rest."""
    from calibration.targets.note_names import note_name
    from calibration.targets.target import TargetError
    from calibration.targets.target_store import find

    try:
        target = find(name)
    except TargetError as error:
        return str(error)
    return f"{target.kind}, {target.length_s:.1f} s at {note_name(target.note)}"


@targets.command("show")
def show_target(name: NameArgument, as_json: JsonOption = False) -> None:
    """Show what a target asks for: its length, and how far it moves.

    Example: embouchure targets show trumpet-solo
    """
    from calibration.targets.target_store import find

    shown = _described(find(name))
    if as_json:
        speak_json(shown)
        return
    table = Table(box=None, pad_edge=False, show_header=False)
    for key, value in shown.items():
        low_high = f"{value[0]:g} to {value[1]:g}" if isinstance(value, list) else str(value)
        table.add_row(key, low_high)
    console.print(table)


def _described(target: "Target") -> dict[str, object]:
    """Everything about a target, and the range of each descriptor while it is held."""
    from calibration.targets.target import TARGET_RATE_HZ
    from mapper.reading import DESCRIPTORS

    held = target.descriptors[: max(1, round(target.held_s * TARGET_RATE_HZ))]
    ranges = {
        name: [round(float(column.min()), 2), round(float(column.max()), 2)]
        for name, column in zip(DESCRIPTORS, held.T, strict=True)
    }
    return target.card.model_dump() | {"length_s": target.length_s} | ranges


@targets.command("remove")
def remove_target(name: NameArgument, as_json: JsonOption = False) -> None:
    """Take a target out of the list; its file is moved, not deleted.

    Example: embouchure targets remove trumpet-solo
    """
    from calibration.targets.target_store import remove

    removed = remove(name)
    if as_json:
        speak_json({"removed": name, "file": str(removed)})
        return
    say(f"Removed {name}; its file is now {removed}.")


@targets.command("draw")
def draw_target(
    drawing: Annotated[
        Path,
        typer.Argument(help="JSON or CSV: time_s, loudness_db, brightness, pitch_cents."),
    ],
    name: Annotated[
        str | None,
        typer.Option(help="What to call the target; without it as the file.", show_default=False),
    ] = None,
    like: Annotated[
        str, typer.Option(help="The preset or instrument that gives it its tone.")
    ] = "breath",
    note: Annotated[
        float | None, typer.Option(min=0, max=127, help="Its key.", show_default=False)
    ] = None,
    space: SpaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a target of a few points in time; straight lines run between them.

    Example: embouchure targets draw long-swell.csv --like trumpet --note 65
    """
    from calibration.targets.drawing_file import read_drawing
    from calibration.targets.known_instruments import recipe_named
    from calibration.targets.note_names import note_name
    from calibration.targets.target_store import keep, refuse_built_in
    from embouchure.commands.encode import slug
    from presets.factory.demonstrations import Composer
    from presets.names import check_name
    from presets.spaces import named_space

    own_name = check_name(name or slug(drawing.stem))
    refuse_built_in(own_name)
    drawn = read_drawing(drawing)
    drawn = drawn if note is None else drawn.model_copy(update={"note": note})
    world = named_space(space)
    target = drawn.target(Composer(world, recipe_named(world, like)), own_name)
    path = keep(target)
    if as_json:
        speak_json(_described(target) | {"file": str(path)})
        return
    console.print(
        f"Kept {target.name}, {target.length_s:.1f} s at {note_name(target.note)}.",
        highlight=False,
    )


@targets.command("export")
def export_target(
    name: NameArgument,
    out: Annotated[Path, typer.Argument(help="The file to write; .csv gives CSV, else JSON.")],
    as_json: JsonOption = False,
) -> None:
    """Write a target as points in time, to be edited and drawn again.

    Example: embouchure targets export trumpet-solo solo.json
    """
    from calibration.targets.drawing import Drawing
    from calibration.targets.drawing_file import write_drawing
    from calibration.targets.target_store import find

    drawing = Drawing.of(find(name))
    write_drawing(drawing, out)
    if as_json:
        speak_json({"file": str(out), "n_points": len(drawing.points)})
        return
    say(f"Wrote {out}, {len(drawing.points)} points.")


@targets.command("move")
def move_target(
    name: NameArgument,
    space: Annotated[Path, typer.Argument(help="The space to say it in, a space file.")],
    old: Annotated[
        Path | None,
        typer.Option("--from", help="The space it was made in; without it the one installed."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Say a target in another space, so that it sounds alike there; it keeps its name.

    Example: embouchure targets move trumpet-solo better.safetensors
    """
    from calibration.targets.moving import moved
    from calibration.targets.target_store import find, keep
    from embouchure.space_file import load_space

    target = moved(find(name), load_space(old), load_space(space))
    path = keep(target)
    if as_json:
        speak_json({"name": target.name, "space_sha256": target.space_sha256, "file": str(path)})
        return
    say(f"Kept {target.name} for the space {space}.")
