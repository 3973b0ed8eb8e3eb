"""Tables of an evaluation as HTML."""

from collections.abc import Iterable, Mapping
from html import escape

from synth.training.evaluation.figures import UNSEEN, Evaluation, Figures
from synth.training.evaluation.goals import reached
from synth.training.evaluation.intervals import Figure
from synth.training.evaluation.table import COLUMNS, MOVES, SHARES, words


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Lay out cells that are HTML already."""
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>"


def _cell(figure: Figure | None, *, is_share: bool) -> str:
    said = words(figure, is_share=is_share)
    value, _, interval = said.partition(" ")
    return f"{value} <small>{interval}</small>"


def goals_html(evaluation: Evaluation) -> str:
    """Set every goal beside its figure."""
    rows = []
    for goal, figure in reached(evaluation):
        holds = goal.holds(figure.value)
        mark = (
            '<span class="reached">reached</span>'
            if holds
            else '<span class="missed">not reached</span>'
        )
        wanted = "" if goal.wanted is None else f"{goal.wanted:g}"
        found = _cell(figure, is_share=goal.is_share)
        rows.append([escape(goal.words), f"{goal.bound:g}", wanted, found, mark])
    return _table(["", "bound", "wanted", "found", ""], rows)


def systems_html(evaluation: Evaluation) -> str:
    """Lay out every system's figures."""
    rows = []
    for system, figures in evaluation.systems.items():
        cells = [_cell(figures.get(name), is_share=name in SHARES) for name in COLUMNS]
        rows.append([system.replace("_", " "), *cells])
    heads = [
        f"unseen {h}" if name.startswith(UNSEEN) and "unseen" not in h else h
        for name, h in COLUMNS.items()
    ]
    return _table(["", *heads], rows)


def groups_html(groups: Mapping[str, Mapping[str, Figures]]) -> str:
    """Lay out log-mel distances by groups of notes, a column for each system."""
    systems = list(dict.fromkeys(name for group in groups.values() for name in group))
    rows = []
    for name, group in groups.items():
        cells = [_cell(group[system].get("mel_db"), is_share=False) for system in systems]
        n_notes = max((f["mel_db"].n for f in group.values() if "mel_db" in f), default=0)
        rows.append([escape(name.replace("_", " ")), str(n_notes), *cells])
    return _table(["", "n", *(name.replace("_", " ") for name in systems)], rows)


def probes_html(evaluation: Evaluation) -> str:
    """Lay out what codes tell."""
    looks = list(dict.fromkeys(look for found in evaluation.probes.values() for look in found))
    rows = [
        [quality.replace("_", " "), *(_cell(found.get(look), is_share=False) for look in looks)]
        for quality, found in evaluation.probes.items()
    ]
    return _table(["", *(look.replace("_", " ") for look in looks)], rows)


def moves_html(evaluation: Evaluation) -> str:
    """Lay out how the space is moved in."""
    rows = [
        [escape(about), _cell(figure, is_share=True), str(figure.n)]
        for name, about in MOVES.items()
        if (figure := evaluation.moves.get(name))
    ]
    return _table(["", "found", "n"], rows)
