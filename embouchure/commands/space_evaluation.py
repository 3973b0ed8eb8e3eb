"""`embouchure space evaluate`: how near a space comes to notes it was not trained on."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.console import Console

from embouchure.commands.options import JsonOption
from embouchure.output import console, going_on, progress_bar, say, speak_json

if TYPE_CHECKING:
    from embouchure.evaluating import Request
    from synth.training.evaluation.figures import Evaluation

WIDTH: Final = 200
"""Columns that the tables need; a narrower window breaks their lines."""


SpacesArgument = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[SPACE]...",
        help="Space files; without one that which is installed. Several tell how much training "
        "differs by its seed.",
    ),
]
CorpusOption = Annotated[
    Path | None,
    typer.Option(help="A folder in NSynth's layout; without it one is rendered by FluidSynth."),
]
NotesOption = Annotated[int, typer.Option(min=1, help="How many held-out notes.")]
PairsOption = Annotated[
    int,
    typer.Option(min=0, help="Pairs of instruments between which it is moved; 0 leaves that out."),
]
CachedOption = Annotated[
    bool,
    typer.Option(
        "--cached",
        help="Judge what `space cache --sounds` evaluates in advance, too; it is built if need be.",
    ),
]
TeacherOption = Annotated[
    Path | None,
    typer.Option(
        help="A space file with the decoder that these learned from; without it the one that "
        "training left beside each."
    ),
]
OutOption = Annotated[
    Path | None,
    typer.Option("--out", "-o", help="Write the figures and a page to listen to this folder."),
]


def evaluate_space(
    spaces: SpacesArgument = None,
    corpus: CorpusOption = None,
    notes: NotesOption = 1000,
    pairs: PairsOption = 50,
    cached: CachedOption = False,
    teacher: TeacherOption = None,
    out: OutOption = None,
    jobs: Annotated[int, typer.Option(min=1, help="Processes.")] = 2,
    as_json: JsonOption = False,
) -> None:
    """Measure how near a space comes to notes that it was not trained on, and how it is moved in.

    Distances, pitch, and what a listener trained on the recordings takes each version for, beside
    the recordings, a plain resynthesis, sample playback and other baselines; and between, beyond and
    by analogy of its sounds how even, fused and safe it is. Ctrl-C keeps what is
    measured; the same command goes on with it.

    Example: embouchure space evaluate -o evaluation
    """
    from embouchure.evaluating import Request

    request = Request(
        spaces=spaces or [None],
        corpus=corpus,
        teacher=teacher,
        folder=out,
        n_notes=notes,
        n_pairs=pairs,
        with_cached=cached,
        n_jobs=jobs,
    )
    found = _evaluated(request, quiet=as_json)
    if as_json:
        speak_json([one.described() for one in found])
        return
    _show(found)
    if out:
        say(f"Wrote {out}.")


def _evaluated(request: "Request", *, quiet: bool) -> "list[Evaluation]":
    """Evaluate, showing how far it is."""
    from embouchure.evaluating import evaluate_files

    with going_on(), progress_bar(quiet=quiet) as bar:
        task = bar.add_task("Evaluating", total=1.0)

        def report(stage: str, share: float, words: str) -> None:
            bar.update(task, description=f"{stage}, {words}", completed=share)

        return evaluate_files(request, report)


def _show(found: "list[Evaluation]") -> None:
    from synth.training.evaluation.seeds import seeds_table
    from synth.training.evaluation.table import (
        goals_table,
        groups_table,
        moves_table,
        probes_table,
        systems_table,
    )

    wide = Console(width=max(console.width, WIDTH))
    for one in found:
        wide.print(f"{one.space}, sha256 {one.sha256}", highlight=False)
        tables = (
            systems_table(one),
            goals_table(one),
            groups_table("log-mel dB", one.families, "mel_db"),
            groups_table("log-mel dB", one.octaves, "mel_db"),
            *([moves_table(one)] if one.moves else []),
            probes_table(one),
        )
        for table in tables:
            wide.print(table)
            wide.print()
    if len(found) > 1:
        wide.print(seeds_table(found))


COMMANDS: Final[dict[str, Callable[..., Any]]] = {"evaluate": evaluate_space}
