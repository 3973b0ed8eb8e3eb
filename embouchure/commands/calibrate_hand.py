"""`embouchure calibrate hand`: how one player moves on one controller."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from embouchure.commands.options import (
    ControllerOption,
    DeviceOption,
    HostApiOption,
    JsonOption,
    MidiOption,
    ModeName,
    ModeOption,
)
from embouchure.output import console, speak_json
from embouchure.play_settings import PlaySettings
from embouchure.wishes import Wishes

if TYPE_CHECKING:
    from mapper.hand import Hand

TONE_PRESET = "voice"


def hand(
    player: Annotated[str, typer.Option(help="Your name, if several people play.")] = "me",
    warm: Annotated[
        bool,
        typer.Option("--warm", help="Only bring the range of a known hand up to date, in 20 s."),
    ] = False,
    take: Annotated[
        Path | None,
        typer.Option("--from", help="Measure from the MIDI file of such a session instead."),
    ] = None,
    preset: Annotated[str, typer.Option(help="What sounds meanwhile.")] = TONE_PRESET,
    device: DeviceOption = None,
    host_api: HostApiOption = None,
    midi: MidiOption = None,
    mode: ModeOption = ModeName.AUTO,
    controller: ControllerOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure your hand on your controller in about a minute, while a tone sounds.

    Every preset then follows you more evenly. Ctrl-C ends it early and keeps what was measured.

    Examples: embouchure calibrate hand, embouchure calibrate hand --player ada --warm
    """
    from calibration.hand.hands import name_of, save
    from calibration.hand.portrait import portrait
    from embouchure.hand_session import known_hand, measure_file, measure_live

    shown = Console(stderr=True) if as_json else console

    def say(sentence: str) -> None:
        shown.print(sentence, highlight=False, soft_wrap=not shown.is_terminal)

    wishes = Wishes(mode=mode.value, controller=controller)
    known = known_hand(player, _controller_name(controller)) if warm else None
    if take:
        measured: Hand | None = measure_file(take, wishes, player, known, say)
    else:
        settings = PlaySettings(
            preset=preset, device=device, host_api=host_api, midi=tuple(midi or ()), wishes=wishes
        )
        measured = measure_live(settings, player, known, shown)
    if measured is None:
        say("Nothing was measured, so nothing is kept.")
        raise typer.Exit(1)
    path, name = save(measured), name_of(measured)
    if as_json:
        speak_json({"name": name, "path": str(path), "hand": measured.model_dump(mode="json")})
        return
    for line in portrait(measured) if take else ():
        say(line)
    say(
        f"Kept as {name}: embouchure play uses it on {measured.controller} from now on, and "
        "with --hand none you hear how it is without."
    )


def _controller_name(word: str | None) -> str | None:
    """Name the controller that a word of `embouchure controllers` means."""
    return Wishes(controller=word).listeners().controller(0) if word else None
