"""`embouchure calibrate refine`: a preset is brought nearer to a wish, step by step."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

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
from embouchure.errors import ProgramError
from embouchure.output import console, say, speak_json
from embouchure.play_settings import PlaySettings
from embouchure.wishes import Wishes

if TYPE_CHECKING:
    from calibration.refinements.refinement import Refinement
    from calibration.refinements.refining import Refined

N_ANSWERS = 15

MoreOption = Annotated[
    str | None,
    typer.Option(help="Let a stretch be more so: loud, bright or wobble.", show_default=False),
]
LessOption = Annotated[
    str | None, typer.Option(help="Let a stretch be less so.", show_default=False)
]
StepsOption = Annotated[float, typer.Option(min=0.1, max=10, help="How much more or less.")]
TakeOption = Annotated[
    str,
    typer.Option(
        help="What was played: a take's name or key, or a MIDI file; without it the last one."
    ),
]
FromOption = Annotated[
    float, typer.Option(min=0, help="Where the stretch begins, in seconds of the take.")
]
ToOption = Annotated[
    float | None, typer.Option(min=0, help="Where it ends; without it the take's end.")
]
GainOption = Annotated[
    list[str] | None,
    typer.Option("--set", help="Set a gain: NAME=VALUE; repeat it.", show_default=False),
]
WanderOption = Annotated[
    float | None,
    typer.Option(min=0, max=1, help="Surprise on purpose, 0 not at all.", show_default=False),
]
RateOption = Annotated[
    int | None,
    typer.Option(min=1, max=5, help="Rate a take of a demonstration.", show_default=False),
]
SeedOption = Annotated[int, typer.Option(min=0, help="Which surprise.")]
AgainOption = Annotated[
    bool, typer.Option("--again", help="Count a take of a demonstration no more; play it anew.")
]
UndoOption = Annotated[bool, typer.Option("--undo", help="Go back a step.")]
RedoOption = Annotated[bool, typer.Option("--redo", help="Go forward again.")]
VersionOption = Annotated[
    int | None, typer.Option("--to", help="Go to a version.", show_default=False)
]
HistoryOption = Annotated[bool, typer.Option("--history", help="List every version.")]
KeepOption = Annotated[
    str | None,
    typer.Option(help="Keep the preset as it is now under this name.", show_default=False),
]
ComparisonsOption = Annotated[
    int, typer.Option(min=1, max=60, help="How many pairs to compare at most.")
]


@dataclass(frozen=True, kw_only=True)
class _Wish:
    """What one call asks for, besides comparisons."""

    more: str | None
    less: str | None
    steps: float
    take: str
    from_s: float
    to_s: float | None
    gains: list[str]
    wander: float | None
    seed: int
    rating: int | None
    again: bool
    undo: bool
    redo: bool
    version: int | None

    def is_step(self) -> bool:
        """Tell whether it takes a step; two at once are refused, as nothing says in which order."""
        is_given = {
            "more": self.more is not None, "less": self.less is not None, "set": bool(self.gains),
            "wander": self.wander is not None, "rate": self.rating is not None, "to": self.version is not None,
            "again": self.again, "undo": self.undo, "redo": self.redo,
        }  # fmt: skip
        given = [f"--{name}" for name, is_there in is_given.items() if is_there]
        if len(given) > 1:
            raise ProgramError(f"{' and '.join(given)} are two steps; take one after the other")
        return bool(given)


def refine(
    preset: Annotated[str, typer.Argument(help="The preset to work on; it stays as it is.")],
    more: MoreOption = None,
    less: LessOption = None,
    steps: StepsOption = 1.0,
    take: TakeOption = "latest",
    from_s: FromOption = 0.0,
    to_s: ToOption = None,
    gain: GainOption = None,
    wander: WanderOption = None,
    seed: SeedOption = 1,
    rate: RateOption = None,
    again: AgainOption = False,
    undo: UndoOption = False,
    redo: RedoOption = False,
    version: VersionOption = None,
    history: HistoryOption = False,
    keep: KeepOption = None,
    comparisons: ComparisonsOption = N_ANSWERS,
    device: DeviceOption = None,
    host_api: HostApiOption = None,
    midi: MidiOption = None,
    mode: ModeOption = ModeName.AUTO,
    controller: ControllerOption = None,
    hand: HandOption = None,
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

    wish = _Wish(
        more=more, less=less, steps=steps, take=take, from_s=from_s, to_s=to_s, gains=gain or [],
        wander=wander, seed=seed, rating=rate, again=again, undo=undo, redo=redo, version=version,
    )  # fmt: skip
    settings = PlaySettings(
        preset=preset, device=device, host_api=host_api, midi=tuple(midi or ()),
        wishes=Wishes(mode=mode.value, controller=controller, hand=hand),
    )  # fmt: skip
    is_step, live = wish.is_step(), None
    work = Refinement.of(preset)
    if is_step:
        told = _step(work, wish, settings)
        for sentence in [] if as_json else told:
            say(sentence)
    elif not (history or keep):
        shown = Console(stderr=True) if as_json else console
        live = refine_session.refine_live(settings, work, shown, comparisons)
    kept_as = keep if keep and refine_session.keep(work, preset, keep) else None
    if as_json:
        speak_json(_figures(work, live, kept_as))
    else:
        _tell(work, preset, is_history=history, kept_as=kept_as)


def _step(work: "Refinement", wish: _Wish, settings: PlaySettings) -> list[str]:
    """Take the one step that is wished for, and return what to say of it."""
    if wish.more or wish.less or wish.wander is not None:
        _change(work, wish, settings.wishes)
    elif wish.gains:
        work.turn(_gains(work, wish.gains))
    elif wish.rating is not None or wish.again:
        return _judge(work, wish, settings.preset)
    else:
        _go(work, undo=wish.undo, version=wish.version)
    return []


def _change(work: "Refinement", wish: _Wish, wishes: Wishes) -> None:
    """Change the sound by what was played."""
    from calibration.refinements.phrase import Phrase
    from embouchure.refine_session import phrase_of

    phrase = Phrase(()) if wish.wander == 0 else phrase_of(wish.take, wishes)
    if wish.wander is not None:
        work.wander(wish.wander, wish.seed, phrase)
        return
    to_s = phrase.length_s if wish.to_s is None else wish.to_s
    if wish.to_s is None and wish.from_s >= to_s > 0.0:
        raise ProgramError(f"the take ends at {to_s:.1f} s; let --from-s be less")
    signed = wish.steps if wish.more else -wish.steps
    work.more(wish.more or wish.less or "", signed, phrase, wish.from_s, to_s)


def _judge(work: "Refinement", wish: _Wish, preset: str) -> list[str]:
    """Let a take of a demonstration count as rated, or no more."""
    from embouchure import refine_session

    rated = refine_session.rate(work, preset, wish.take, 1 if wish.again else wish.rating or 1)
    told = [refine_session.learn_anew(work, preset)]
    if wish.again:
        name = rated.target.name
        told.append(f"Play it anew: embouchure calibrate demo {preset} --target {name}")
    return told


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


def _go(work: "Refinement", *, undo: bool, version: int | None) -> None:
    if version is not None:
        work.go_to(version)
    elif undo:
        work.undo()
    else:
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


def _tell(work: "Refinement", preset: str, *, is_history: bool, kept_as: str | None) -> None:
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
    elif not is_history:
        say(f"To play it: embouchure calibrate refine {preset} --keep NAME")
