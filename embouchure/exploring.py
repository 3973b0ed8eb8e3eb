"""Exploring: how an exploration is opened, shown and heard from the command line."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from embouchure.output import console, say, speak_json

if TYPE_CHECKING:
    from calibration.exploration.exploration import Exploration

InOption = Annotated[
    str | None,
    typer.Option(
        "--in",
        metavar="NAME",
        help="The exploration; without it the one last worked on.",
        show_default=False,
    ),
]


@contextmanager
def opened(name: str | None) -> "Iterator[Exploration]":
    """Open an exploration for as long as a command takes."""
    from calibration.exploration.exploration import resume

    exploration = resume(name)
    try:
        yield exploration
    finally:
        exploration.archive.close()


def show_entries(exploration: "Exploration", numbers: Sequence[int], *, as_json: bool) -> None:
    """Tell about sounds: what each is made of, and what sets it apart."""
    from calibration.exploration.entry import entries

    shown = entries(exploration, numbers)
    if as_json:
        speak_json([entry.model_dump(mode="json") for entry in shown])
        return
    if not shown:
        say("None has a star; `embouchure explore star NUMBER` gives one.")
        return
    table = Table("sound", "", "what sets it apart", "made of", box=None, pad_edge=False)
    for entry in shown:
        star = "★" if entry.starred else ""
        table.add_row(str(entry.number), star, entry.words, entry.recipe)
    console.print(table)


def play(
    exploration: "Exploration",
    numbers: Sequence[int],
    *,
    phrase: bool,
    device: str | None,
    as_json: bool,
) -> None:
    """Play sounds in turn; once no device plays, only say where the files are."""
    from calibration.exploration.entry import entries
    from embouchure.hearing import hear
    from synth.outputs import DeviceError

    trouble, told = None, []
    for entry in entries(exploration, numbers):
        file = exploration.phrase(entry.number) if phrase else exploration.preview(entry.number)
        if not as_json:
            place = f" ({file})" if trouble else ""
            say(f"{entry.number}: {entry.words}; {entry.recipe}{place}")
        try:
            if trouble is None:
                hear(file, device)
        except DeviceError as error:
            trouble = str(error)
            if not as_json:
                say(f"It cannot be played: {trouble}. Its file is {file}")
        told.append({"number": entry.number, "file": str(file), "played": trouble is None})
    if as_json:
        speak_json(told)
    if trouble:
        raise typer.Exit(1)
