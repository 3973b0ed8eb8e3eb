"""Populations: the hands that may be tuned on, and the hidden ones that may only be tested."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from calibration.simulation.case import Case
from synth.space import Space

TUNING_SEEDS: Final = tuple(range(101, 113))
TEST_SEEDS: Final = tuple(range(7001, 7025))
USUAL_SHARE: Final = 0.3


class HiddenHandError(ValueError):
    """Something was about to be tuned on hands kept for the test."""


def tuning_cases(
    space: Space, count: int, special_share: float = USUAL_SHARE, shelf: Path | None = None
) -> list[Case]:
    """Make the first hands that anything may be tuned on."""
    seeds = _first(TUNING_SEEDS, count)
    return [
        Case(space, place, special_share=special_share, hidden=False, shelf=shelf)
        for place in seeds
    ]


def hidden_cases(
    space: Space, count: int, special_share: float = USUAL_SHARE, shelf: Path | None = None
) -> list[Case]:
    """Make the first of the hidden hands, for the final figures and nothing else."""
    seeds = _first(TEST_SEEDS, count)
    return [
        Case(space, place, special_share=special_share, hidden=True, shelf=shelf) for place in seeds
    ]


def refuse_hidden(cases: Sequence[Case]) -> None:
    """Let nothing be tuned on hidden hands.

    Raises
    ------
    HiddenHandError
        When any of the hands is hidden; the sentence names it.
    """
    for case in cases:
        if case.hidden:
            raise HiddenHandError(
                f"{case.name} is kept for the test; tune on hands from tuning_cases instead"
            )


def _first(seeds: tuple[int, ...], count: int) -> list[tuple[int, int]]:
    """Take the first seeds of a list, numbered from 0."""
    if not 1 <= count <= len(seeds):
        raise ValueError(f"there are 1 to {len(seeds)} hands of this kind, not {count}")
    return [(seed, number) for number, seed in enumerate(seeds[:count])]
