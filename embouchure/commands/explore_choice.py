"""`embouchure explore star`, `breed` and `use`: what a player makes of the sounds found."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from embouchure.commands.options import JsonOption
from embouchure.errors import ProgramError
from embouchure.exploring import InOption, opened, show_entries
from embouchure.output import console, say, speak_json

if TYPE_CHECKING:
    from calibration.exploration.exploration import Exploration

NumbersArgument = Annotated[list[int], typer.Argument(help="Sounds by number.")]


class UseName(StrEnum):
    """What a found sound can become."""

    TARGET = "target"
    AXIS = "axis"
    PRESET = "preset"


def star(numbers: NumbersArgument, within: InOption = None, as_json: JsonOption = False) -> None:
    """Star sounds that you like; the next page and the next brood follow them.

    Example: embouchure explore star 12 40
    """
    with opened(within) as exploration:
        exploration.star(numbers)
        _tell_stars(exploration, as_json=as_json)


def unstar(numbers: NumbersArgument, within: InOption = None, as_json: JsonOption = False) -> None:
    """Take stars away again.

    Example: embouchure explore unstar 12
    """
    with opened(within) as exploration:
        exploration.unstar(numbers)
        _tell_stars(exploration, as_json=as_json)


def _tell_stars(exploration: "Exploration", *, as_json: bool) -> None:
    starred = exploration.choices.starred()
    if as_json:
        speak_json({"name": exploration.settings.name, "starred": starred})
        return
    say(f"Starred: {', '.join(map(str, starred)) or 'none'}.")


def breed(
    parents: Annotated[
        list[int] | None, typer.Argument(help="Parents; without any, all that are starred.")
    ] = None,
    within: InOption = None,
    children: Annotated[int, typer.Option(min=1, max=9, help="How many to breed.")] = 9,
    as_json: JsonOption = False,
) -> None:
    """Breed new sounds from those you like; from one alone, sounds much like it.

    Example: embouchure explore breed 12 40
    """
    with opened(within) as exploration:
        with console.status("Breeding"):
            born = exploration.breed(parents or (), children)
        if not born:
            raise ProgramError(
                "no child could be told from the sounds there are; name other parents"
            )
        show_entries(exploration, born, as_json=as_json)


def use(
    number: Annotated[int, typer.Argument(help="A sound by its number.")],
    name: Annotated[str, typer.Argument(help="What to call what is made of it.")],
    becomes: Annotated[
        UseName,
        typer.Option(
            "--as",
            help="target: something to imitate; preset: an instrument of its own; axis: a preset "
            "whose slide goes from another preset's sound to it.",
        ),
    ] = UseName.PRESET,
    origin: Annotated[
        str, typer.Option("--from", help="For an axis: the preset that it starts from.")
    ] = "breath",
    start: Annotated[
        int | None,
        typer.Option(
            "--from-sound",
            help="For an axis: the sound that it starts from, in place of a preset.",
            show_default=False,
        ),
    ] = None,
    within: InOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a found sound something to play: a preset, the end of a slide, or a target.

    Example: embouchure explore use 12 glass-horn --as axis --from bow
    """
    from calibration.exploration.use import (
        use_as_axis,
        use_as_axis_end,
        use_as_preset,
        use_as_target,
    )

    with opened(within) as exploration, console.status("Learning it, which may take half a minute"):
        if becomes is UseName.TARGET:
            made = use_as_target(exploration, number, name)
        elif becomes is UseName.AXIS and start is not None:
            made = use_as_axis(exploration, start, number, name)
        elif becomes is UseName.AXIS:
            made = use_as_axis_end(exploration, number, name, origin)
        else:
            made = use_as_preset(exploration, number, name)
    if as_json:
        speak_json({"name": name, "as": becomes.value, "file": str(made)})
        return
    what = "target" if becomes is UseName.TARGET else "preset"
    then = "" if becomes is UseName.TARGET else f"; `embouchure play --preset {name}` plays it"
    say(f"Made the {what} {name}, {made}{then}.")
