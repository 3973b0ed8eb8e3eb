"""`embouchure play`: the live instrument."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from embouchure.output import console
from embouchure.play_settings import (
    DEFAULT_PRESET,
    DEFAULT_RATE_HZ,
    PlaySettings,
)

FALLBACK_WAV = Path("embouchure-performance.wav")


class ModeName(StrEnum):
    """How the controllers spread notes over channels."""

    MPE = "mpe"
    ONE_CHANNEL = "one-channel"
    CHANNEL_PER_NOTE = "channel-per-note"


def play(
    preset: Annotated[
        str, typer.Option(help="Name of a preset, or the path of a preset file.")
    ] = DEFAULT_PRESET,
    device: Annotated[
        str | None, typer.Option(help="Sound device, by any part of its name.")
    ] = None,
    host_api: Annotated[
        str | None, typer.Option(help="Sound system, such as ALSA, JACK or Core Audio.")
    ] = None,
    midi: Annotated[
        list[str] | None,
        typer.Option(help="MIDI input, by any part of its name; repeat it for several."),
    ] = None,
    demo: Annotated[
        bool, typer.Option(help="With no controller, play the bundled performance once.")
    ] = True,
    rate: Annotated[
        int, typer.Option(min=22_050, max=192_000, help="Sample rate in Hz.")
    ] = DEFAULT_RATE_HZ,
    mode: Annotated[
        ModeName, typer.Option(help="How the controllers spread notes over channels.")
    ] = ModeName.MPE,
) -> None:
    """Play, until Ctrl-C. Every session is kept as a take.

    Example: embouchure play --preset bow --device scarlett
    """
    from embouchure.player import NoDeviceError, Player
    from embouchure.view import open_view

    settings = PlaySettings(
        preset=preset,
        device=device,
        host_api=host_api,
        midi=tuple(midi or ()),
        mode=mode.value,
        rate_hz=rate,
    )
    try:
        Player(settings, open_view(console), demo=demo).play()
    except NoDeviceError as error:
        if not demo:
            raise
        console.print(f"{error}.", highlight=False, soft_wrap=True)
        _render_instead(settings)


def _render_instead(settings: PlaySettings) -> None:
    """Write the bundled performance to a file, so that something can be heard."""
    from importlib.resources import as_file, files

    from embouchure.commands.render import render_to

    with as_file(files("embouchure").joinpath("performance.mid")) as performance:
        render_to(performance, FALLBACK_WAV, settings.preset, settings.rate_hz)
