"""Evaluation: how near a learner brings the sound to the wish, on performances it never heard."""

import time
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.simulation.case import Trial
from calibration.simulation.lesson import TARGET_RATE_HZ, Learner, Lesson, Played
from mapper.features import TOUCH_FIELDS
from mapper.mapping import CODE_SIZE, LOUDNESS, PITCH_OFFSET

Array = NDArray[np.float64]

AGE: Final = TOUCH_FIELDS.index("age_s")
N_COMPONENTS: Final = 6
RANGE_PERCENT: Final = (5.0, 95.0)


class Score(NamedTuple):
    """Errors of one mapping on one player's own performances, never realigned.

    - nrmse: RMS error of the code over the RMS spread of the truth, pooled over the 16 numbers
    - loudness_db, pitch_cents: RMS errors
    - roughness: RMS second difference of the code, output over truth
    - ranges: 5-95 % range of the output over the truth's, on the truth's first components
    - kinds: nrmse of each kind of performance, over the spread of all of them
    - fit_s: time that learning took
    """

    nrmse: float
    loudness_db: float
    pitch_cents: float
    roughness: float
    ranges: tuple[float, ...]
    kinds: dict[str, float]
    fit_s: float = 0.0


def sampled(trial: Trial, played: Played) -> Array:
    """Sample what sounds while the touch is held, at `TARGET_RATE_HZ`, shape (n, TRAJECTORY_SIZE)."""
    times_s = np.arange(trial.held_rows) / TARGET_RATE_HZ
    rows = np.searchsorted(trial.touches[:, AGE], times_s + 1e-9, side="right") - 1
    return np.asarray(played(trial.touches), np.float64)[rows]


def score(trials: Sequence[Trial], played: Played) -> Score:
    """Score what a mapping answers to performances."""
    outputs = [sampled(trial, played) for trial in trials]
    truths = [trial.truth[: trial.held_rows] for trial in trials]
    errors = [output - truth for output, truth in zip(outputs, truths, strict=True)]
    truth, error = np.vstack(truths), np.vstack(errors)
    spread = truth[:, :CODE_SIZE].std(axis=0)
    whole = np.sqrt((spread**2).sum())
    kinds: dict[str, list[Array]] = {}
    for trial, wrong in zip(trials, errors, strict=True):
        kinds.setdefault(trial.kind, []).append(wrong)
    return Score(
        nrmse=_size(error) / whole,
        loudness_db=float(np.sqrt(np.mean(error[:, LOUDNESS] ** 2))),
        pitch_cents=float(np.sqrt(np.mean(error[:, PITCH_OFFSET] ** 2))),
        roughness=_roughness(outputs) / _roughness(truths),
        ranges=_ranges(np.vstack(outputs)[:, :CODE_SIZE], truth[:, :CODE_SIZE]),
        kinds={kind: _size(np.vstack(wrong)) / whole for kind, wrong in kinds.items()},
    )


def _size(error: Array) -> float:
    return float(np.sqrt((error[:, :CODE_SIZE] ** 2).sum(axis=1).mean()))


def _roughness(trajectories: Iterable[Array]) -> float:
    turns = [np.diff(trajectory[:, :CODE_SIZE], 2, axis=0) for trajectory in trajectories]
    return float(np.sqrt(np.mean(np.vstack(turns) ** 2)))


def _ranges(output: Array, truth: Array) -> tuple[float, ...]:
    """Compare ranges along the truth's principal components."""
    mean = truth.mean(axis=0)
    axes = np.linalg.svd(truth - mean, full_matrices=False)[2][:N_COMPONENTS].T
    spans = [
        np.subtract(*np.percentile((x - mean) @ axes, RANGE_PERCENT[::-1], axis=0))
        for x in (output, truth)
    ]
    return tuple(float(ratio) for ratio in spans[0] / spans[1])


def learn(learner: Learner, lesson: Lesson, trials: Sequence[Trial]) -> Score:
    """Let a learner learn a lesson, and score what it made of it."""
    begun_s = time.perf_counter()
    played = learner.fit(lesson)
    fit_s = time.perf_counter() - begun_s
    return score(trials, played)._replace(fit_s=fit_s)
