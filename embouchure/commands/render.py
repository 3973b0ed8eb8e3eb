"""`embouchure render`: a performance as a sound file."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from embouchure.commands.options import ModeName, ModeOption, PresetOption, RateOption
from embouchure.output import console
from embouchure.play_settings import DEFAULT_PRESET, DEFAULT_RATE_HZ, PlaySettings


def render(
    performance: Annotated[Path, typer.Argument(help="A Standard MIDI File.")],
    out: Annotated[Path, typer.Argument(help="The WAV file to write.")],
    preset: PresetOption = DEFAULT_PRESET,
    rate: RateOption = DEFAULT_RATE_HZ,
    mode: ModeOption = ModeName.MPE,
    tail: Annotated[float, typer.Option(min=0, max=60, help="Seconds after the last event.")] = 3.0,
) -> None:
    """Render a performance to a WAV, through the same kernels as live.

    Example: embouchure render solo.mid solo.wav --preset voice
    """
    settings = PlaySettings(preset=preset, rate_hz=rate, mode=mode.value)
    render_to(performance, out, settings, tail)


def render_to(performance: Path, out: Path, settings: PlaySettings, tail_s: float = 3.0) -> None:
    """Render with a progress bar, and say where the sound went.

    Raises
    ------
    PerformanceError, PresetError, SpaceError, ProgramError
        When the performance cannot be read, there is no such preset, the space is damaged, or
        the sound cannot be written.
    """
    from embouchure.rendering import open_wav, sound_of

    with open_wav(out, settings.rate_hz) as wav, _progress() as progress:
        task = progress.add_task("Getting ready", total=None)
        for share, block in sound_of(performance, settings, tail_s):
            wav.write(block)
            progress.update(task, description="Rendering", total=1.0, completed=share)
    seconds = wav.frames / settings.rate_hz
    console.print(f"Wrote {out}, {seconds:.1f} s.", highlight=False, soft_wrap=True)


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
