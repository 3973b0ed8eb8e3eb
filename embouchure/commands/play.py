"""`embouchure play`: the live instrument."""

from pathlib import Path
from typing import Annotated

import typer

from embouchure.commands.options import (
    MidiOption,
    ModeName,
    ModeOption,
    PresetOption,
    RateOption,
)
from embouchure.output import console
from embouchure.play_settings import (
    DEFAULT_PRESET,
    DEFAULT_RATE_HZ,
    PlaySettings,
)

FALLBACK_WAV = Path("embouchure-performance.wav")


def play(
    preset: PresetOption = DEFAULT_PRESET,
    device: Annotated[
        str | None, typer.Option(help="Sound device, by any part of its name.")
    ] = None,
    host_api: Annotated[
        str | None, typer.Option(help="Sound system, such as ALSA, JACK or Core Audio.")
    ] = None,
    midi: MidiOption = None,
    demo: Annotated[
        bool, typer.Option(help="With no controller, play the bundled performance once.")
    ] = True,
    rate: RateOption = DEFAULT_RATE_HZ,
    mode: ModeOption = ModeName.MPE,
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
        reason = str(error)
        typer.echo(
            f"{reason[:1].upper()}{reason[1:]}; for now a performance is written to a file instead."
        )
        _render_instead(settings)


def _render_instead(settings: PlaySettings) -> None:
    """Write the bundled performance to a file, so that something can be heard."""
    from importlib.resources import as_file, files

    from embouchure.commands.render import render_to

    with as_file(files("embouchure").joinpath("performance.mid")) as performance:
        render_to(performance, FALLBACK_WAV, settings)
