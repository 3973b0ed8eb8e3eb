"""Examples: takes as rows of what the hand did beside what should have sounded."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.fitting.alignment import delayed, lag_path, session_lag_rows
from calibration.targets.target import TARGET_RATE_HZ
from mapper.features import AT, N_FEATURES, TOUCH_FIELDS
from mapper.listening import gesture_features
from mapper.mapping import Mapping
from presets.factory.fitting import CONTEXT, DESCRIPTOR_UNITS

Array = NDArray[np.float64]

AGE: Final = TOUCH_FIELDS.index("age_s")
MEANT: Final = slice(0, 2)
"""Descriptors that a reading learns: loudness and brightness; the pitch is the hand's own."""
MOVES: Final = [AT.level, AT.press, AT.slide, AT.glide_semitones]
"""Features by which lateness is found."""
_CONTEXT: Final = [getattr(AT, name) for name in CONTEXT]


@dataclass(frozen=True, kw_only=True)
class Example:
    """One touch imitating one target.

    Attributes
    ----------
    touches
        Touch rows at control frames, shape (n_frames, len(TOUCH_FIELDS)).
    descriptors, trajectory
        The target's, at `TARGET_RATE_HZ` from the strike on; shapes (n_rows, N_DESCRIPTORS) and
        (n_rows, TRAJECTORY_SIZE).
    held_s
        How long the target is held.
    weight
        How much the example counts.
    in_time
        Whether the hand is known to have moved with the sound; else its lateness is looked for.
    """

    touches: NDArray[np.floating]
    descriptors: NDArray[np.floating]
    trajectory: NDArray[np.floating]
    held_s: float
    weight: float = 1.0
    in_time: bool = False


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Aligned rows of one example, held part only.

    Attributes
    ----------
    features
        What the hand did for the sound of each row, shape (n_rows, N_FEATURES).
    descriptors, trajectory
        What should have sounded.
    lag_s
        How late the hand was, on average.
    """

    features: Array
    descriptors: Array
    trajectory: Array
    lag_s: float
    weight: float


def sampled(touches: NDArray[np.floating], strike_share: float, n_rows: int) -> Array:
    """Describe a gesture at `TARGET_RATE_HZ`, shape (n_rows, N_FEATURES); its end stays."""
    features = gesture_features(touches, strike_share)
    times_s = np.arange(n_rows) / TARGET_RATE_HZ
    at = np.searchsorted(touches[:, AGE], times_s + 1e-9, side="right") - 1
    return features[at].astype(np.float64)


def align(mapping: Mapping, examples: Sequence[Example], strike_share: float) -> list[Rows]:
    """Pair what each hand did with what should have sounded, lateness taken out.

    Lag is found for the session, then for each take and moment, against what the mapping's
    reading makes of the hand.
    """
    counts = [min(round(e.held_s * TARGET_RATE_HZ), len(e.trajectory)) for e in examples]
    features = [sampled(e.touches, strike_share, n) for e, n in zip(examples, counts, strict=True)]
    wished = [
        np.asarray(e.descriptors, np.float64)[:n] for e, n in zip(examples, counts, strict=True)
    ]
    lag = session_lag_rows([f[:, MOVES] for f in features], [w[:, MEANT] for w in wished])
    rows = []
    for example, feature, wish, n in zip(examples, features, wished, counts, strict=True):
        heard = _read(mapping, feature)
        meant = wish[:, MEANT] / DESCRIPTOR_UNITS[MEANT]
        path = np.zeros(n) if example.in_time else lag_path(heard, meant, lag)
        rows.append(
            Rows(
                features=shifted(feature, path),
                descriptors=wish,
                trajectory=np.asarray(example.trajectory, np.float64)[:n],
                lag_s=float(path.mean()) / TARGET_RATE_HZ,
                weight=example.weight,
            )
        )
    return rows


def _read(mapping: Mapping, features: Array) -> Array:
    """Tell what a mapping reads in features, in units in which errors of 1 weigh the same."""
    assert mapping.reading
    scaled = mapping.standardise(features.astype(np.float32))
    return mapping.reading.predict(scaled)[:, MEANT].astype(np.float64) / DESCRIPTOR_UNITS[MEANT]


def shifted(features: Array, lag_rows: Array) -> Array:
    """Take what the hand shapes later by a lag; the sound's own age stays."""
    later = delayed(features, lag_rows)
    later[:, _CONTEXT] = features[:, _CONTEXT]
    assert later.shape[1] == N_FEATURES
    return later
