"""`embouchure monitor`: what the fingers send, live and unaltered."""

import json
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Annotated

import typer
from rich.live import Live
from rich.table import Table

from embouchure.commands.options import ControllerOption, MidiOption, ModeName, ModeOption
from embouchure.output import console
from embouchure.wishes import Wishes

if TYPE_CHECKING:
    from embouchure.watch import Watch
    from mapper.sounding import SoundingTouch

REFRESH_HZ = 20


def monitor(
    midi: MidiOption = None,
    mode: ModeOption = ModeName.AUTO,
    controller: ControllerOption = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print each touch event as a line of JSON.")
    ] = False,
) -> None:
    """Show strike, press, slide, glide and lift of every finger, without any sound.

    Example: embouchure monitor --midi linnstrument
    """
    from embouchure.watch import Watch

    listeners = Wishes(mode=mode.value, controller=controller).listeners()

    def tell(error: Exception) -> None:
        typer.echo(f"{error}.", err=True)

    with closing(Watch(midi, listeners, spare=tell)) as watch, suppress(KeyboardInterrupt):
        typer.echo(f"Listening to {', '.join(watch.names)}; press Ctrl-C to end.", err=True)
        if as_json:
            for event in watch.events():
                typer.echo(json.dumps({**event._asdict(), "kind": event.kind.name.lower()}))
        else:
            _show(watch)


def _show(watch: "Watch") -> None:
    with Live(console=console, auto_refresh=False, transient=True) as live:
        while True:
            watch.listen(1 / REFRESH_HZ)
            live.update(_table(watch.touches()), refresh=True)


def _table(touches: "list[SoundingTouch]") -> Table:
    table = Table("zone", "note", "strike", "press", "slide", "glide", box=None, pad_edge=False)
    for touch in touches:
        numbers = (touch.strike, touch.press, touch.slide)
        table.add_row(
            str(touch.zone),
            f"{touch.note:g}",
            *(f"{number:.3f}" for number in numbers),
            f"{touch.glide_semitones:+.3f}",
        )
    return table
