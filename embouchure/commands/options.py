"""Options that several commands share."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from embouchure.errors import ProgramError
from embouchure.wishes import ZONES, Wishes
from mapper.stepping import TAKEN_CONTROLS

N_MACROS: Final = 4
LAST_CONTROL: Final = 119
"""Higher numbers are mode messages."""


class ModeName(StrEnum):
    """How a controller spreads its notes over channels; but for the first `mapper.zones.Mode`'s."""

    AUTO = "auto"
    MPE = "mpe"
    ONE_CHANNEL = "one-channel"
    CHANNEL_PER_NOTE = "channel-per-note"


class SlideName(StrEnum):
    """What slide is measured from."""

    ABSOLUTE = "absolute"
    RELATIVE = "relative"


PresetOption = Annotated[str, typer.Option(help="Name of a preset, or the path of a preset file.")]
RateOption = Annotated[int, typer.Option(min=22_050, max=192_000, help="Sample rate in Hz.")]
ModeOption = Annotated[
    ModeName,
    typer.Option(
        help="How the controller spreads its notes over channels; auto finds out while you play."
    ),
]
ControllerOption = Annotated[
    str | None,
    typer.Option(
        help="Your controller, by a word of `embouchure controllers`; "
        "without it the name of its MIDI port tells.",
        show_default=False,
    ),
]
ZonePresetOption = Annotated[
    list[str] | None,
    typer.Option(
        help="Another preset for one zone of the controller: lower=NAME or upper=NAME; "
        "repeat it for both.",
        show_default=False,
    ),
]
MonoOption = Annotated[
    bool | None,
    typer.Option(
        "--mono/--poly",
        help="One voice that goes from note to note, or every note its own; "
        "without either as the preset says.",
        show_default=False,
    ),
]
SlideOption = Annotated[
    SlideName | None,
    typer.Option(
        help="absolute: slide tells a place on the key; relative: how far the finger moved from "
        "where it landed. Without it as the preset says.",
        show_default=False,
    ),
]
StrikeShareOption = Annotated[
    float | None,
    typer.Option(
        min=0,
        max=1,
        help="How much of a note's first loudness is its strike's: 1 as hard as it was struck, "
        "0 always the same; press takes over from there. Without it as the preset says.",
        show_default=False,
    ),
]
TuningOption = Annotated[
    Path | None,
    typer.Option(help="Scale to play in, a Scala file (.scl).", show_default=False),
]
KeyboardMapOption = Annotated[
    Path | None,
    typer.Option(
        help="Which key plays which degree of the scale, a Scala file (.kbm).", show_default=False
    ),
]
A4Option = Annotated[
    float | None,
    typer.Option(
        "--a4",
        metavar="HZ",
        help="What A above middle C sounds at; 440 without.",
        show_default=False,
    ),
]
MacroOption = Annotated[
    str | None,
    typer.Option(
        "--macro-cc",
        metavar="CC,CC,CC,CC",
        help="The controllers that turn the four macros of a preset; 1,17,18,19 without.",
        show_default=False,
    ),
]
MidiOption = Annotated[
    list[str] | None,
    typer.Option(help="MIDI input, by any part of its name; repeat it for several."),
]
DeviceOption = Annotated[
    str | None, typer.Option(help="Sound device, by any part of its name.", show_default=False)
]
HostApiOption = Annotated[
    str | None,
    typer.Option(help="Sound system, such as ALSA, JACK or Core Audio.", show_default=False),
]
JobsOption = Annotated[
    int | None,
    typer.Option(min=1, help="Processes; without it one for each processor.", show_default=False),
]
SchedulerOption = Annotated[
    str | None,
    typer.Option(
        help="Address of a Dask scheduler to work on, such as tcp://box:8786.", show_default=False
    ),
]
HandOption = Annotated[
    str | None,
    typer.Option(
        help="Whose hand evens the playing: a player, a name from `embouchure hands list`, or "
        "none; without it the one hand that was measured on the controller.",
        show_default=False,
    ),
]
CachedOption = Annotated[
    bool,
    typer.Option(
        "--cached",
        help="Take controls from the cache that `embouchure space cache` built, where there is one.",
    ),
]
SpaceOption = Annotated[
    str | None,
    typer.Option(
        "--space",
        help="Another space: its file, or the hash of one installed.",
        show_default=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for a script.")]


def is_given(context: typer.Context, option: str) -> bool:
    """Tell whether an option stands on the command line; the settings do not count."""
    return _source(context, option) == "COMMANDLINE"


def of_settings(context: typer.Context, *options: str) -> dict[str, Any]:
    """Give those of some options that the settings said."""
    return {
        name: context.params[name] for name in options if _source(context, name) == "DEFAULT_MAP"
    }


def _source(context: typer.Context, option: str) -> str | None:
    source = context.get_parameter_source(option)
    return source.name if source else None


def zone_presets(words: list[str] | None) -> dict[str, str] | None:
    """Read `--zone-preset` options.

    >>> zone_presets(["upper=bow"])
    {'upper': 'bow'}

    Raises
    ------
    ProgramError
        When one is not a zone and a preset, or a zone has two.
    """
    chosen: dict[str, str] = {}
    for word in words or ():
        zone, _, preset = word.partition("=")
        if zone not in ZONES or not preset:
            raise ProgramError(
                f"--zone-preset {word} names no zone and preset; write lower=NAME or upper=NAME, "
                "such as upper=bow"
            )
        if chosen.get(zone, preset) != preset:
            raise ProgramError(
                f"--zone-preset gives the {zone} zone both {chosen[zone]} and {preset}; choose one"
            )
        chosen[zone] = preset
    return chosen or None


def macro_controls(text: str | None) -> tuple[int, ...] | None:
    """Read `--macro-cc`.

    >>> macro_controls("1,17,18,19")
    (1, 17, 18, 19)

    Raises
    ------
    ProgramError
        When these are not four different controllers that are free for it.
    """
    if text is None:
        return None
    numbers = [int(word) for word in text.split(",") if word.strip().isdecimal()]
    if len(numbers) != len(text.split(",")) or len(set(numbers)) != N_MACROS or _taken(numbers):
        raise ProgramError(
            f"--macro-cc {text} names no {N_MACROS} controllers that are free; write {N_MACROS} "
            f"different numbers from 0 to {LAST_CONTROL}, such as 1,17,18,19, none of them "
            f"{', '.join(map(str, sorted(TAKEN_CONTROLS)))}"
        )
    return tuple(numbers)


def _taken(numbers: list[int]) -> bool:
    return bool(TAKEN_CONTROLS & set(numbers)) or max(numbers) > LAST_CONTROL


def channel_pair(text: str | None) -> tuple[int, int] | None:
    """Read `--channels`.

    >>> channel_pair("3-4")
    (3, 4)

    Raises
    ------
    ProgramError
        When it is not two numbers.
    """
    if text is None:
        return None
    left, _, right = text.partition("-")
    if not (left.isdecimal() and right.isdecimal()):
        raise ProgramError(
            f"--channels {text} names no pair of outputs; write two numbers from 1, such as 3-4"
        )
    return int(left), int(right)


def path_text(path: Path | None) -> str | None:
    """Write a path so that a process started elsewhere finds it."""
    return str(path.absolute()) if path else None


def wishes_of(
    *,
    mode: ModeName,
    controller: str | None,
    zone_preset: list[str] | None,
    mono: bool | None,
    slide: SlideName | None,
    strike_share: float | None,
    tuning: Path | None,
    keyboard_map: Path | None,
    a4_hz: float | None,
    macro_cc: str | None,
    hand: str | None = None,
    cached: bool = False,
) -> Wishes:
    """Gather the options about controllers and the manner of playing.

    Raises
    ------
    ProgramError
        When one of them means nothing.
    """
    return Wishes(
        mode=mode.value,
        controller=controller,
        zone_presets=zone_presets(zone_preset),
        mono=mono,
        relative_slide=None if slide is None else slide is SlideName.RELATIVE,
        strike_share=strike_share,
        scale=path_text(tuning),
        key_map=path_text(keyboard_map),
        a4_hz=a4_hz,
        macro_controls=macro_controls(macro_cc),
        hand=hand,
        cached=cached,
    )
