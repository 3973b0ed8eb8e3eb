"""A plan: which hands and which learners a study measures, and after how many seconds."""

from typing import Final, NamedTuple

from calibration.simulation.population import TEST_SEEDS, USUAL_SHARE
from calibration.study.piece import BASELINES, LISTENER, OURS, QUICK_TIMES_S, TIMES_S

FEWEST_HANDS: Final = 2
MOST_HANDS: Final = len(TEST_SEEDS)
QUICK_HANDS: Final = 4
EVERYTHING: Final = (OURS, *BASELINES, LISTENER)
SLOW: Final = ("Wekinator network", LISTENER)
"""Left out of a quick study."""


class StudyError(ValueError):
    """A study that cannot be made; the message is one sentence."""


class Plan(NamedTuple):
    """What a study measures."""

    n_hands: int = 20
    special_share: float = USUAL_SHARE
    times_s: tuple[float, ...] = TIMES_S
    learners: tuple[str, ...] = EVERYTHING

    @classmethod
    def quick(cls, n_hands: int = QUICK_HANDS, special_share: float = USUAL_SHARE) -> "Plan":
        """Plan a look that takes a minute or two and proves nothing."""
        learners = tuple(name for name in EVERYTHING if name not in SLOW)
        return cls(n_hands, special_share, QUICK_TIMES_S, learners)

    def checked(self) -> "Plan":
        """Return the plan.

        Raises
        ------
        StudyError
            When it asks for hands that there are not.
        """
        if not FEWEST_HANDS <= self.n_hands <= MOST_HANDS:
            raise StudyError(
                f"a study of {self.n_hands} hands cannot be made; choose {FEWEST_HANDS} to {MOST_HANDS}"
            )
        if not 0.0 <= self.special_share <= 0.9:
            raise StudyError(
                f"a share of {self.special_share:g} cannot be special; choose one from 0 to 0.9"
            )
        return self

    def pieces(self) -> list[tuple[int, str]]:
        """List the pieces: the number of a hand and a learner, ours first."""
        return [(hand, learner) for learner in self.learners for hand in range(self.n_hands)]
