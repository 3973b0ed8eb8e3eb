"""`embouchure presets move`: presets made for another space, moved to one."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Final

import typer

from embouchure.commands.options import JsonOption
from embouchure.output import progress_bar, say, speak_json

if TYPE_CHECKING:
    from calibration.crossing.relocation import Relocated


def move_presets(
    name: Annotated[
        list[str] | None,
        typer.Argument(help="Presets; without any all that were made for another space."),
    ] = None,
    space: Annotated[
        str | None,
        typer.Option(help="A space: its file, or the hash of one installed; else the program's."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Let presets made for another space sound on this one as they did there.

    Your own keep their names and takes, and embouchure presets revert takes a move back. What
    comes of a factory preset is kept beside it. Each takes about a minute.

    Examples: embouchure presets move, embouchure presets move my-breath --space better.safetensors
    """
    from calibration.crossing.relocation import elsewhere, relocate
    from presets.spaces import named_space

    there = named_space(space)
    movable, lost = elsewhere(there)
    chosen, lost = (name, []) if name else (movable, lost)
    done = []
    with progress_bar(quiet=as_json) as progress:
        task = progress.add_task("Moving", total=max(len(chosen), 1))
        for moved in relocate(chosen, there):
            done.append(moved)
            progress.update(task, advance=1)
            if not as_json:
                say(_in_words(moved))
    if as_json:
        moves = [moved._asdict() for moved in done]
        speak_json({"space": there.sha256, "moved": moves, "lost": lost})
        return
    for preset in lost:
        say(f"{preset} stays: the space that it needs is not installed; import it with its space.")
    if not done and not lost:
        say(f"Every preset is made for the space {there.card.name}.")


def _in_words(moved: "Relocated") -> str:
    kept = "" if moved.kept == moved.name else f", kept as {moved.kept}"
    return (
        f"{moved.name}{kept}: {moved.apart_db:.1f} dB from what it sounded like; "
        f"left as it was it would be {moved.unmoved_db:.1f} dB."
    )


COMMANDS: Final[dict[str, Callable[..., None]]] = {"move": move_presets}
