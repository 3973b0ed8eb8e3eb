"""Corrections: a stretch of what was played should sound louder or brighter, or less so."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.refinements.locality import activity, raised, with_bumps
from calibration.refinements.refusal import RefinementError
from mapper.features import TOUCH_FIELDS
from mapper.listening import gesture_features
from mapper.mapping import PITCH_OFFSET, Mapping
from mapper.reading import DESCRIPTORS, N_DESCRIPTORS

Array = NDArray[np.float64]

AGE: Final = TOUCH_FIELDS.index("age_s")
MORE: Final = {"loud": ("loudness_db", 3.0), "bright": ("brightness", 0.15)}
"""What a word is about, and how far one step moves it."""
EDGE_S: Final = 0.15
"""A stretch begins and ends over so long."""
EVERY: Final = 3
RIDGE: Final = 0.02
"""Keeps the bumps small, for each frame that was played."""


@dataclass(frozen=True, kw_only=True)
class Correction:
    """More or less of something in a stretch.

    Attributes
    ----------
    word
        One of `MORE`.
    steps
        How many, less being negative.
    touches
        Touch rows of each touch of what was played, shape (n_frames, len(TOUCH_FIELDS)) each.
    starts_s
        When each was struck.
    from_s, to_s
        The stretch, on the same clock.
    """

    word: str
    steps: float
    touches: tuple[NDArray[np.float32], ...]
    starts_s: tuple[float, ...]
    from_s: float
    to_s: float

    def __post_init__(self) -> None:
        if self.word not in MORE:
            raise RefinementError(f"{self.word!r} means nothing here; say {' or '.join(MORE)}")
        if not self.from_s < self.to_s:
            raise RefinementError(
                f"a stretch from {self.from_s:g} s to {self.to_s:g} s is empty; "
                "let it end after it begins"
            )
        if not (self.meant() > 0.5).any():
            raise RefinementError(
                f"nothing was played from {self.from_s:g} s to {self.to_s:g} s; "
                f"choose a stretch before {self.end_s:.1f} s in which something was"
            )

    @property
    def end_s(self) -> float:
        """When the last touch was over."""
        ends = zip(self.starts_s, self.touches, strict=True)
        return max((start_s + float(rows[-1, AGE]) for start_s, rows in ends), default=0.0)

    def features(self, strike_share: float = 1.0) -> NDArray[np.float32]:
        """Describe every touch as a mapping sees it, shape (n_frames, N_FEATURES)."""
        return np.vstack([gesture_features(rows, strike_share)[::EVERY] for rows in self.touches])

    def meant(self) -> Array:
        """How far each of these frames is in the stretch, 0-1, shape (n_frames,)."""
        ages = zip(self.starts_s, self.touches, strict=True)
        times_s = [start_s + rows[::EVERY, AGE].astype(np.float64) for start_s, rows in ages]
        at_s = np.concatenate([np.zeros(0), *times_s])
        depth_s = np.minimum(at_s - self.from_s, self.to_s - at_s)
        return np.clip(0.5 + depth_s / EDGE_S, 0.0, 1.0)

    def apply(self, mapping: Mapping, strike_share: float = 1.0) -> Mapping:
        """Correct a mapping: what it says changes in the stretch and around it, nowhere else.

        It says there what the instrument says to a hand that means it so; the rest of what was
        played is held where it is.

        Raises
        ------
        RefinementError
            When the mapping cannot be changed in places.
        """
        features, meant = self.features(strike_share), self.meant()
        shell, bumps = with_bumps(mapping, features[meant > 0.5])
        wanted = meant[:, None] * self._change(mapping, features)
        heights = activity(shell, features)[:, bumps]
        gram = heights.T @ heights + RIDGE * len(features) / len(bumps) * np.eye(len(bumps))
        raise_by = np.asarray(np.linalg.solve(gram, heights.T @ wanted), np.float64)
        return raised(shell, bumps, raise_by)

    def _change(self, mapping: Mapping, features: NDArray[np.float32]) -> Array:
        """Tell how the instrument answers to the same hand meaning it more so."""
        assert mapping.reading
        descriptor, step = MORE[self.word]
        at = DESCRIPTORS.index(descriptor)
        inputs = mapping.inputs(features)
        moved = inputs.copy()
        place = moved.shape[1] - N_DESCRIPTORS + at
        moved[:, place] += np.float32(self.steps * step / mapping.reading.spread[at])
        change = mapping.instrument.predict(moved) - mapping.instrument.predict(inputs)
        change[:, PITCH_OFFSET] = 0.0
        return change.astype(np.float64)
