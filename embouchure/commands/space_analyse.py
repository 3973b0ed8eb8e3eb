"""`embouchure space analyse`: measure a corpus, here or on a cluster, before anything is trained."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final

import typer

from embouchure.commands.options import (
    JobsOption,
    JsonOption,
    SchedulerOption,
)
from embouchure.output import going_on, progress_bar, say, speak_json


def analyse_corpus(
    corpus: Annotated[Path, typer.Argument(help="A folder of notes in NSynth's layout.")],
    cache: Annotated[
        Path | None,
        typer.Option(help="Folder of analyses; without it the one that training looks in."),
    ] = None,
    jobs: JobsOption = None,
    scheduler: SchedulerOption = None,
    as_json: JsonOption = False,
) -> None:
    """Analyse the notes of a corpus; training then starts at once. What is done is not done again.

    Of a large corpus those notes are analysed that training and evaluation use.
    Ctrl-C keeps what is done; the same command goes on with it.

    Example: embouchure space analyse my-corpus --scheduler tcp://box:8786
    """
    from synth.training.corpus import read_corpus, thin
    from synth.training.features import measure
    from synth.training.places import analysis_folder

    folder = cache or analysis_folder(corpus)
    notes = thin(read_corpus(corpus))
    with going_on(), progress_bar(quiet=as_json) as bar:
        task = bar.add_task("Analysing", total=len(notes))

        def progress(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        usable = measure(notes, folder, n_jobs=jobs, scheduler=scheduler, progress=progress)
    if as_json:
        speak_json({"notes": len(notes), "analysed": len(usable), "cache": str(folder)})
        return
    say(f"{len(usable)} of {len(notes)} notes sound; their analyses are in {folder}.")


COMMANDS: Final[dict[str, Callable[..., None]]] = {"analyse": analyse_corpus}
