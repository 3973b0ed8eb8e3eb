"""Figures: scores of single notes gathered by system, kind of note, family and octave."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from synth.training.evaluation.ear import Ear
from synth.training.evaluation.held_out import Trial
from synth.training.evaluation.intervals import Figure, mean_figure
from synth.training.evaluation.probes import Probes
from synth.training.evaluation.scores import MEASURES, Score

Array = NDArray[np.float64]
Figures = dict[str, Figure]

FAMILY: Final = "family_accuracy"
INSTRUMENT: Final = "instrument_accuracy"
ALL_MEASURES: Final = (*MEASURES, FAMILY, INSTRUMENT)
UNSEEN: Final = "unseen_"
"""Before the name of a measure: over instruments that were never heard, not over known ones."""


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """All that was measured of one space.

    Attributes
    ----------
    systems
        System to measure to figure; see `UNSEEN`.
    families, octaves
        Family, or octave as musicians count it, to system to measure, over all held-out notes.
    differences
        Differences of log-mel distances between pairs of systems on the same known notes.
    probes
        What codes tell.
    moves
        How the space is moved in, where that was measured.
    """

    space: str
    sha256: str
    corpus: str
    n_known: int
    n_unseen: int
    systems: dict[str, Figures]
    families: dict[str, dict[str, Figures]]
    octaves: dict[str, dict[str, Figures]]
    differences: dict[str, Figure]
    probes: Probes
    moves: Figures = field(default_factory=dict)

    def described(self) -> dict[str, Any]:
        """Say it all to a script, figures as value, low, high and n."""
        return {key: _plain(value) for key, value in vars(self).items()}


def _plain(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, Figure):
        return value._asdict()
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return value


class Tally:
    """Per-note values of every system, from which figures are taken."""

    def __init__(
        self, trials: Sequence[Trial], scores: Sequence[Mapping[str, Score]], ear: Ear
    ) -> None:
        self.trials = trials
        self.names = list(scores[0])
        self.instruments = [trial.note.instrument for trial in trials]
        self._values = {
            name: self._of([score[name] for score in scores], ear) for name in self.names
        }

    def _of(self, scores: Sequence[Score], ear: Ear) -> dict[str, Array]:
        measures = np.stack([score.measures for score in scores]).astype(np.float64)
        portraits = np.stack([score.portrait for score in scores])
        notes = [trial.note for trial in self.trials]
        families = ear.family.judge(portraits)
        instruments = ear.instrument.judge(portraits)
        told = {
            FAMILY: [note.family == said for note, said in zip(notes, families, strict=True)],
            INSTRUMENT: [note.instrument == s for note, s in zip(notes, instruments, strict=True)],
        }
        by_measure = dict(zip(MEASURES, measures.T, strict=True))
        return by_measure | {name: np.asarray(row, np.float64) for name, row in told.items()}

    def values(self, system: str, measure: str) -> Array:
        """Values of one measure, shape (n_trials,)."""
        return self._values[system][measure]

    def figures(self, system: str, chosen: NDArray[np.bool_], measures: Iterable[str]) -> Figures:
        """Average some measures over some notes."""
        found = {
            measure: self._figure(self.values(system, measure), chosen) for measure in measures
        }
        return {measure: figure for measure, figure in found.items() if figure is not None}

    def difference(self, one: str, other: str, chosen: NDArray[np.bool_]) -> Figure | None:
        """How much farther one system is than another on the same notes."""
        away = self.values(one, "mel_db") - self.values(other, "mel_db")
        return self._figure(away, chosen)

    def _figure(self, values: Array, chosen: NDArray[np.bool_]) -> Figure | None:
        groups = [name for name, there in zip(self.instruments, chosen, strict=True) if there]
        return mean_figure(values[chosen], groups)

    def by(self, group: Callable[[Trial], str]) -> dict[str, dict[str, Figures]]:
        """Average everything over groups of notes, known or not."""
        groups = np.array([group(trial) for trial in self.trials])
        measures = [measure for measure in ALL_MEASURES if measure != INSTRUMENT]
        return {
            str(name): {s: self.figures(s, groups == name, measures) for s in self.names}
            for name in sorted(set(groups))
        }

    def systems(self) -> dict[str, Figures]:
        """Average everything over known instruments, and over such as were never heard."""
        known = np.array([trial.is_known for trial in self.trials])
        unseen = [measure for measure in ALL_MEASURES if measure != INSTRUMENT]
        return {
            name: self.figures(name, known, ALL_MEASURES)
            | {UNSEEN + m: f for m, f in self.figures(name, ~known, unseen).items()}
            for name in self.names
        }


def octave_of(trial: Trial) -> str:
    """Name the octave that a note lies in, C4 being middle C."""
    return f"C{trial.note.pitch // 12 - 1}"


def evaluated(tally: Tally, probes: Probes, about: Mapping[str, str]) -> Evaluation:
    """Take all figures.

    Parameters
    ----------
    about
        Name and hash of the space, `space` and `sha256`, and the corpus' name, `corpus`.
    """
    known = np.array([trial.is_known for trial in tally.trials])
    others = [name for name in ("teacher", "cached", "analysis") if name in tally.names]
    gaps = {f"space - {name}": tally.difference("space", name, known) for name in others}
    return Evaluation(
        space=about["space"],
        sha256=about["sha256"],
        corpus=about["corpus"],
        n_known=int(known.sum()),
        n_unseen=int((~known).sum()),
        systems=tally.systems(),
        families=tally.by(lambda trial: trial.note.family),
        octaves=tally.by(octave_of),
        differences={name: gap for name, gap in gaps.items() if gap is not None},
        probes=probes,
    )
