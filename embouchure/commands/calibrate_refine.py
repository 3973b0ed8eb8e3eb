"""`embouchure calibrate refine`: a preset is brought nearer to a wish, step by step."""

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from embouchure.commands.options import (
    ControllerOption,
    JsonOption,
    MidiOption,
    ModeName,
    ModeOption,
)
from embouchure.errors import ProgramError
from embouchure.output import console, say, speak_json
from embouchure.play_settings import PlaySettings
from embouchure.wishes import Wishes

if TYPE_CHECKING:
    from calibration.refinements.phrase import Phrase
    from calibration.refinements.refinement import Refinement
    from calibration.refinements.refining import Refined

N_ANSWERS = 15


def refine(
    preset: Annotated[str, typer.Argument(help="The preset to work on; it stays as it is.")],
    more: Annotated[
        str | None,
        typer.Option(help="Let a stretch be more so: loud, bright or wobble.", show_default=False),
    ] = None,
    less: Annotated[
        str | None, typer.Option(help="Let a stretch be less so.", show_default=False)
    ] = None,
    steps: Annotated[float, typer.Option(min=0.1, max=10, help="How much more or less.")] = 1.0,
    take: Annotated[
        str,
        typer.Option(
            help="What was played: a take's name or key, or a MIDI file; without it the last one."
        ),
    ] = "latest",
    from_s: Annotated[
        float, typer.Option(min=0, help="Where the stretch begins, in seconds of the take.")
    ] = 0.0,
    to_s: Annotated[
        float | None, typer.Option(min=0, help="Where it ends; without it the take's end.")
    ] = None,
    gain: Annotated[
        list[str] | None,
        typer.Option("--set", help="Set a gain: NAME=VALUE; repeat it.", show_default=False),
    ] = None,
    wander: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="Surprise on purpose, 0 not at all.", show_default=False),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Which surprise.")] = 1,
    rate: Annotated[
        int | None,
        typer.Option(min=1, max=5, help="Rate a take of a demonstration.", show_default=False),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Count a take of a demonstration no more; play it anew.")
    ] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Go back a step.")] = False,
    redo: Annotated[bool, typer.Option("--redo", help="Go forward again.")] = False,
    version: Annotated[
        int | None, typer.Option("--to", help="Go to a version.", show_default=False)
    ] = None,
    history: Annotated[bool, typer.Option("--history", help="List every version.")] = False,
    keep: Annotated[
        str | None,
        typer.Option(help="Keep the preset as it is now under this name.", show_default=False),
    ] = None,
    comparisons: Annotated[
        int, typer.Option(min=1, max=60, help="How many pairs to compare at most.")
    ] = N_ANSWERS,
    device: Annotated[
        str | None, typer.Option(help="Sound device, by any part of its name.")
    ] = None,
    host_api: Annotated[
        str | None, typer.Option(help="Sound system, such as ALSA, JACK or Core Audio.")
    ] = None,
    midi: MidiOption = None,
    mode: ModeOption = ModeName.AUTO,
    controller: ControllerOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare sounds of what you just played, blind, until one is as you want it.

    With an option it takes one step instead: more or less of something in a stretch of a take, a
    gain, a surprise, a rating. Every step is a version; undo and go to any.

    Examples: embouchure calibrate refine breath,
    embouchure calibrate refine breath --more bright --from-s 3 --to-s 5,
    embouchure calibrate refine breath --keep breath-mine
    """
    from calibration.refinements.refinement import Refinement
    from embouchure import refine_session

    _refuse_several(
        more=more, less=less, set=gain, wander=wander, rate=rate, again=again, undo=undo,
        redo=redo, to=version,
    )  # fmt: skip
    work = Refinement.of(preset)
    wishes = Wishes(mode=mode.value, controller=controller)
    live: Refined | None = None
    if word := more or less:
        phrase = refine_session.phrase_of(take, wishes)
        signed = steps if more else -steps
        work.more(word, signed, phrase, from_s, phrase.length_s if to_s is None else to_s)
    elif gain:
        work.turn(_gains(work, gain))
    elif wander is not None:
        work.wander(wander, seed, refine_session.phrase_of(take, wishes) if wander else _none())
    elif rate is not None or again:
        rated = refine_session.rate(work, preset, take, 1 if again else rate or 1)
        learned = refine_session.learn_anew(work, preset)
        if not as_json:
            say(learned)
        if again and not as_json:
            say(f"Play it anew: embouchure calibrate demo {preset} --target {rated.target.name}")
    elif undo or redo or version is not None:
        _go(work, undo=undo, redo=redo, version=version)
    elif not (history or keep):
        settings = PlaySettings(
            preset=preset, device=device, host_api=host_api, midi=tuple(midi or ()), wishes=wishes
        )
        shown = Console(stderr=True) if as_json else console
        live = refine_session.refine_live(settings, work, shown, comparisons)
    kept = refine_session.keep(work, preset, keep) if keep else None
    if as_json:
        speak_json(_figures(work, live, keep if kept else None))
    else:
        _tell(work, is_history=history, kept_as=keep if kept else None)


def _refuse_several(**options: object) -> None:
    """Refuse two steps at once, as nothing says in which order."""
    given = [f"--{name}" for name, value in options.items() if value not in (None, False, [])]
    if len(given) > 1:
        raise ProgramError(f"{' and '.join(given)} are two steps; take one after the other")


def _none() -> "Phrase":
    from calibration.refinements.phrase import Phrase

    return Phrase(())


def _gains(work: "Refinement", words: list[str]) -> Any:  # noqa: ANN401
    from calibration.refinements.gains import Gains

    values = work.gains.to_dict()
    for word in words:
        name, _, number = word.partition("=")
        try:
            values[name] = float(number)
        except ValueError:
            raise ProgramError(
                f"--set {word} is no gain; write NAME=VALUE, such as dynamics=1.2"
            ) from None
    return Gains.from_dict(values)


def _go(work: "Refinement", *, undo: bool, redo: bool, version: int | None) -> None:
    if version is not None:
        work.go_to(version)
    elif undo:
        work.undo()
    elif redo:
        work.redo()


def _figures(work: "Refinement", live: "Refined | None", kept_as: str | None) -> dict[str, Any]:
    return {
        "version": work.version.number,
        "done": work.version.done,
        "gains": work.gains.to_dict(),
        "history": [
            {"version": one.number, "after": one.after, "done": one.done, "made_at": one.made_at}
            for one in work.history()
        ],
        "comparisons": live.n_answers if live else 0,
        "is_settled": live.is_settled if live else None,
        "kept_as": kept_as,
    }


def _tell(work: "Refinement", *, is_history: bool, kept_as: str | None) -> None:
    if is_history:
        table = Table("", "version", "from", "what was done", "when", box=None)
        for one in work.history():
            mark = ">" if one.number == work.version.number else ""
            table.add_row(mark, str(one.number), str(one.after or ""), one.done, one.made_at)
        console.print(table)
    else:
        say(f"Version {work.version.number}: {work.version.done}.")
    if kept_as:
        say(f"Kept as {kept_as}: embouchure play --preset {kept_as}")
