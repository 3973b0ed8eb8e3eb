"""What is measured of ours on one hand: curves, ramps alone, the middle only, another day, lags."""

from dataclasses import replace
from typing import Final

import numpy as np

from calibration.simulation.case import Case
from calibration.simulation.lesson import Lesson
from calibration.simulation.player import RAMPS_S
from calibration.study.ab_trials import trial
from calibration.study.audio import Hearing
from calibration.study.evaluation import score
from calibration.study.kernel_cost import kernel_us
from calibration.study.lateness import true_lags_s
from calibration.study.ours import Ours, Taught
from calibration.study.piece import Measured
from calibration.study.swings import swings
from presets.card import PresetCard, SpaceNeeded
from presets.preset import Preset

TAKES_S: Final = (24.0, 48.0, 96.0)
"""Seconds of takes after the ramps, where those are not counted."""
MEASURED: Final = "ramps and takes"
NARROW_S: Final = 24.0


def measure_ours(case: Case, times_s: tuple[float, ...]) -> Measured:
    """Measure everything on one hand."""
    curves = {
        way: {t: _learned(case, case.lesson(way, t)) for t in (0.0, *times_s)}
        for way in Ours().ways
    }
    after = {t: _learned(case, case.lesson(MEASURED, RAMPS_S + t)) for t in (0.0, *TAKES_S)}
    taught, _ = curves[MEASURED][times_s[-1]]
    return {
        "curves": {
            way: {str(t): score for t, (_, score) in curve.items()} for way, curve in curves.items()
        },
        "ramps only": after[0.0][1],
        "after ramps": {str(t): after[t][1] for t in TAKES_S},
        "narrow": _learned(case, case.narrow_lesson(NARROW_S, measured=True))[1],
        "later": score(case.later_trials, taught)._asdict(),
        "audio": Hearing(case.space, case.trials).distance(taught),
        "swings": swings(case, taught)._asdict(),
        "lag_errors_s": _lag_errors_s(case, after[TAKES_S[-1]][0]),
        "fit_s": after[TAKES_S[-1]][1]["fit_s"],
        "kernel_us": kernel_us(taught.mapping, case.trials[0].touches),
        "bit_equal": _is_kept_exactly(case, taught),
    }


def measure_listener(case: Case, _times_s: tuple[float, ...]) -> Measured:
    """Let a listener bring four mis-set gains back by their answers; both are drawn by number."""
    done = trial(case.space, case.number)
    return {"regained": done.regained.tolist(), "rendered_regained": done.rendered_regained}


def _learned(case: Case, lesson: Lesson) -> tuple[Taught, Measured]:
    """Learn a lesson, and score what was learned."""
    taught = Ours().fit(lesson)
    return taught, score(case.trials, taught)._replace(fit_s=taught.fit_s)._asdict()


def _lag_errors_s(case: Case, taught: Taught) -> list[float]:
    """Compare the lags found with those that were."""
    found_s = np.array(taught.learned.lags_s)
    true_s = np.array(true_lags_s(case))[: len(found_s)]
    return [float(error) for error in np.abs(found_s - true_s)]


def _is_kept_exactly(case: Case, taught: Taught) -> bool:
    """Keep the mapping in a preset and open it again: does it answer the same, bit by bit."""
    space = SpaceNeeded(name=case.space.card.name, sha256=case.space.sha256)
    card = PresetCard(name="study", description="Learned in a study.", tags=(), space=space)
    opened = Preset.from_bytes(Preset(card=card, mapping=taught.mapping).to_bytes()).mapping
    again = replace(taught, learned=replace(taught.learned, mapping=opened))
    touches = case.trials[0].touches
    return bool(np.array_equal(again(touches), taught(touches)))
