"""`embouchure space corpus`: recordings, soundfonts and notes become what a space is trained on."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from embouchure.commands.options import JsonOption
from embouchure.output import going_on, progress_bar, say, speak_json

if TYPE_CHECKING:
    from synth.training.corpora.building import Built
    from synth.training.corpora.material import Dropped

SHOWN: Final = 5
"""Notes left out that are told one by one."""


def build_corpus(
    sources: Annotated[
        list[Path],
        typer.Argument(
            help="Soundfonts (SF2, SF3), folders of single notes, the NSynth dataset or another "
            "corpus, recordings; in any mixture."
        ),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder of the corpus.")],
    licence: Annotated[
        str | None,
        typer.Option(help="The licence of what does not tell its own, such as CC0-1.0."),
    ] = None,
    name: Annotated[str | None, typer.Option(help="What to call a single source.")] = None,
    preset: Annotated[
        list[str] | None,
        typer.Option(
            help="A sound of the soundfonts: its program, bank:program, or a part of its name; "
            "repeat it. Without it, all that have a pitch."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Build a corpus to train a space on, and tell which notes are not fit for it.

    Licence and origin of each source go with it into the space. Ctrl-C keeps the instruments that
    are done; the same command goes on with them.

    Examples: embouchure space corpus my-notes -o corpus --licence CC0-1.0,
    embouchure space corpus font.sf3 nsynth singing.wav -o corpus
    """
    from calibration.targets.cutting import all_notes
    from synth.training.corpora.building import build
    from synth.training.corpora.kinds import materials

    found = materials(sources, all_notes, licence=licence, name=name, presets=preset or ())
    with going_on(), progress_bar(quiet=as_json) as progress:
        task = progress.add_task("Gathering notes", total=None)
        built = build(
            out,
            found,
            progress=lambda done, total: progress.update(task, completed=done, total=total),
        )
    if as_json:
        speak_json(_for_scripts(built))
    else:
        _tell(built, out)


def _for_scripts(built: "Built") -> dict[str, object]:
    return {
        "notes": built.n_notes,
        "instruments": built.n_instruments,
        "dropped": [one._asdict() for one in built.dropped],
        "sources": [source.model_dump() for source in built.sources],
    }


def _tell(built: "Built", out: Path) -> None:
    counts = built.n_notes
    say(
        f"{counts['train']} notes to learn from, {counts['valid']} held out to measure by and "
        f"{counts['test']} of instruments never learned; {built.n_instruments} instruments."
    )
    for source in built.sources:
        say(f"From {source.name}, {source.licence}.")
    _tell_dropped(built.dropped)
    say(f"Train on it: embouchure space train {out} -o mine.safetensors")


def _tell_dropped(dropped: "list[Dropped]") -> None:
    if not dropped:
        return
    reasons = Counter(_kind(one.why) for one in dropped)
    summary = ", ".join(f"{count} because {why}" for why, count in reasons.most_common(3))
    say(f"{len(dropped)} notes were left out: {summary}.")
    for one in dropped[:SHOWN]:
        say(f"  {one.what}: {one.why}")


def _kind(why: str) -> str:
    """Say why a note was left out without what is its own: its file and its numbers."""
    words = re.sub(r"\S*/\S*", "it", why.partition(";")[0])
    return re.sub(r"\d[\d.]*", "…", words)


COMMANDS: Final[dict[str, Callable[..., None]]] = {"corpus": build_corpus}
