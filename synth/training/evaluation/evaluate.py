"""The whole evaluation of a space, stage by stage; what is in the store is not measured again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from synth.space import Space
from synth.training.corpus import CorpusError, Note
from synth.training.decode import Decoder
from synth.training.evaluation.baselines import mean_instrument, mean_notes
from synth.training.evaluation.ear import N_LEARNED, train_ear
from synth.training.evaluation.figures import Evaluation, Figures, Tally, evaluated
from synth.training.evaluation.held_out import Trial, stratified, trials
from synth.training.evaluation.probes import learned_notes, probe
from synth.training.evaluation.scores import Score, score_trials
from synth.training.evaluation.systems import (
    ControlBlend,
    MeanInstrument,
    Original,
    Resynthesis,
    SamplePlayback,
    System,
    live,
)
from synth.training.features import measure
from synth.training.report import Report, counted

N_NOTES: Final = 1000
STAGES: Final = ("analyse", "listen", "compare", "probe")


@dataclass(frozen=True, kw_only=True)
class Corpus:
    """Where notes and what is known of them lie.

    Attributes
    ----------
    name
        What to call it.
    notes
        All of its notes.
    cache
        Folder of its analysis.
    store
        Folder where scores are kept.
    """

    name: str
    notes: Sequence[Note]
    cache: Path
    store: Path


@dataclass(frozen=True, kw_only=True)
class Heard:
    """An evaluation with what it was made of, from which a page can be written."""

    evaluation: Evaluation
    tally: Tally
    systems: Sequence[System]

    def with_moves(self, moves: Figures) -> "Heard":
        """Add how the space is moved in."""
        return replace(self, evaluation=replace(self.evaluation, moves=moves))


@dataclass(frozen=True, kw_only=True)
class Others:
    """What else is compared: a teacher, a space with a larger decoder, and a cached decoder.

    `cached` takes what `synth.training.decode.Decoder` takes; `cached_tag` is a hash of it.
    """

    teacher: Space | None = None
    cached: Decoder | None = None
    cached_tag: str = ""


def evaluate(
    space: Space,
    corpus: Corpus,
    *,
    others: Others | None = None,
    n_notes: int = N_NOTES,
    n_jobs: int = -1,
    report: Report = lambda stage, share, words: None,
) -> Heard:
    """Compare a space with bounds and baselines on notes it was not trained on.

    Raises
    ------
    CorpusError
        When the corpus has no notes to judge by.
    """
    tries, notes = _prepare(corpus, n_notes, n_jobs, report)
    learned = stratified([note for note in notes if note.split == "train"], N_LEARNED)
    ear = train_ear(learned, corpus.store, n_jobs=n_jobs, progress=counted(report, "listen"))
    systems = _systems(space, others or Others(), notes, corpus.cache)
    scores: list[dict[str, Score]] = score_trials(
        tries,
        systems,
        corpus.cache,
        corpus.store,
        n_jobs=n_jobs,
        progress=counted(report, "compare"),
    )
    probes = probe(
        space,
        learned_notes(notes),
        [one.note for one in tries],
        corpus.cache,
        n_jobs=n_jobs,
        progress=counted(report, "probe"),
    )
    tally = Tally(tries, scores, ear)
    about = {"space": space.card.name, "sha256": space.sha256, "corpus": corpus.name}
    return Heard(evaluation=evaluated(tally, probes, about), tally=tally, systems=systems)


def _prepare(
    corpus: Corpus, n_notes: int, n_jobs: int, report: Report
) -> tuple[list[Trial], list[Note]]:
    """Choose the held-out notes and analyse what is needed; notes that cannot be drop out."""
    notes = list(corpus.notes)
    corpus.store.mkdir(parents=True, exist_ok=True)
    while True:
        tries = trials(notes, n_notes)
        if not tries:
            raise CorpusError(
                f"the corpus {corpus.name} holds no notes to judge by; it needs some in valid or "
                "test, and others of the same instruments"
            )
        needed = list(dict.fromkeys(note for one in tries for note in one.notes))
        needed = list(dict.fromkeys([*needed, *mean_notes(notes), *learned_notes(notes)]))
        progress = counted(report, "analyse")
        usable = set(measure(needed, corpus.cache, n_jobs=n_jobs, progress=progress))
        if len(usable) == len(needed):
            return tries, notes
        useless = set(needed) - usable
        notes = [note for note in notes if note not in useless]


def _systems(space: Space, others: Others, notes: Sequence[Note], cache: Path) -> list[System]:
    systems: list[System] = [Original(), Resynthesis()]
    if others.teacher:
        systems += live("teacher", others.teacher)
    systems += live("space", space)
    if others.cached:
        systems += live("cached", space, others.cached, others.cached_tag)[:1]
    means = mean_instrument(notes, cache)
    return [*systems, SamplePlayback(), ControlBlend(), MeanInstrument(means=means)]
