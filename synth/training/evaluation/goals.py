"""Goals: what a shipped space has to reach, and what would be better still."""

from dataclasses import dataclass
from typing import Final

from synth.training.evaluation.figures import FAMILY, UNSEEN, Evaluation
from synth.training.evaluation.intervals import Figure

MOVING: Final = "moving"
"""In place of a system: how the space is moved in."""


@dataclass(frozen=True, kw_only=True)
class Goal:
    """One figure and its bounds: distances must lie below, shares above."""

    words: str
    system: str
    measure: str
    bound: float
    wanted: float | None = None

    @property
    def is_share(self) -> bool:
        """Whether more is better."""
        return self.measure == FAMILY

    def holds(self, value: float) -> bool:
        """Whether the bound is kept."""
        return value >= self.bound if self.is_share else value <= self.bound


GOALS: Final = (
    Goal(words="analysis, log-mel", system="analysis", measure="mel_db", bound=1.67, wanted=1.4),
    Goal(words="analysis, family", system="analysis", measure=FAMILY, bound=0.83, wanted=0.87),
    Goal(words="space, log-mel", system="space", measure="mel_db", bound=2.8, wanted=2.4),
    Goal(
        words="space, first 70 ms", system="space", measure="attack_mel_db", bound=4.2, wanted=3.6
    ),
    Goal(
        words="space, at a new pitch",
        system="space_new_pitch",
        measure="mel_db",
        bound=3.4,
        wanted=3.0,
    ),
    Goal(words="space, family", system="space", measure=FAMILY, bound=0.79, wanted=0.83),
    Goal(
        words="space, never heard", system="space", measure=f"{UNSEEN}mel_db", bound=3.4, wanted=2.9
    ),
    Goal(words="largest step of a walk", system=MOVING, measure="step_by_ear", bound=1.2),
    Goal(words="path of a walk", system=MOVING, measure="path_by_ear", bound=1.15),
    Goal(words="loudness beyond a sound", system=MOVING, measure="beyond_loudness_db", bound=3.0),
)
TEACHER: Final = Goal(words="space less teacher", system="", measure="mel_db", bound=0.15)


def reached(evaluation: Evaluation) -> list[tuple[Goal, Figure]]:
    """Set each goal that was measured beside its figure."""
    measured = evaluation.systems | {MOVING: evaluation.moves}
    found = [
        (goal, measured[goal.system][goal.measure])
        for goal in GOALS
        if goal.measure in measured.get(goal.system, {})
    ]
    gap = evaluation.differences.get("space - teacher")
    return [*found, (TEACHER, gap)] if gap else found
