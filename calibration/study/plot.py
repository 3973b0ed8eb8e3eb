"""The plot: learning curves of all learners, the floor drawn."""

from importlib.util import find_spec
from pathlib import Path
from typing import Final

from calibration.study.piece import OURS
from calibration.study.plan import StudyError
from calibration.study.report import Report
from synth.training.extras import how_to_install

SENTENCE: Final = "The players are simulated; no person has judged it yet."
WIDE_INCHES: Final = (9.0, 5.5)
FIRST_S: Final = 6.0
"""Where nothing recorded is drawn on a logarithmic axis."""


def check_can_draw() -> None:
    """Refuse to draw where nothing can be drawn.

    Raises
    ------
    StudyError
        When matplotlib is missing.
    """
    if find_spec("matplotlib") is None:
        raise StudyError(
            "drawing needs matplotlib, which is not installed; " + how_to_install("study")
        )


def save_plot(report: Report, path: Path) -> None:
    """Draw a report into a picture, PNG or SVG by the name of its file.

    Raises
    ------
    StudyError
        When matplotlib is missing or the picture cannot be written.
    """
    check_can_draw()
    from matplotlib.figure import Figure

    figure = Figure(figsize=WIDE_INCHES, layout="constrained")
    axes = figure.subplots()
    for learner in report.learners():
        curve = report.curve(learner)
        times_s = [max(time_s, FIRST_S) for time_s in curve]
        means, errors = zip(*curve.values(), strict=True)
        drawn = axes.errorbar(times_s, means, yerr=errors, label=learner, capsize=2, marker="o")
        if learner == OURS:
            drawn[0].set(linewidth=3.0, color="black", zorder=3)
    floor = report.floor()
    axes.axhline(floor.value, linestyle="--", color="grey", label="floor")
    axes.axhspan(floor.value - floor.error, floor.value + floor.error, color="grey", alpha=0.2)
    axes.set(
        xscale="log",
        ylim=(0.0, 1.3),
        xlabel="seconds recorded, ramps included",
        ylabel="error of the code (NRMSE)",
        title=f"{len(report.names)} simulated hands. {SENTENCE}",
    )
    ticks = [FIRST_S, *report.times_s]
    axes.set_xticks(ticks, ["0", *(f"{time_s:g}" for time_s in report.times_s)])
    axes.minorticks_off()
    axes.legend(fontsize="small", ncols=2)
    try:
        figure.savefig(path, dpi=130)
    except (OSError, ValueError) as error:
        raise StudyError(
            f"the picture {path} cannot be written: {error}; choose another place"
        ) from None
