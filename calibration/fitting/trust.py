"""Trust: a take that the others do not explain was perhaps misunderstood, and counts little."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from calibration.fitting.examples import Rows
from calibration.fitting.supplement import Shape, errors_left_out, lay, lessons
from mapper.mapping import Mapping

LOST: Final = 1.5
"""A take counts less from so many times the median of the mean squared errors on."""
SHAPE: Final = Shape(stretch=1.5, ridge=10.0)
LITTLE: Final = 0.1
"""What counts least counts so much, for perhaps it goes where no other take has gone."""
LEAST: Final = 1e-9
FEWEST: Final = 3
"""Of two takes nobody can say which is wrong."""


def trusted(mapping: Mapping, rows: Sequence[Rows]) -> list[Rows]:
    """Let takes weigh less that the others do not explain, as when slide was taken for loudness."""
    if len(rows) < FEWEST:
        return list(rows)
    taught = lessons(mapping, rows)
    errors = errors_left_out(lay(taught, SHAPE.stretch), taught, SHAPE.ridge)
    usual = LOST * float(np.median(errors)) + LEAST
    weights = np.clip((usual / np.maximum(errors, LEAST)) ** 2, LITTLE, 1.0)
    return [
        replace(one, weight=one.weight * float(weight))
        for one, weight in zip(rows, weights, strict=True)
    ]
