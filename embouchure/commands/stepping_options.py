"""Options of a setlist: which, and the pedals and keys that step through it."""

from dataclasses import replace
from typing import Annotated

import typer

from embouchure.commands.options import LAST_CONTROL
from embouchure.errors import ProgramError
from embouchure.play_settings import DEFAULT_NEXT_CONTROL, usual_next_control
from embouchure.wishes import Wishes
from mapper.stepping import TAKEN_CONTROLS

SetlistOption = Annotated[
    str | None,
    typer.Option(
        help="Play the presets of a setlist, in its order; program changes choose its places.",
        show_default=False,
    ),
]
NextControlOption = Annotated[
    int | None,
    typer.Option(
        "--next-cc",
        help=f"The pedal that goes to the next place of the setlist, {DEFAULT_NEXT_CONTROL} without "
        "this; where there is no setlist, to the next preset.",
        show_default=False,
    ),
]
PreviousControlOption = Annotated[
    int | None,
    typer.Option(
        "--previous-cc", help="The pedal that goes one place or preset back.", show_default=False
    ),
]
NextKeyOption = Annotated[
    int | None,
    typer.Option(
        min=0,
        max=127,
        help="A key that goes to the next place or preset and plays nothing; 60 is middle C.",
        show_default=False,
    ),
]
PreviousKeyOption = Annotated[
    int | None,
    typer.Option(
        min=0, max=127, help="A key that goes one place or preset back.", show_default=False
    ),
]


def first_of_setlist(name: str, wishes: Wishes, *, is_preset_given: bool) -> str:
    """Tell the preset that a setlist begins with.

    Raises
    ------
    PresetError, ProgramError
        When there is no such setlist, it is empty, or a preset is asked for besides.
    """
    from presets.setlists import load_setlist

    entries = load_setlist(name).entries
    if is_preset_given:
        raise ProgramError(
            f"{name} begins with a preset of its own; leave --preset or --setlist out"
        )
    if wishes.zone_presets:
        raise ProgramError("a setlist's presets are played in every zone; leave --zone-preset out")
    if not entries:
        raise ProgramError(
            f"{name} is empty; add presets with embouchure setlist add {name} PRESET"
        )
    return entries[0].preset


def stepping(wishes: Wishes, **steps: str | int | None) -> Wishes:
    """Add a setlist, or None, and the controllers and keys that step, to the other wishes.

    Raises
    ------
    ProgramError
        When a controller or a key is given twice, or the controller means something already.
    """
    macros = wishes.macro_controls or ()
    if steps["setlist"] and steps["next_control"] is None:
        steps["next_control"] = usual_next_control((*macros, steps["previous_control"]))
    controls = [steps["next_control"], steps["previous_control"]]
    taken = TAKEN_CONTROLS | set(macros)
    for control in (int(control) for control in controls if control is not None):
        if control in taken or not 0 <= control <= LAST_CONTROL or controls.count(control) > 1:
            raise ProgramError(
                f"the controller {control} cannot step from preset to preset; choose another from 0 to "
                f"{LAST_CONTROL}, such as 65 or 67, for each direction"
            )
    if steps["next_key"] is not None and steps["next_key"] == steps["previous_key"]:
        raise ProgramError("one key cannot go both ways; choose another for --previous-key")
    return replace(wishes, **steps)  # type: ignore[arg-type]  # the names are the options'
