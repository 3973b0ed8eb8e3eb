"""Pieces: what one learner makes of one hand, measured once and kept, so that a study goes on."""

from collections.abc import Callable
from typing import Any, Final

from calibration.simulation.case import Case
from calibration.simulation.lesson import Learner
from calibration.study.anchors.anchor import ANCHORS
from calibration.study.anchors.written import Written
from calibration.study.audio import Hearing
from calibration.study.evaluation import Score, learn, score
from calibration.study.floor import Oracle

TIMES_S: Final = (12.0, 24.0, 48.0, 96.0)
QUICK_TIMES_S: Final = (24.0, 96.0)
OURS: Final = "Embouchure"
LISTENER: Final = "listener"
FLOOR: Final = "floor"
FACTORY: Final = "factory preset"

Measured = dict[str, Any]
"""Plain numbers, ready for JSON."""


def measure_floor(case: Case, _times_s: tuple[float, ...]) -> Measured:
    """Score the oracle, today and on another day."""
    played = Oracle().fit(case.clean_lesson())
    return {
        "score": _plain(score(case.trials, played)),
        "later": _plain(score(case.later_trials, played)),
    }


def measure_factory(case: Case, _times_s: tuple[float, ...]) -> Measured:
    """Score the mapping that learns nothing."""
    played = Written().fit(case.lesson("takes", 0.0))
    return {"score": _plain(score(case.trials, played)), "audio": _hearing(case).distance(played)}


def measure_anchor(anchor: Learner, case: Case, times_s: tuple[float, ...]) -> Measured:
    """Score a flat learner in each way of recording, and hear it in the better one at the end."""
    curves: dict[str, dict[str, Measured]] = {
        way: {str(t): _plain(learn(anchor, case.lesson(way, t), case.trials)) for t in times_s}
        for way in anchor.ways
    }
    last_s = times_s[-1]
    better = min(curves, key=lambda way: curves[way][str(last_s)]["nrmse"])
    played = anchor.fit(case.lesson(better, last_s))
    narrow = learn(anchor, case.narrow_lesson(24.0, measured=False), case.trials)
    audio = _hearing(case).distance(played)
    return {"curves": curves, "audio": audio, "narrow": _plain(narrow)}


Measure = Callable[[Case, tuple[float, ...]], Measured]


def _of(anchor: Learner) -> Measure:
    return lambda case, times_s: measure_anchor(anchor, case, times_s)


BASELINES: Final[dict[str, Measure]] = {
    FLOOR: measure_floor,
    FACTORY: measure_factory,
    **{anchor.name: _of(anchor) for anchor in ANCHORS},
}
"""All that needs to be measured only once, whatever becomes of what is compared with them."""


def _hearing(case: Case) -> Hearing:
    return Hearing(case.space, case.trials)


def _plain(one: Score) -> Measured:
    return one._asdict()
