"""`embouchure explore`: find sounds that nobody recorded."""

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from embouchure.commands.explore_choice import breed, star, unstar, use
from embouchure.commands.group import make_group
from embouchure.commands.options import (
    DeviceOption,
    JobsOption,
    JsonOption,
    SchedulerOption,
    SpaceOption,
)
from embouchure.errors import ProgramError
from embouchure.exploring import InOption, opened, show_entries
from embouchure.output import console, say, say_aside, speak_json

if TYPE_CHECKING:
    from calibration.exploration.entry import Summary
    from calibration.exploration.exploration import Exploration
    from synth.space import Space

explore = make_group("explore", "Find sounds that nobody recorded: hear, star, breed, use.")


@explore.command("new")
def new(
    name: Annotated[
        str | None,
        typer.Argument(
            help="What to call it; without one, goes on with an unfinished exploration or begins "
            "one named after the day."
        ),
    ] = None,
    count: Annotated[
        int | None,
        typer.Option(
            min=9, max=20_000, help="How many sounds to find; 1500 without.", show_default=False
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(min=0, help="Equal seeds find equal sounds; 0 without.", show_default=False),
    ] = None,
    note: Annotated[
        float | None,
        typer.Option(
            min=24, max=108, help="The key at which all are heard; 60 without.", show_default=False
        ),
    ] = None,
    space: SpaceOption = None,
    jobs: JobsOption = None,
    scheduler: SchedulerOption = None,
    as_json: JsonOption = False,
) -> None:
    """Draw sounds by chance, keep those that differ most and render each, in some minutes.

    Ctrl-C keeps what is done; the same command goes on with it.

    Example: embouchure explore new caves --count 1500
    """
    from calibration.exploration.entry import summary
    from presets.spaces import named_space

    wishes = {"count": count, "seed": seed, "note": note}
    wishes = {key: wish for key, wish in wishes.items() if wish is not None}
    exploration = _begun(name, wishes, named_space(space) if space else None)
    name = exploration.settings.name
    try:
        _render(exploration, jobs, scheduler)
    except KeyboardInterrupt:
        done = summary(exploration)
        say_aside(f"Kept {done.kept} of {done.wanted}; `embouchure explore new {name}` goes on.")
        raise typer.Exit(130) from None
    _tell(summary(exploration), as_json=as_json)


def _begun(name: str | None, wishes: dict[str, Any], space: "Space | None") -> "Exploration":
    """Go on with an exploration, or begin one."""
    from datetime import date

    from calibration.exploration.entry import summaries
    from calibration.exploration.exploration import begin, resume
    from calibration.exploration.shelf import exploration_names
    from presets.names import free_name

    known = exploration_names()
    unfinished = [] if name else [one.name for one in summaries()[0] if not one.is_complete]
    if unfinished or name in known:
        exploration = resume(unfinished[0] if unfinished else name)
        _refuse_other_wishes(exploration, wishes, space)
        return exploration
    with console.status("Drawing sounds and putting first those that differ most"):
        name = name or free_name(date.today().isoformat(), known)
        return begin(name, space=space, **wishes)


def _refuse_other_wishes(
    exploration: "Exploration", wishes: dict[str, Any], space: "Space | None"
) -> None:
    """Say that an exploration goes on as it was begun."""
    settings = exploration.settings
    if space and space.sha256 != settings.space_sha256:
        raise ProgramError(
            f"{settings.name} was begun in the space {settings.space_sha256[:12]}; leave --space out, "
            "or choose another name"
        )
    for wish, value in wishes.items():
        begun = getattr(settings, wish)
        if value != begun:
            raise ProgramError(
                f"{settings.name} was begun with --{wish} {begun:g}; say the same, or choose "
                "another name"
            )


def _render(exploration: "Exploration", jobs: int | None, scheduler: str | None) -> None:
    from embouchure.kernel_cache import compile_kernels, is_compiled, use_kernel_cache
    from synth.training.staff import Staff

    if not is_compiled():
        with console.status("Compiling, once after an installation"):
            compile_kernels()
    columns = (
        TextColumn("Rendering"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("Rendering", total=None)
        exploration.render(
            lambda done, wanted: bar.update(task, completed=done, total=wanted),
            Staff(n_jobs=jobs, scheduler=scheduler, prepare=use_kernel_cache),
        )


def _tell(done: "Summary", *, as_json: bool) -> None:
    if as_json:
        speak_json(done.model_dump())
        return
    say(
        f"{done.name}: {done.kept} sounds, {done.size_bytes / 1e6:.0f} MB in {done.folder}; "
        f"{done.refused} were left out."
    )
    say("`embouchure explore show` shows the first, `embouchure explore hear` plays them.")


@explore.command("list")
def list_explorations(as_json: JsonOption = False) -> None:
    """List the explorations, the one last worked on first.

    Example: embouchure explore list
    """
    from calibration.exploration.entry import summaries

    known, troubles = summaries()
    if as_json:
        speak_json([one.model_dump() for one in known])
        return
    for trouble in troubles:
        say(f"{trouble}.")
    if not known:
        say("There is no exploration yet; begin one with `embouchure explore new`.")
        return
    table = Table("exploration", "sounds", "bred", "starred", "size", box=None, pad_edge=False)
    for one in known:
        sounds = f"{one.kept} of {one.wanted}"
        size = f"{one.size_bytes / 1e6:.0f} MB"
        table.add_row(one.name, sounds, str(one.bred), str(one.starred), size)
    console.print(table)


@explore.command("show")
def show(
    numbers: Annotated[
        list[int] | None, typer.Argument(help="Sounds by number; without any, the page.")
    ] = None,
    within: InOption = None,
    turn: Annotated[
        bool, typer.Option("--next", help="Turn the page: half what you may like, half unknown.")
    ] = False,
    starred: Annotated[bool, typer.Option("--starred", help="Those with a star.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show a page of at most nine sounds, or some by their numbers.

    Example: embouchure explore show --next
    """
    with opened(within) as exploration:
        chosen = list(numbers or ())
        if starred:
            chosen += exploration.choices.starred()
        elif not chosen:
            chosen = exploration.turn() if turn else exploration.page()
        show_entries(exploration, chosen, as_json=as_json)


@explore.command("hear")
def hear(
    numbers: Annotated[
        list[int] | None, typer.Argument(help="Sounds by number; without any, the page's.")
    ] = None,
    within: InOption = None,
    phrase: Annotated[
        bool, typer.Option("--phrase", help="Four notes, low to high, in place of one.")
    ] = False,
    device: DeviceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Play sounds one after the other, or say where their files are.

    Example: embouchure explore hear 12 40 --phrase
    """
    from embouchure.exploring import play

    with opened(within) as exploration:
        chosen = list(numbers or exploration.page())
        play(exploration, chosen, phrase=phrase, device=device, as_json=as_json)


for choice in (star, unstar, breed, use):
    explore.command()(choice)
