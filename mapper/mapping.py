"""A mapping: the learned function from features to a trajectory, as plain arrays."""

from dataclasses import dataclass, fields
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from mapper.features import N_FEATURES

Array = NDArray[np.float32]

CODE_SIZE: Final = 16
TRAJECTORY_SIZE: Final = CODE_SIZE + 2
"""A code, then loudness in dB, then pitch offset in cents."""
LOUDNESS: Final = CODE_SIZE
PITCH_OFFSET: Final = CODE_SIZE + 1
MAX_HIDDEN: Final = 48
HEADER_SIZE: Final = 2

LOWEST: Final = np.array([-8.0] * CODE_SIZE + [-120.0, -1200.0], np.float32)
HIGHEST: Final = np.array([8.0] * CODE_SIZE + [0.0, 1200.0], np.float32)
"""Bounds that every mapping's output range lies within: code, dB, cents."""


class MappingError(ValueError):
    """Arrays that are no mapping; the message is one sentence for the player."""


@dataclass(frozen=True, kw_only=True)
class Mapping:
    """A linear path plus one layer of tanh units, between clamped inputs and clamped outputs.

    With x = (clip(features, feature_low, feature_high) - centre) / spread, the trajectory is
    clip(linear' x + offset + out' tanh(hidden x + bias), low, high).

    Attributes
    ----------
    feature_low, feature_high, centre, spread
        Range and scale of the inputs in the units of the features, shape (N_FEATURES,).
    linear
        Shape (N_FEATURES, TRAJECTORY_SIZE).
    offset, low, high
        Shape (TRAJECTORY_SIZE,); low and high within `LOWEST` and `HIGHEST`.
    hidden
        Shape (n_hidden, N_FEATURES), with n_hidden from 0 to `MAX_HIDDEN`.
    bias
        Shape (n_hidden,).
    out
        Shape (n_hidden, TRAJECTORY_SIZE).
    """

    feature_low: Array
    feature_high: Array
    centre: Array
    spread: Array
    linear: Array
    offset: Array
    low: Array
    high: Array
    hidden: Array
    bias: Array
    out: Array

    def __post_init__(self) -> None:
        for name, shape in shapes(len(self.bias)).items():
            array = getattr(self, name)
            if array.shape != shape or array.dtype != np.float32:
                raise MappingError(
                    f"the mapping's array {name} has shape {array.shape} of {array.dtype}; "
                    f"it must have {shape} of float32"
                )
            if not np.isfinite(array).all():
                raise MappingError(f"the mapping's array {name} holds numbers that are not finite")
        self._check_ranges()

    def _check_ranges(self) -> None:
        if len(self.bias) > MAX_HIDDEN:
            raise MappingError(
                f"the mapping has {len(self.bias)} hidden units; at most {MAX_HIDDEN} are allowed"
            )
        if not ((self.spread > 0).all() and (self.feature_low <= self.feature_high).all()):
            raise MappingError("the mapping's input range is empty or its spread is not positive")
        ordered = (self.low <= self.high).all()
        if not (ordered and (self.low >= LOWEST).all() and (self.high <= HIGHEST).all()):
            raise MappingError("the mapping's output range is empty or beyond what can be played")

    @classmethod
    def from_arrays(cls, arrays: dict[str, Array]) -> Self:
        """Build a mapping from named arrays; raises MappingError when one is missing or extra."""
        names = {field.name for field in fields(cls)}
        if arrays.keys() != names:
            wrong = ", ".join(sorted(arrays.keys() ^ names))
            raise MappingError(f"the mapping's arrays are not the expected ones: see {wrong}")
        if arrays["bias"].ndim != 1:
            raise MappingError("the mapping's array bias must have one dimension")
        return cls(**arrays)

    def arrays(self) -> dict[str, Array]:
        """Return the arrays by name, as `from_arrays` takes them."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def blob(self, strike_share: float = 1.0) -> Array:
        """Pack the mapping for the kernel: a header of two numbers, then the arrays in order.

        The header is the number of hidden units and `strike_share`, see `mapper.manner.Manner`.
        The spread is stored as its reciprocal, so that the kernel multiplies.
        """
        parts = self.arrays() | {"spread": 1.0 / self.spread}
        header = np.array([len(self.bias), strike_share], np.float32)
        packed = [header, *(parts[name].ravel() for name in shapes(len(self.bias)))]
        return np.concatenate(packed).astype(np.float32)

    def predict(self, features: Array) -> Array:
        """Map features to trajectories; the kernel's plain twin.

        Parameters
        ----------
        features
            Shape (n_frames, N_FEATURES).

        Returns
        -------
        NDArray
            Shape (n_frames, TRAJECTORY_SIZE).
        """
        inputs = self.standardise(features)
        units = np.tanh(inputs @ self.hidden.T + self.bias)
        trajectory: Array = inputs @ self.linear + self.offset + units @ self.out
        return np.clip(trajectory, self.low, self.high)

    def standardise(self, features: Array) -> Array:
        """Clamp and scale features as the linear path and the hidden units read them."""
        clamped: Array = np.clip(features, self.feature_low, self.feature_high)
        return (clamped - self.centre) / self.spread


def shapes(n_hidden: int) -> dict[str, tuple[int, ...]]:
    """Shape of each array of a mapping, in the order of its blob."""
    return {
        "feature_low": (N_FEATURES,),
        "feature_high": (N_FEATURES,),
        "centre": (N_FEATURES,),
        "spread": (N_FEATURES,),
        "offset": (TRAJECTORY_SIZE,),
        "low": (TRAJECTORY_SIZE,),
        "high": (TRAJECTORY_SIZE,),
        "linear": (N_FEATURES, TRAJECTORY_SIZE),
        "bias": (n_hidden,),
        "hidden": (n_hidden, N_FEATURES),
        "out": (n_hidden, TRAJECTORY_SIZE),
    }
