"""`embouchure calibrate demo`: a preset is taught by hearing sounds and imitating them."""

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from embouchure.commands.options import (
    ControllerOption,
    DeviceOption,
    HandOption,
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
    from calibration.demonstrations.demonstration import Demonstrated

N_TAKES = 8


def demo(
    preset: Annotated[
        str, typer.Argument(help="The preset to teach; the factory's stay as they are.")
    ],
    target: Annotated[
        list[str] | None,
        typer.Option(
            help="A kind of sound to teach by, or a target of yours; repeat it for several.",
            show_default=False,
        ),
    ] = None,
    takes: Annotated[int, typer.Option(min=1, max=64, help="How many to play.")] = N_TAKES,
    out: Annotated[
        str | None,
        typer.Option(
            help="What to call what was learned; without it PRESET-mine.", show_default=False
        ),
    ] = None,
    device: DeviceOption = None,
    host_api: HostApiOption = None,
    midi: MidiOption = None,
    mode: ModeOption = ModeName.AUTO,
    controller: ControllerOption = None,
    hand: HandOption = None,
    as_json: JsonOption = False,
) -> None:
    """Teach a preset how you play: hear a sound, imitate it, and hear what was understood.

    A tap on your lowest key or the pedal means next; held for a second, again. It ends with a blind
    choice between the preset as it was and as you taught it. Ctrl-C ends it early and keeps what is
    better by then; every take is kept in any case.

    Examples: embouchure calibrate demo breath, embouchure calibrate demo bow --target swell
    """
    from embouchure.demo_session import demonstrate_live, keep, open_lesson, own_name

    name = own_name(preset, out)
    lesson = open_lesson(preset, target or ())
    wishes = Wishes(mode=mode.value, controller=controller, hand=hand)
    settings = PlaySettings(
        preset=preset, device=device, host_api=host_api, midi=tuple(midi or ()), wishes=wishes
    )
    shown = Console(stderr=True) if as_json else console
    came_of_it = demonstrate_live(settings, lesson, shown, takes)
    is_kept = came_of_it is not None and came_of_it.preset is not None
    if came_of_it and came_of_it.taught and is_kept:
        keep(lesson.pupil, came_of_it.taught, came_of_it.takes, name)
    if as_json:
        speak_json(_figures(came_of_it, name if is_kept else None))
    elif is_kept:
        console.print(f"Kept as {name}: embouchure play --preset {name}", highlight=False)
    else:
        console.print(f"{preset} stays as it was.", highlight=False)


def _figures(came_of_it: "Demonstrated | None", name: str | None) -> dict[str, Any]:
    from calibration.demonstrations.diploma import figures

    taught = came_of_it.taught if came_of_it else None
    return {
        "kept_as": name,
        "chosen": came_of_it.chosen if came_of_it else None,
        "takes": [take.key for take in came_of_it.takes] if came_of_it else [],
        "figures": figures(taught) if taught else {},
    }
