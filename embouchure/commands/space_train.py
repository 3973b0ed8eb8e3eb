"""`embouchure space train`: a space of one's own sounds."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from embouchure.commands.options import JsonOption
from embouchure.errors import ProgramError
from embouchure.output import going_on, say, speak_json


class RecipeName(StrEnum):
    """How long to train: some minutes, under an hour, or a night, on two cores."""

    QUICK = "quick"
    DEFAULT = "default"
    LONG = "long"


def train_space(
    corpus: Annotated[
        Path | None,
        typer.Argument(
            help="A folder in NSynth's layout; without it one is rendered from a soundfont."
        ),
    ] = None,
    out: Annotated[Path, typer.Option("--out", "-o", help="Where to write the space.")] = Path(
        "mine.safetensors"
    ),
    recipe: Annotated[
        RecipeName, typer.Option(help="How long to train: minutes, an hour, or a night.")
    ] = RecipeName.DEFAULT,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same space.")] = 0,
    resume: Annotated[
        bool, typer.Option(help="Go on where an earlier run with this file stopped.")
    ] = True,
    as_json: JsonOption = False,
) -> None:
    """Train a space; needs PyTorch and, without a corpus, FluidSynth.

    Ctrl-C keeps what is done, and the same command goes on from there. Under torchrun several
    processes or machines share the work:
    torchrun --standalone --nproc-per-node 2 -m embouchure space train my-corpus -o mine.safetensors

    Example: embouchure space train my-corpus -o mine.safetensors
    """
    _refuse_wrong(corpus, out)
    from synth.training.extras import how_to_install

    try:
        from synth.training.pipeline import run
        from synth.training.together import leads
    except ModuleNotFoundError as error:
        raise ProgramError(
            f"training needs {error.name}, which is not installed; {how_to_install('train')}"
        ) from None
    with going_on():
        run(corpus, out, recipe=recipe.value, seed=seed, resume=resume)
    if leads():
        _tell(out, as_json=as_json)


def _tell(out: Path, *, as_json: bool) -> None:
    from synth.space import Space

    space = Space.load(out)
    if as_json:
        speak_json({"path": str(out), "sha256": space.sha256, **space.card.evaluation})
        return
    say(f"Wrote {out}, {len(space.card.sounds)} sounds, sha256 {space.sha256}.")
    say(space.card.provenance[-1])


def _refuse_wrong(corpus: Path | None, out: Path) -> None:
    """Refuse a corpus or a place that cannot be used before anything is drawn."""
    from synth.space import check_place
    from synth.training.corpus import read_corpus, read_sources

    if corpus is not None:
        read_corpus(corpus)
        read_sources(corpus)
    check_place(out)


COMMANDS: Final[dict[str, Callable[..., None]]] = {"train": train_space}
