"""The whole making of a space, stage by stage; what a stage has finished is not done again."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_cache_path
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from synth.space import Source, Space, SpaceCard, save_space
from synth.training.codebook import AGES_S, choose, make_codebook
from synth.training.corpora.building import build, is_built
from synth.training.corpora.soundfonts import FluidMaterial
from synth.training.corpus import Note, joint_licence, read_corpus, read_sources, thin
from synth.training.evaluate import evaluate, evaluation_table
from synth.training.export import bounds, export_networks
from synth.training.features import Features, load_features, measure
from synth.training.model import Autoencoder
from synth.training.train import statistics, train

Array = NDArray[np.float32]

N_NOTES: Final = 8000
"""Most notes of a split that are used: their analyses lie in memory, 0.35 MB each."""
N_STATISTIC_NOTES: Final = 1500
"""Notes, spread over the corpus, from which whitening and bounds are measured."""

STAGES: Final = ("render", "analyse", "train", "export", "evaluate")

Report = Callable[[str, float, str], None]
"""Told a stage's name, the share of it that is done, and a few words."""


def run(
    corpus: Path | None, out: Path, *, minutes: float, seed: int = 0, resume: bool = True
) -> Space:
    """Make a space, showing progress and in the end how good it is; see `make_space`."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description:>9}"),
        BarColumn(),
        TextColumn("{task.percentage:3.0f}%"),
    )
    words = TextColumn("{task.fields[words]}")
    with Progress(*columns, TimeElapsedColumn(), words, console=console) as bars:
        stages = {name: bars.add_task(name, total=1.0, start=False, words="") for name in STAGES}

        def report(stage: str, share: float, words: str) -> None:
            bars.start_task(stages[stage])
            bars.update(stages[stage], completed=share, words=words)

        space = make_space(corpus, out, seed=seed, minutes=minutes, resume=resume, report=report)
    console.print(evaluation_table(space.card.evaluation))
    return space


def make_space(
    corpus: Path | None,
    out: Path,
    *,
    minutes: float,
    seed: int = 0,
    resume: bool = True,
    report: Report = lambda stage, share, words: None,
) -> Space:
    """Make a space from a corpus, or from the Fluid soundfont if none is given.

    Parameters
    ----------
    corpus
        A folder in NSynth's layout (`synth.training.corpus`).
    out
        The space's file; a checkpoint of the training lies beside it.
    minutes
        Processor time for training, of one core.
    seed
        Of the initial weights and of the batches.
    resume
        Go on from the checkpoint, if there is one.
    report
        Told about progress.

    Raises
    ------
    CorpusError, SoundfontError, CheckpointError
        When there is nothing to learn from, or to go on from.
    """
    folder = corpus if corpus is not None else _render(report)
    cache = _cache_of(folder)
    chosen = thin(read_corpus(folder), N_NOTES)
    notes = measure(chosen, cache, progress=_counted(report, "analyse"))
    learned = [note for note in notes if note.split == "train"]
    features = [load_features(note, cache) for note in learned]
    out.parent.mkdir(parents=True, exist_ok=True)
    checkpoint = out.with_suffix(".checkpoint")
    if not resume:
        checkpoint.unlink(missing_ok=True)
    model = train(
        learned,
        features,
        checkpoint,
        minutes=minutes,
        seed=seed,
        report=lambda share, losses: report("train", share, _words(losses)),
    )
    report("train", 1.0, "")
    card, arrays = export(model, features, notes, cache, out.stem, read_sources(folder))
    save_space(out, card, arrays)
    report("export", 1.0, "")
    table = evaluate(Space.load(out), notes, cache, progress=_counted(report, "evaluate"))
    save_space(out, card.model_copy(update={"evaluation": table}), arrays)
    return Space.load(out)


def export(
    model: Autoencoder,
    features: list[Features],
    notes: Sequence[Note],
    cache: Path,
    name: str,
    sources: list[Source],
) -> tuple[SpaceCard, dict[str, Array]]:
    """Gather a trained model, its codebook and its origin into a space's card and arrays."""
    scale = statistics(features).scale
    some = features[:: max(1, len(features) // N_STATISTIC_NOTES)]
    arrays = export_networks(model, some, scale) | bounds(some)
    named = choose([note for note in notes if note.split != "valid"])
    sounding = (load_features(note, cache) for note in named)
    codebook = make_codebook(named, sounding, arrays, scale)
    card = SpaceCard(
        name=name,
        licence=joint_licence(sources),
        provenance=[f"Learned from {len(features)} notes."],
        sources=sources,
        loudness_mean_db=scale[0],
        loudness_deviation_db=scale[1],
        ages_s=[float(age) for age in AGES_S],
        sounds=codebook.sounds,
    )
    return card, arrays | codebook.arrays


def _render(report: Report) -> Path:
    folder = user_cache_path("embouchure") / "corpus-fluid"
    fluid = [FluidMaterial()]
    if not is_built(folder, fluid):
        build(folder, fluid, progress=_counted(report, "render"))
    report("render", 1.0, "")
    return folder


def _cache_of(corpus: Path) -> Path:
    """Name the folder where a corpus' analysis is kept, by the corpus' place."""
    place = hashlib.sha256(str(corpus.resolve()).encode()).hexdigest()[:12]
    return user_cache_path("embouchure") / f"analysis-{place}"


def _counted(report: Report, stage: str) -> Callable[[int, int], None]:
    return lambda done, total: report(stage, done / total, f"{done} of {total}")


def _words(losses: dict[str, float]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {value:.2f}" for name, value in losses.items())
