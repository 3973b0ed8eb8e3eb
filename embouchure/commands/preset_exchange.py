"""`embouchure presets import`, `export`, `morph` and `compare`: from others, to others, between two."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.table import Table

from embouchure.commands.options import JsonOption
from embouchure.output import console, progress_bar, say, speak_json


def import_preset(
    path: Annotated[Path, typer.Argument(help="A preset's file.")],
    name: Annotated[str | None, typer.Option(help="Another name for it.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Keep a preset that somebody gave you, and the space that it brings.

    Example: embouchure presets import dark-reed.preset
    """
    from presets.exchange import import_file

    imported = import_file(path, name)
    if as_json:
        speak_json(imported._asdict())
        return
    say(f"Kept {path} as {imported.name}.")
    if not imported.has_space:
        say("The space that it needs is not installed; ask for an export with the space.")


def export_preset(
    name: Annotated[str, typer.Argument(help="Name of a preset.")],
    path: Annotated[Path, typer.Argument(help="The file to write, or a folder.")] = Path(),
    with_space: Annotated[
        bool, typer.Option("--with-space", help="Bundle the space that it needs.")
    ] = False,
    with_takes: Annotated[
        bool, typer.Option(help="Bundle the takes and targets that it was learned from.")
    ] = True,
    as_json: JsonOption = False,
) -> None:
    """Write a preset to one file that you can give away.

    Example: embouchure presets export dark-reed Desktop --with-space
    """
    from presets.exchange import export

    written = export(name, path, with_space=with_space, with_sources=with_takes)
    if as_json:
        speak_json({"path": str(written), "bytes": written.stat().st_size})
    else:
        say(f"Wrote {written}, {written.stat().st_size / 1000:.0f} kB.")


def morph_presets(
    first: Annotated[str, typer.Argument(help="A preset.")],
    second: Annotated[str, typer.Argument(help="Another.")],
    name: Annotated[str, typer.Argument(help="Name of the new preset.")],
    share: Annotated[
        float, typer.Option(min=0, max=1, help="How much of the second; the rest is the first.")
    ] = 0.5,
    as_json: JsonOption = False,
) -> None:
    """Keep a new preset that lies between two others, as loud as they are.

    Example: embouchure presets morph breath bow bowed-breath --share 0.3
    """
    from presets.library import refuse_taken
    from presets.matching import save_matched
    from presets.morph import morph
    from presets.names import check_name
    from presets.store import load

    refuse_taken(check_name(name))
    made = morph(load(first), load(second), share, name)
    save_matched(made)
    if as_json:
        speak_json({"name": name, "share": share})
    else:
        say(f"Kept {name}: {made.card.description}")


def compare_presets(
    first: Annotated[str, typer.Argument(help="A preset.")],
    second: Annotated[str, typer.Argument(help="Another.")],
    performance: Annotated[
        Path | None, typer.Option(help="A Standard MIDI File; without it a bundled one.")
    ] = None,
    out: Annotated[Path, typer.Option(help="The folder for the two files.")] = Path(),
    as_json: JsonOption = False,
) -> None:
    """Let two presets play the same, equally loud, and tell how their sounds differ.

    Example: embouchure presets compare breath bow --out Desktop
    """
    from embouchure.comparison import compare

    with progress_bar(quiet=as_json) as progress:
        task = progress.add_task("Rendering", total=1.0)
        told = compare(
            (first, second), out, performance, lambda share: progress.update(task, completed=share)
        )
    if as_json:
        sides = [{**vars(side), "path": str(side.path)} for side in told.sides]
        speak_json({"sides": sides, "lufs": told.lufs, "distance_db": told.distance_db})
        return
    table = Table("file", "loudness", "gain", "peak", "brightness", box=None, pad_edge=False)
    for side in told.sides:
        table.add_row(
            str(side.path),
            f"{side.lufs:.1f} LUFS",
            f"{side.gain_db:+.1f} dB",
            f"{side.peak_db:.1f} dB",
            f"{side.brightness_hz:.0f} Hz",
        )
    console.print(table)
    say(f"Both files at {told.lufs:.1f} LUFS; their bands are {told.distance_db:.1f} dB apart.")


def refit_preset(
    name: Annotated[str, typer.Argument(help="A preset that was taught by takes.")],
    space: Annotated[
        str, typer.Option(help="Another space: its file, or the hash of one installed.")
    ],
    new: Annotated[str | None, typer.Option("--name", help="Name of what comes of it.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Move a taught preset to another space, by the takes that it was taught by.

    The preset stays as it is; what comes of it is kept beside it.

    Example: embouchure presets refit my-breath --space better.safetensors
    """
    from calibration.demonstrations.diploma import figures
    from calibration.demonstrations.refit import refit
    from presets.library import open_bundle, refuse_taken
    from presets.matching import save_matched
    from presets.names import check_name, free_name
    from presets.spaces import find_space, named_space
    from presets.store import names

    if new:
        refuse_taken(check_name(new))
    bundle = open_bundle(name)
    there, card = named_space(space), bundle.preset.card
    kept = new or free_name(card.name, set(names()))
    with console.status("Moving it; this takes about half a minute"):
        made = refit(bundle, find_space(card.space), there, kept)
        save_matched(made.bundle, there)
    if as_json:
        speak_json({"name": kept, "space": there.sha256, "figures": figures(made.taught)})
        return
    say(f"Kept {kept}, made for {there.card.name}.")
    say(made.taught.in_words())


COMMANDS: Final[dict[str, Callable[..., None]]] = {
    "import": import_preset,
    "export": export_preset,
    "morph": morph_presets,
    "compare": compare_presets,
    "refit": refit_preset,
}
