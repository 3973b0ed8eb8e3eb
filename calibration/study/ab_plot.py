"""The plot of A/B trials: what is lost of the utility, answer by answer.

`python -m calibration.study.ab_plot ab.png 24` lets 24 listeners answer, and draws that.
"""

import sys
from pathlib import Path
from typing import Final

from calibration.study.ab_trials import Trial, refinement_table, trials
from calibration.study.plan import StudyError
from calibration.study.plot import check_can_draw

WIDE_INCHES: Final = (8.0, 4.5)
SENTENCE: Final = "The listeners are simulated; no person has judged it yet."
GOAL: Final = 0.2
"""What may be lost still, at most."""


def save_ab_plot(done: list[Trial], path: Path) -> None:
    """Draw trials into a picture, PNG or SVG by the name of its file.

    Raises
    ------
    StudyError
        When matplotlib is missing or the picture cannot be written.
    """
    check_can_draw()
    from matplotlib.figure import Figure

    rows = refinement_table(done)
    answers = [row["answers"] for row in rows]
    figure = Figure(figsize=WIDE_INCHES, layout="constrained")
    axes = figure.subplots()
    for one in done:
        axes.plot(answers, 1.0 - one.regained, color="grey", alpha=0.25, linewidth=0.8)
    lost, errors = [1.0 - row["regained"] for row in rows], [row["regained_se"] for row in rows]
    axes.errorbar(answers, lost, yerr=errors, color="black", linewidth=2.5, capsize=2, marker="o")
    axes.axhline(GOAL, linestyle="--", color="grey", label="a fifth of what the mis-set took")
    axes.set(
        ylim=(0.0, 1.2),
        xlabel="A/B answers",
        ylabel="share of the utility still lost",
        title=f"{len(done)} listeners, four gains mis-set. {SENTENCE}",
    )
    axes.legend(fontsize="small")
    try:
        figure.savefig(path, dpi=130)
    except (OSError, ValueError) as error:
        raise StudyError(
            f"the picture {path} cannot be written: {error}; choose another place"
        ) from None


def main() -> None:
    """Draw as many listeners as are asked for, and print the table."""
    path, n_listeners = Path(sys.argv[1]), int(sys.argv[2])
    from rich.console import Console

    done = list(trials(n_listeners))
    for row in refinement_table(done):
        Console(width=110).print(" ".join(f"{name} {number:.3g}" for name, number in row.items()))
    save_ab_plot(done, path)


if __name__ == "__main__":
    main()
