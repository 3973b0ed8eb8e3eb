"""The sixteen rows: what was to be reached, and what was, reached or not."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np

from calibration.simulation.player import RAMPS_S
from calibration.study.evaluation import N_COMPONENTS
from calibration.study.lateness import NEAR_S
from calibration.study.piece import LISTENER, OURS
from calibration.study.report import Report
from calibration.study.swings import Swings, together

FAR_S: Final = 1e9


class Row(NamedTuple):
    """One measure; `reached` is None where nothing was measured."""

    number: int
    measure: str
    wanted: str
    found: str
    reached: bool | None


def sixteen_rows(report: Report) -> list[Row]:
    """Report all sixteen."""
    return [
        _after_ramps(report, 1, 24.0, 0.40),
        _after_ramps(report, 2, 48.0, 0.33),
        _against_floor(report),
        _efficiency(report),
        _worst(report),
        _no_takes(report),
        _narrow(report),
        _vibrato(report),
        _lag(report),
        _ranges(report),
        _roughness(report),
        _refit(report),
        _kernel(report),
        _regained(report),
        _bit_equal(report),
        _audio(report),
    ]


def _row(number: int, measure: str, wanted: str, found: str, reached: bool) -> Row:  # noqa: FBT001
    return Row(number, measure, wanted, found, bool(reached))


def _mean(report: Report, read: Callable[[dict[str, Any]], float]) -> float:
    return float(np.mean(report.over_hands(OURS, read)))


def _after(time_s: float) -> Callable[[dict[str, Any]], float]:
    return lambda measured: float(measured["after ramps"][str(time_s)]["nrmse"])


def _after_ramps(report: Report, number: int, time_s: float, most: float) -> Row:
    error = _mean(report, _after(time_s))
    measure = f"error after {RAMPS_S:g} s of ramps and {time_s:g} s of takes"
    return _row(number, measure, f"at most {most:.2f}", f"{error:.3f}", error <= most)


def _against_floor(report: Report) -> Row:
    ratio = _mean(report, _after(96.0)) / report.floor().value
    measure = "error after ramps and 96 s of takes, over the floor"
    return _row(3, measure, "at most 1.25", f"{ratio:.2f}", ratio <= 1.25)


def _efficiency(report: Report) -> Row:
    _, wanted = report.best_anchor(report.times_s[-1])
    times_s = list(report.curve(OURS))
    errors = [mean.value for mean in report.curve(OURS).values()]
    needed_s = crossing_s(times_s, errors, wanted)
    found = f"{needed_s:.0f} s" if needed_s < FAR_S else f"not within {times_s[-1]:g} s"
    measure = "time to reach the best anchor's error at 96 s, ramps included"
    return _row(4, measure, "at most 48 s", found, needed_s <= 48.0)


def crossing_s(times_s: list[float], errors: list[float], wanted: float) -> float:
    """Say when a falling curve first reaches an error, linear between its points.

    >>> crossing_s([0.0, 10.0, 20.0], [1.0, 0.6, 0.2], 0.4)
    15.0
    """
    for i, error in enumerate(errors):
        if error <= wanted:
            if i == 0:
                return times_s[0]
            share = (errors[i - 1] - wanted) / (errors[i - 1] - error)
            return round(times_s[i - 1] + share * (times_s[i] - times_s[i - 1]), 6)
    return FAR_S


def _worst(report: Report) -> Row:
    time_s = 48.0 if 48.0 in report.times_s else 24.0
    errors = report.errors(OURS, time_s)
    ratio = max(errors) / float(np.mean(errors))
    return _row(
        5, f"worst hand at {time_s:g} s over the mean", "at most 1.3", f"{ratio:.2f}", ratio <= 1.3
    )


def _no_takes(report: Report) -> Row:
    error = _mean(report, lambda measured: float(measured["ramps only"]["nrmse"]))
    first_s = report.times_s[0]
    name, anchor = report.best_anchor(first_s)
    written = report.factory().value
    wanted = f"below {written:.3f} (preset as it is) and {anchor:.3f} ({name} at {first_s:g} s)"
    reached = error < min(written, anchor)
    return _row(6, "error of a measured hand without takes", wanted, f"{error:.3f}", reached)


def _narrow(report: Report) -> Row:
    error = _mean(report, lambda measured: float(measured["narrow"]["nrmse"]))
    anchors = [
        float(np.mean(report.over_hands(name, lambda m: float(m["narrow"]["nrmse"]))))
        for name in report.anchors()
    ]
    found = f"{error:.3f} (best anchor {min(anchors):.3f})"
    measure = "error over the full range, after 24 s of its middle"
    return _row(7, measure, "at most 0.45", found, error <= 0.45)


def _vibrato(report: Report) -> Row:
    swung = together(Swings(**hand[OURS]["swings"]) for hand in report.results)
    rate_hz = float(np.median(swung.rate_errors_hz))
    extent = float(np.median(swung.extent_errors))
    onset_s = float(np.median(swung.onset_errors_s))
    quiet = 1.0 - float(np.mean(swung.false_vibratos))
    found = (
        f"{rate_hz:.2f} Hz, {extent:.0%}, {1000 * onset_s:.0f} ms; {quiet:.0%} of holds stay still"
    )
    reached = rate_hz <= 0.2 and extent <= 0.15 and onset_s <= 0.080 and quiet >= 0.95
    wanted = "medians within 0.2 Hz, 15 %, 80 ms; 95 % of holds stay still"
    return _row(8, "vibrato played: rate, extent, onset", wanted, found, reached)


def _lag(report: Report) -> Row:
    errors_s = [error for hand in report.results for error in hand[OURS]["lag_errors_s"]]
    median_s = float(np.median(errors_s)) if errors_s else FAR_S
    near = float(np.mean(np.array(errors_s) <= NEAR_S)) if errors_s else 0.0
    found = f"median {1000 * median_s:.0f} ms, {near:.0%} of takes within 20 ms"
    return _row(9, "lag of a take, error", "median within 20 ms", found, median_s <= NEAR_S)


def _ranges(report: Report) -> Row:
    ranges = np.mean(report.ours_at(report.times_s[-1], lambda score: score["ranges"]), axis=0)
    found = " ".join(f"{ratio:.2f}" for ratio in ranges)
    measure = f"output range, components 1-{N_COMPONENTS}"
    return _row(10, measure, "0.9-1.1", found, bool(((ranges >= 0.9) & (ranges <= 1.1)).all()))


def _roughness(report: Report) -> Row:
    rough = float(np.mean(report.ours_at(report.times_s[-1], lambda score: score["roughness"])))
    return _row(11, "roughness", "0.8-1.3", f"{rough:.2f}", 0.8 <= rough <= 1.3)


def _refit(report: Report) -> Row:
    seconds = float(np.median(report.over_hands(OURS, lambda measured: float(measured["fit_s"]))))
    measure = "learning from 96 s of takes"
    return _row(12, measure, "at most 0.6 s", f"median {seconds:.2f} s", seconds <= 0.6)


def _kernel(report: Report) -> Row:
    cost_us = float(np.median(report.over_hands(OURS, lambda m: float(m["kernel_us"]))))
    measure = "kernel, a voice and frame, p99 of 16 voices"
    return _row(13, measure, "at most 5 us", f"{cost_us:.1f} us", cost_us <= 5.0)


def _regained(report: Report) -> Row:
    measure = "utility regained by 15 noisy answers after a mis-set of four gains"
    if LISTENER not in report.results[0]:
        return Row(14, measure, "at least 80 %", "not measured in a quick study", None)
    share = float(np.mean(report.over_hands(LISTENER, lambda m: float(m["regained"][-1]))))
    return _row(14, measure, "at least 80 %", f"{share:.0%}", share >= 0.8)


def _bit_equal(report: Report) -> Row:
    equal = [bool(hand[OURS]["bit_equal"]) for hand in report.results]
    found = f"{sum(equal)} of {len(equal)} mappings"
    return _row(15, "saved, opened and played: bit-equal", "all", found, all(equal))


def _audio(report: Report) -> Row:
    ours = _mean(report, lambda measured: float(measured["audio"]))
    anchors = {
        name: float(np.mean(report.over_hands(name, lambda m: float(m["audio"]))))
        for name in report.anchors()
    }
    best = min(anchors.items(), key=lambda item: item[1])
    found = f"{ours:.2f} (best anchor {best[1]:.2f}, {best[0]})"
    measure = "log-mel distance to what should sound, over a wrong sound's"
    return _row(16, measure, "at most 0.35", found, ours <= 0.35)
