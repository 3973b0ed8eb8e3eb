"""What is usual in a corpus: the loudness, each control's mean and spread, and its bounds."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synth.controls import N_CONTROLS, TRANSIENT
from synth.training.features import Features
from synth.training.pack import Pack

Array = NDArray[np.float32]

QUIETEST_DB: Final = -90.0
FRAMES_APART: Final = 40
N_NOTES: Final = 2000
"""About so many notes, spread over the corpus, tell what is usual."""
LOW_PERCENTILE: Final = 0.5
HIGH_PERCENTILE: Final = 99.5


@dataclass(frozen=True, kw_only=True)
class Statistics:
    """What is usual in a corpus.

    Attributes
    ----------
    scale
        Mean and standard deviation of loudness in dB.
    mean, spread
        Mean and standard deviation of each control, shape (N_CONTROLS,).
    low, high
        Its range without its rarest values, shape (N_CONTROLS,).
    """

    scale: tuple[float, float]
    mean: Array
    spread: Array
    low: Array
    high: Array


def statistics(pack: Pack) -> Statistics:
    """Measure a corpus; silence is left out of the loudness, all but strikes of the transients."""
    loudness_db = pack.loudness_db[::10].astype(np.float64)
    loudness_db = loudness_db[loudness_db > QUIETEST_DB]
    some = list(pack.every(max(1, len(pack) // N_NOTES)))
    rows, strikes = _rows(some), pack.transient_db
    mean, spread = rows.mean(0), rows.std(0)
    mean[TRANSIENT], spread[TRANSIENT] = strikes.mean(0), strikes.std(0)
    low, high = np.empty(N_CONTROLS, np.float32), np.empty(N_CONTROLS, np.float32)
    for columns, values in ((slice(0, TRANSIENT.start), rows), (TRANSIENT, strikes)):
        measured = values[:, columns] if columns != TRANSIENT else values
        low[columns], high[columns] = np.percentile(
            measured, (LOW_PERCENTILE, HIGH_PERCENTILE), axis=0
        )
    return Statistics(
        scale=(float(loudness_db.mean()), float(loudness_db.std())),
        mean=mean,
        spread=np.maximum(spread, 1e-3),
        low=low,
        high=high,
    )


def _rows(some: Iterable[Features]) -> Array:
    return np.vstack([one.rows(np.arange(0, len(one.note), FRAMES_APART)) for one in some])
