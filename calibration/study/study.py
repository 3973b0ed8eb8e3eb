"""Running a study: every learner on every hand, over processes, going on where it was left."""

from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import Final

from joblib import Parallel, delayed, parallel_config

from calibration.simulation.case import Case
from calibration.simulation.population import hidden_cases
from calibration.simulation.shelf import FOLDER
from calibration.study.cabinet import keep, kept, made_of, place_of
from calibration.study.lessons import measure_listener, measure_ours
from calibration.study.piece import BASELINES, LISTENER, OURS, Measure, Measured
from calibration.study.plan import Plan, StudyError
from calibration.study.report import Report
from presets.spaces import factory_space

LEARNERS: Final[dict[str, Measure]] = {
    OURS: measure_ours,
    LISTENER: measure_listener,
    **BASELINES,
}
Step = Callable[[int, int], None]
"""Told how many pieces are done, of how many."""


def study(plan: Plan, n_processes: int = 2, step: Step = lambda _done, _of: None) -> Report:
    """Make a study; what has been measured before, even by a study broken off, is not again.

    Raises
    ------
    StudyError
        When the plan cannot be followed.
    """
    pieces = plan.checked().pieces()
    for done, _ in enumerate(_measured(plan, pieces, n_processes), start=1):
        step(done, len(pieces))
    return _report(plan)


def _measured(plan: Plan, pieces: list[tuple[int, str]], n_processes: int) -> Iterator[None]:
    if n_processes == 1:
        for piece in pieces:
            measure_piece(plan, *piece)
            yield
        return
    with parallel_config(backend="loky", inner_max_num_threads=1):
        tasks = (delayed(measure_piece)(plan, *piece) for piece in pieces)
        yield from Parallel(n_processes, return_as="generator_unordered")(tasks)


def measure_piece(plan: Plan, hand: int, learner: str) -> None:
    """Measure one piece and keep it, unless it is kept already."""
    case = _case(plan.n_hands, plan.special_share, hand)
    place = place_of(learner, case, plan.times_s, _made_of(learner))
    if kept(place) is None:
        keep(place, LEARNERS[learner](case, plan.times_s))


@cache
def _made_of(learner: str) -> str:
    return made_of(learner)


@lru_cache(maxsize=2)
def _case(n_hands: int, special_share: float, hand: int) -> Case:
    """Make a case once for several learners; it keeps what it has drawn."""
    return _cases(n_hands, special_share)[hand]


def _cases(n_hands: int, special_share: float) -> list[Case]:
    return hidden_cases(factory_space(), n_hands, special_share, FOLDER)


def _report(plan: Plan) -> Report:
    cases = _cases(plan.n_hands, plan.special_share)
    results = [
        {learner: _taken(plan, learner, case) for learner in plan.learners} for case in cases
    ]
    return Report(results=results, names=tuple(case.name for case in cases), times_s=plan.times_s)


def _taken(plan: Plan, learner: str, case: Case) -> Measured:
    measured = kept(place_of(learner, case, plan.times_s, _made_of(learner)))
    if measured is None:
        raise StudyError("what was measured is gone from the cache folder; run the study again")
    return measured
