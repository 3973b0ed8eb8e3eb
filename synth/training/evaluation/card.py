"""What a space's card keeps of its evaluation, as plain numbers."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from synth.space import Space
from synth.training.corpus import Note, Progress
from synth.training.evaluation.evaluate import STAGES, Corpus, Others, evaluate
from synth.training.evaluation.figures import FAMILY, UNSEEN, Evaluation, Figures
from synth.training.evaluation.held_out import trials
from synth.training.evaluation.summary import HIGH, LOW, N
from synth.training.places import scores_folder

N_NOTES: Final = 300
"""Held-out notes by which a card says how good its space is."""
KEPT: Final = (
    "mel_db",
    "attack_mel_db",
    FAMILY,
    f"{UNSEEN}mel_db",
    f"{UNSEEN}attack_mel_db",
    f"{UNSEEN}{FAMILY}",
)


def evaluate_for_card(
    space: Space,
    notes: Sequence[Note],
    cache: Path,
    *,
    teacher: Space | None = None,
    n_jobs: int = -1,
    progress: Progress = lambda done, total: None,
) -> dict[str, dict[str, float]]:
    """Measure a new space by some of the notes held out; nothing where there are none.

    Parameters
    ----------
    notes, cache
        A corpus and the folder of its analysis.
    progress
        Told how many thousandths of the work are done.
    """
    if not trials(notes, N_NOTES):
        return {}

    def report(stage: str, share: float, words: str) -> None:
        progress(round(1000 * (STAGES.index(stage) + share) / len(STAGES)), 1000)

    corpus = Corpus(name=cache.name, notes=notes, cache=cache, store=scores_folder())
    heard = evaluate(
        space, corpus, others=Others(teacher=teacher), n_notes=N_NOTES, n_jobs=n_jobs, report=report
    )
    return card_figures(heard.evaluation)


def card_figures(evaluation: Evaluation) -> dict[str, dict[str, float]]:
    """Keep the most important figures: each value, its interval and the number of notes."""
    return {name: _flat(figures) for name, figures in evaluation.systems.items()}


def _flat(figures: Figures) -> dict[str, float]:
    flat: dict[str, float] = {}
    for name in KEPT:
        if name in figures:
            value, low, high, n_notes = figures[name]
            flat |= {name: round(value, 3), name + LOW: round(low, 3)}
            flat |= {name + HIGH: round(high, 3), name + N: n_notes}
    return flat
