"""The report: how long work tells how far it has come, stage by stage."""

from collections.abc import Callable

from synth.training.corpus import Progress

Report = Callable[[str, float, str], None]
"""Told a stage's name, the share of it that is done, and a few words."""


def counted(report: Report, stage: str) -> Progress:
    """Report a stage by how many of how many are done."""
    return lambda done, total: report(stage, done / total, f"{done} of {total}")
