"""`embouchure render`: a performance as a sound file."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from embouchure.commands.options import (
    A4Option,
    CachedOption,
    ControllerOption,
    HandOption,
    KeyboardMapOption,
    MacroOption,
    ModeName,
    ModeOption,
    MonoOption,
    PresetOption,
    RateOption,
    SlideOption,
    StrikeShareOption,
    TuningOption,
    ZonePresetOption,
    is_given,
    wishes_of,
)
from embouchure.errors import ProgramError
from embouchure.output import console, progress_bar, say
from embouchure.play_settings import DEFAULT_PRESET, DEFAULT_RATE_HZ, PlaySettings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Sound = Iterator[tuple[float, NDArray[np.float32]]]


def render(
    context: typer.Context,
    performance: Annotated[
        Path,
        typer.Argument(help="A Standard MIDI File, the journal of a take, or a take's name."),
    ],
    out: Annotated[Path, typer.Argument(help="The WAV file to write.")],
    preset: PresetOption = DEFAULT_PRESET,
    rate: RateOption = DEFAULT_RATE_HZ,
    mode: ModeOption = ModeName.AUTO,
    tail: Annotated[float, typer.Option(min=0, max=60, help="Seconds after the last event.")] = 3.0,
    controller: ControllerOption = None,
    zone_preset: ZonePresetOption = None,
    mono: MonoOption = None,
    slide: SlideOption = None,
    strike_share: StrikeShareOption = None,
    tuning: TuningOption = None,
    keyboard_map: KeyboardMapOption = None,
    a4_hz: A4Option = None,
    macro_cc: MacroOption = None,
    hand: HandOption = None,
    cached: CachedOption = False,
) -> None:
    """Render a performance to a WAV, through the same kernels as live.

    A journal gives, sample for sample, what was heard while it was played: its presets, its rate.

    Examples: embouchure render solo.mid solo.wav --preset voice,
    embouchure render "2026-11-22 20.15.00" evening.wav
    """
    from embouchure.folders import takes_folder
    from embouchure.takes import find_journal

    if journal := find_journal(performance, takes_folder()):
        _refuse_choices(context, journal)
        replay_to(journal, out, tail)
        return
    performance = _file_of(performance, takes_folder(), preset)
    wishes = wishes_of(
        mode=mode,
        controller=controller,
        zone_preset=zone_preset,
        mono=mono,
        slide=slide,
        strike_share=strike_share,
        tuning=tuning,
        keyboard_map=keyboard_map,
        a4_hz=a4_hz,
        macro_cc=macro_cc,
        hand=hand,
        cached=cached,
    )
    settings = PlaySettings(preset=preset, rate_hz=rate, wishes=wishes)
    render_to(performance, out, settings, tail)


def _file_of(performance: Path, takes: Path, preset: str) -> Path:
    """Find the MIDI file that is meant; a take captured during a session has no more than that."""
    if performance.exists():
        return performance
    captured = takes / f"{performance}.mid"
    if captured.exists():
        say(f"{performance} was captured and has no journal: its MIDI file is played, by {preset}.")
        return captured
    raise ProgramError(
        f"there is no file {performance}; give a Standard MIDI File, or the name of a take in {takes}"
    )


def _refuse_choices(context: typer.Context, journal: Path) -> None:
    """Say that a journal has been played already; only its tail is left to choose."""
    for parameter in context.command.params:
        name = parameter.name or ""
        if name not in {"performance", "out", "tail"} and is_given(context, name):
            raise ProgramError(
                f"{parameter.opts[0]} cannot change how {journal.name} was played; leave it out, or render "
                "the take's MIDI file"
            )


def replay_to(journal: Path, out: Path, tail_s: float) -> None:
    """Render a journal exactly, in 32-bit floats; where the rate changed, a further file begins.

    Raises
    ------
    PresetError, SpaceError, ProgramError
        When the journal cannot be rendered, or the sound not be written.
    """
    from embouchure.rendering import sound_of_segments
    from embouchure.segments import read_segments

    segments = read_segments(journal)
    runs = [list(run) for _, run in groupby(segments, key=lambda segment: segment.rate_hz)]
    for number, run in enumerate(runs, start=1):
        path = out if number == 1 else out.with_stem(f"{out.stem} ({number})")
        sound = partial(sound_of_segments, run, tail_s)
        _write(path, round(run[0].rate_hz), sound, "FLOAT")
    for segment in segments:
        if reason := segment.doubt():
            console.print(f"This may not be exactly what was heard: {reason}.", highlight=False)


def render_to(performance: Path, out: Path, settings: PlaySettings, tail_s: float = 3.0) -> None:
    """Render with a progress bar, and say where the sound went.

    Raises
    ------
    PerformanceError, PresetError, SpaceError, ProgramError
        When the performance cannot be read, there is no such preset, the space is damaged, or
        the sound cannot be written.
    """
    from embouchure.rendering import sound_of

    sound = partial(sound_of, performance, settings, tail_s, _say)
    _write(out, settings.rate_hz, sound, "PCM_24")


def _say(sentence: str) -> None:
    say(sentence)


def _write(out: Path, rate_hz: int, sound: "Callable[[], Sound]", subtype: str) -> None:
    from embouchure.rendering import open_wav

    with open_wav(out, rate_hz, subtype) as wav, progress_bar() as progress:
        task = progress.add_task("Getting ready", total=None)
        for share, block in sound():
            wav.write(block)
            progress.update(task, description="Rendering", total=1.0, completed=share)
    seconds = wav.frames / rate_hz
    say(f"Wrote {out}, {seconds:.1f} s.")
