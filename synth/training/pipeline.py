"""The whole making of a space, stage by stage; what a stage has finished is not done again."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from synth.moving.axis_search import with_axes
from synth.space import Source, Space, SpaceCard, check_place, save_space
from synth.training.checkpoint import Task
from synth.training.codebook import AGES_S, choose, make_codebook
from synth.training.corpora.fluid import render_fluid
from synth.training.corpus import CorpusError, Note, joint_licence, read_corpus, read_sources, thin
from synth.training.evaluation.card import evaluate_for_card
from synth.training.export import export_networks
from synth.training.features import content_of, load_features, measure
from synth.training.model import Autoencoder
from synth.training.pack import Pack
from synth.training.places import analysis_folder, teacher_path
from synth.training.recipe import RECIPES
from synth.training.report import Report, counted
from synth.training.statistics import statistics
from synth.training.together import World, joined_world, leads
from synth.training.train import LESSONS, MOST_PROCESSES, train

N_STATISTIC_NOTES: Final = 1500
"""Notes, spread over the corpus, from which the codes' whitening is measured."""

STAGES: Final = ("render", "analyse", *LESSONS, "export", "evaluate")


def run(
    corpus: Path | None, out: Path, *, recipe: str = "default", seed: int = 0, resume: bool = True
) -> None:
    """Make a space, showing progress; see `make_space`."""
    columns = (
        TextColumn("{task.description:>9}"),
        BarColumn(),
        TextColumn("{task.percentage:3.0f}%"),
    )
    words = TextColumn("{task.fields[words]}")
    shown = Console(stderr=True, quiet=not leads())
    with Progress(*columns, TimeElapsedColumn(), words, console=shown) as bars:
        stages = {name: bars.add_task(name, total=1.0, start=False, words="") for name in STAGES}

        def report(stage: str, share: float, words: str) -> None:
            bars.start_task(stages[stage])
            bars.update(stages[stage], completed=share, words=words)

        make_space(corpus, out, recipe=recipe, seed=seed, resume=resume, report=report)


def make_space(
    corpus: Path | None,
    out: Path,
    *,
    recipe: str = "default",
    seed: int = 0,
    resume: bool = True,
    report: Report = lambda stage, share, words: None,
) -> None:
    """Make a space from a corpus, or from the Fluid soundfont if none is given.

    Of the processes that share the work the leading one alone writes it.

    Parameters
    ----------
    corpus
        A folder in NSynth's layout (`synth.training.corpus`).
    out
        The space's file; a checkpoint of the training lies beside it, and in the end the space
        with the teacher as its decoder, too large to be played live.
    recipe
        A name of `RECIPES`, by how many steps it takes.
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
    SpaceError
        When the space cannot be written.
    StaffError
        When more processes share the work than there is work for.
    """
    check_place(out)
    checkpoint = out.with_suffix(".checkpoint")
    if leads() and not resume:
        checkpoint.unlink(missing_ok=True)
    with joined_world(MOST_PROCESSES) as world:
        known = _analysed(corpus, world, report)
        learned = known.learned
        if not learned:
            raise CorpusError(
                f"no note of {corpus} that is to be learned can be heard; every one is silent or "
                "shorter than 20 ms"
            )
        pack = Pack(learned, (load_features(note, known.cache) for note in learned))
        task = Task(recipe=RECIPES[recipe], seed=seed, corpus=_fingerprint(learned))

        def told(lesson: str, share: float, losses: dict[str, float]) -> None:
            report(lesson, share, _words(losses))

        model = train(pack, checkpoint, task, world=world, report=told)
        if world.leads:
            _finish(model, pack, known, out, report)
        world.wait()


@dataclass(frozen=True, kw_only=True)
class _Analysed:
    """A corpus whose analyses lie in a cache: what can be used of the whole."""

    notes: list[Note]
    whole: list[Note]
    cache: Path
    sources: list[Source]

    @property
    def learned(self) -> list[Note]:
        """The notes to learn from."""
        return _to_learn(self.notes)

    def in_words(self) -> str:
        """Say how much of the corpus is learned from."""
        return ", ".join(
            f"{count(self.learned):,} of {count(_to_learn(self.whole)):,} {things}"
            for things, count in (("notes", len), ("instruments", _n_instruments))
        )


def _to_learn(notes: Sequence[Note]) -> list[Note]:
    return [note for note in notes if note.split == "train"]


def _n_instruments(notes: Sequence[Note]) -> int:
    return len({note.instrument for note in notes})


def _analysed(corpus: Path | None, world: World, report: Report) -> _Analysed:
    """Render and analyse the corpus, once on each machine, and list what can be used of it."""
    if world.local_rank > 0:
        world.wait()
    folder = corpus if corpus is not None else _render(report)
    cache = analysis_folder(folder)
    whole, sources = read_corpus(folder), read_sources(folder)
    notes = measure(thin(whole), cache, progress=counted(report, "analyse"))
    if world.local_rank == 0:
        world.wait()
    known = _Analysed(notes=notes, whole=whole, cache=cache, sources=sources)
    report("analyse", 1.0, known.in_words())
    return known


def _finish(model: Autoencoder, pack: Pack, known: _Analysed, out: Path, report: Report) -> None:
    """Write the space and its teacher, and evaluate the space."""
    scale, notes, cache = statistics(pack).scale, known.notes, known.cache
    played, teaching = export_networks(
        model, pack.every(max(1, len(pack) // N_STATISTIC_NOTES)), scale
    )
    named = choose([note for note in notes if note.split != "valid"])
    sounding = (load_features(note, cache) for note in named)
    codebook = make_codebook(named, sounding, played, scale)
    card = SpaceCard(
        name=out.stem,
        licence=joint_licence(known.sources),
        provenance=[f"Learned from {known.in_words()}."],
        sources=known.sources,
        loudness_mean_db=scale[0],
        loudness_deviation_db=scale[1],
        ages_s=[float(age) for age in AGES_S],
        sounds=codebook.sounds,
    )
    save_space(teacher_path(out), card, teaching | codebook.arrays)
    card, arrays = with_axes(card, played | codebook.arrays)
    save_space(out, card, arrays)
    report("export", 1.0, "")
    table = evaluate_for_card(
        Space.load(out),
        notes,
        cache,
        teacher=Space.load(teacher_path(out)),
        progress=counted(report, "evaluate"),
    )
    save_space(out, card.model_copy(update={"evaluation": table}), arrays)


def _fingerprint(notes: Sequence[Note]) -> str:
    keys = "\n".join(f"{note.key} {content_of(note)}" for note in notes)
    return hashlib.sha256(keys.encode()).hexdigest()[:16]


def _render(report: Report) -> Path:
    folder = render_fluid(counted(report, "render"))
    report("render", 1.0, "")
    return folder


def _words(losses: dict[str, float]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {value:.2f}" for name, value in losses.items())
