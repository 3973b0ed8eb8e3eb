"""Tables of an evaluation for a terminal."""

from collections.abc import Mapping
from typing import Final

from rich.table import Table

from synth.training.evaluation.figures import FAMILY, INSTRUMENT, UNSEEN, Evaluation, Figures
from synth.training.evaluation.goals import reached
from synth.training.evaluation.intervals import Figure

COLUMNS: Final = {
    "mel_db": "log-mel, dB",
    "attack_mel_db": "70 ms, dB",
    "multiscale_db": "STFT, dB",
    "attack_multiscale_db": "70 ms, dB",
    "pitch_cents": "pitch, cents",
    "in_tune": "in tune",
    FAMILY: "family",
    INSTRUMENT: "instrument",
    f"{UNSEEN}mel_db": "unseen, dB",
    f"{UNSEEN}attack_mel_db": "70 ms, dB",
    f"{UNSEEN}{FAMILY}": "family",
}
MOVES: Final = {
    "step_by_ear": "largest step over the mean, by ear",
    "path_by_ear": "path over the straight way, by ear",
    "step_in_codes": "largest step over the mean, in equal shares of codes",
    "path_in_codes": "path over the straight way, in equal shares of codes",
    "swells_alone": "partials swell together, correlation: one sound",
    "swells_mixed": "two sounds mixed in the space",
    "swells_cross_faded": "their sounds cross-faded",
    "swells_blended": "their controls blended",
    "attack_alone": "partials begin together, correlation: one sound",
    "attack_mixed": "two sounds mixed in the space",
    "attack_cross_faded": "their sounds cross-faded",
    "attack_blended": "their controls blended",
    "beyond_finite": "as far again beyond a sound: finite",
    "beyond_loudness_db": "loudness off that sound's, dB",
    "beyond_level_db": "level off that sound's, dB",
    "beyond_in_tune": "within 10 cents, where that sound is",
    "beyond_reached": "of the way, as far as the guards allow",
    "analogy_rank": "sounds farther from an analogy than its true answer",
    "analogy_base_rank": "farther from what it sets out from",
    "analogy_nearer": "analogies nearer to the answer than that",
    "pitch_leaked": "pitch that codes tell, R²",
}
"""What each figure of moving is, in the order in which they are shown."""
SHARES: Final = frozenset({"in_tune", FAMILY, INSTRUMENT, f"{UNSEEN}{FAMILY}", f"{UNSEEN}in_tune"})


def words(figure: Figure | None, *, is_share: bool) -> str:
    """Say a figure and its interval."""
    if figure is None:
        return ""
    digits = 3 if is_share else 2
    value, low, high = (f"{number:.{digits}f}" for number in figure[:3])
    return f"{value} ({low}–{high})"


def systems_table(evaluation: Evaluation) -> Table:
    """Lay out every system's figures, distances of known notes first."""
    n_notes = f"{evaluation.n_known} notes, {evaluation.n_unseen} unseen"
    table = Table(n_notes, *COLUMNS.values(), box=None, pad_edge=False)
    for system, figures in evaluation.systems.items():
        cells = (words(figures.get(name), is_share=name in SHARES) for name in COLUMNS)
        table.add_row(system.replace("_", " "), *cells)
    return table


def goals_table(evaluation: Evaluation) -> Table:
    """Set every goal beside its figure."""
    table = Table("goal", "bound", "wanted", "found", "", box=None, pad_edge=False)
    for goal, figure in reached(evaluation):
        mark = "reached" if goal.holds(figure.value) else "[bold red]not reached[/]"
        wanted = "" if goal.wanted is None else f"{goal.wanted:g}"
        found = words(figure, is_share=goal.is_share)
        table.add_row(goal.words, f"{goal.bound:g}", wanted, found, mark)
    return table


def groups_table(what: str, groups: Mapping[str, Mapping[str, Figures]], measure: str) -> Table:
    """Lay out one measure by groups of notes, a column for each system."""
    systems = list(dict.fromkeys(name for group in groups.values() for name in group))
    heads = (name.replace("_", " ") for name in systems)
    table = Table(what, "n", *heads, box=None, pad_edge=False)
    for name, group in groups.items():
        figures = [group[system].get(measure) for system in systems]
        n_notes = max((figure.n for figure in figures if figure), default=0)
        cells = ("" if figure is None else f"{figure.value:.2f}" for figure in figures)
        table.add_row(name.replace("_", " "), str(n_notes), *cells)
    return table


def moves_table(evaluation: Evaluation) -> Table:
    """Lay out how the space is moved in."""
    table = Table("moving", "found", "n", box=None, pad_edge=False)
    for name, about in MOVES.items():
        if figure := evaluation.moves.get(name):
            table.add_row(about, words(figure, is_share=True), str(figure.n))
    return table


def probes_table(evaluation: Evaluation) -> Table:
    """Lay out what codes tell."""
    looks = list(dict.fromkeys(look for found in evaluation.probes.values() for look in found))
    heads = (look.replace("_", " ") for look in looks)
    table = Table("codes tell, R²", *heads, box=None, pad_edge=False)
    for quality, found in evaluation.probes.items():
        cells = (words(found.get(look), is_share=False) for look in looks)
        table.add_row(quality.replace("_", " "), *cells)
    return table
