"""A mapping: the learned function from features to a trajectory, as plain arrays."""

from dataclasses import dataclass, field
from typing import Final, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from mapper import reading, residual
from mapper.features import N_FEATURES
from mapper.network import Network
from mapper.network import shapes as network_shapes
from mapper.reading import N_DESCRIPTORS, Reading
from mapper.residual import MAX_BUMPS, Residual
from mapper.vibrato import SWINGS, WAYS, Vibrato, VibratoError

Array = NDArray[np.float32]
Value = TypeVar("Value")

CODE_SIZE: Final = 16
TRAJECTORY_SIZE: Final = CODE_SIZE + 2
"""A code, then loudness in dB, then pitch offset in cents."""
LOUDNESS: Final = CODE_SIZE
PITCH_OFFSET: Final = CODE_SIZE + 1
MAX_HIDDEN: Final = 96
N_INPUTS: Final = N_FEATURES + N_DESCRIPTORS
"""What the instrument's network may read: the features, then the descriptors."""
HEADER_SIZE: Final = 5
READING: Final = "reading."
RESIDUAL: Final = "residual."
VIBRATO: Final = "vibrato."
"""Beginnings of the names of these parts' arrays."""
VIBRATO_SIZE: Final = SWINGS + WAYS * TRAJECTORY_SIZE
"""Room for a vibrato in a packed mapping, which is all zero where there is none."""
MAX_BLOB_SIZE: Final = 16_384
"""No packed mapping is longer."""

LOWEST: Final = np.array([-8.0] * CODE_SIZE + [-120.0, -1200.0], np.float32)
HIGHEST: Final = np.array([8.0] * CODE_SIZE + [0.0, 1200.0], np.float32)
"""Bounds that every mapping's output range lies within: code, dB, cents."""
NO_SLEW: Final = np.full(TRAJECTORY_SIZE, 1e6, np.float32)
"""Faster than anything moves."""


class MappingError(ValueError):
    """Arrays that are no mapping; the message is one sentence for the player."""


@dataclass(frozen=True, kw_only=True)
class Mapping:
    """An instrument, and perhaps the reading of one hand and what its takes added.

    With x = (clip(features, feature_low, feature_high) - centre) / spread, and d the descriptors
    that the reading makes of x, where there is one, the trajectory is

        clip(instrument(x, d) + residual(x, d), low, high)

    and moves no faster than `slew` while a touch lasts. A vibrato is added to that. So beyond the
    demonstrated range every feature counts as its nearest demonstrated value, and the residual
    vanishes.

    Attributes
    ----------
    feature_low, feature_high, centre, spread
        Range and scale of the inputs in the units of the features, shape (N_FEATURES,).
    instrument
        From N_FEATURES inputs, or N_INPUTS where there is a reading, to TRAJECTORY_SIZE; at most
        `MAX_HIDDEN` units.
    low, high
        Shape (TRAJECTORY_SIZE,), within `LOWEST` and `HIGHEST`.
    slew
        Largest change per second of each output, shape (TRAJECTORY_SIZE,).
    reading, residual
        None in a mapping that reads every hand alike.
    vibrato
        What becomes of the player's own; None where it is part of the glide and no more.
    """

    feature_low: Array
    feature_high: Array
    centre: Array
    spread: Array
    instrument: Network
    low: Array
    high: Array
    slew: Array = field(default_factory=NO_SLEW.copy)
    reading: Reading | None = None
    residual: Residual | None = None
    vibrato: Vibrato | None = None

    def __post_init__(self) -> None:
        for name, (array, shape) in self._expected().items():
            if array.shape != shape or array.dtype != np.float32:
                raise MappingError(
                    f"the mapping's array {name} has shape {array.shape} of {array.dtype}; "
                    f"it must have {shape} of float32"
                )
            if not np.isfinite(array).all():
                raise MappingError(f"the mapping's array {name} holds numbers that are not finite")
        self._check_ranges()

    def _expected(self) -> dict[str, tuple[Array, tuple[int, ...]]]:
        """Pair every array with the shape it must have."""
        expected = shapes(len(self.instrument.bias), N_INPUTS if self.reading else N_FEATURES)
        if self.reading:
            n_hidden = len(self.reading.network.bias)
            expected |= _named(READING, reading.shapes(n_hidden))
        if self.residual:
            n_bumps = len(self.residual.centre)
            of_residual = residual.shapes(n_bumps, N_INPUTS, TRAJECTORY_SIZE)
            expected |= _named(RESIDUAL, of_residual)
        arrays = self.arrays()
        return {name: (arrays[name], shape) for name, shape in expected.items()}

    def _check_ranges(self) -> None:
        n_read = len(self.reading.network.bias) if self.reading else 0
        if max(len(self.instrument.bias), n_read) > MAX_HIDDEN:
            raise MappingError(
                f"the mapping has {max(len(self.instrument.bias), n_read)} hidden units; "
                f"at most {MAX_HIDDEN} are allowed"
            )
        if self.residual and len(self.residual.centre) > MAX_BUMPS:
            raise MappingError(f"the mapping's residual has more than {MAX_BUMPS} bumps")
        if self.residual and not self.reading:
            raise MappingError("the mapping has a residual without a reading")
        if self.vibrato and self.vibrato.swings.shape[1] != TRAJECTORY_SIZE:
            raise MappingError(f"the mapping's vibrato must swing {TRAJECTORY_SIZE} numbers")
        scaled = [self.spread] + ([self.reading.spread] if self.reading else [])
        ordered = (self.feature_low <= self.feature_high).all() and (
            not self.reading or (self.reading.low <= self.reading.high).all()
        )
        if not (ordered and all((spread > 0).all() for spread in scaled)):
            raise MappingError("the mapping's input range is empty or its spread is not positive")
        bounded = (self.low <= self.high).all() and (self.slew > 0).all()
        if not (bounded and (self.low >= LOWEST).all() and (self.high <= HIGHEST).all()):
            raise MappingError("the mapping's output range is empty or beyond what can be played")

    @classmethod
    def from_arrays(cls, arrays: dict[str, Array]) -> Self:
        """Build a mapping from named arrays; raises MappingError when one is missing or extra."""
        given = {"slew": NO_SLEW.copy()} | arrays
        expected = set(shapes(0))
        if any(name.startswith(READING) for name in given):
            expected |= set(_named(READING, reading.shapes(0)))
        if any(name.startswith(RESIDUAL) for name in given):
            expected |= set(_named(RESIDUAL, residual.shapes(0, 0, 0)))
        expected |= {name for name in given if name.startswith(VIBRATO)}
        if given.keys() != expected:
            wrong = ", ".join(sorted(given.keys() ^ expected))
            raise MappingError(f"the mapping's arrays are not the expected ones: see {wrong}")
        for name in given.keys() & {"bias", READING + "bias", RESIDUAL + "scale"}:
            if given[name].ndim != 1:
                raise MappingError(f"the mapping's array {name} must have one dimension")
        if RESIDUAL + "centre" in given and given[RESIDUAL + "centre"].ndim != 2:
            raise MappingError("the mapping's array residual.centre must have two dimensions")
        parts = {name: given[name] for name in expected & set(_PLAIN)}
        of_reading, of_residual = _unnamed(READING, given), _unnamed(RESIDUAL, given)
        return cls(
            **parts,
            instrument=Network.of(given),
            reading=reading.of_arrays(of_reading) if of_reading else None,
            residual=Residual(**of_residual) if of_residual else None,
            vibrato=_vibrato(_unnamed(VIBRATO, given)),
        )

    def arrays(self) -> dict[str, Array]:
        """Return the arrays by name, as `from_arrays` takes them."""
        plain = {name: getattr(self, name) for name in _PLAIN}
        of_reading = self.reading.arrays() if self.reading else {}
        of_residual = vars(self.residual) if self.residual else {}
        return (
            plain
            | vars(self.instrument)
            | _named(READING, of_reading)
            | _named(RESIDUAL, of_residual)
            | _named(VIBRATO, self.vibrato.arrays() if self.vibrato else {})
        )

    def blob(self, strike_share: float = 1.0) -> Array:
        """Pack the mapping for the kernel: a header, then its parts in order.

        The header is the numbers of hidden units, of the reading's, and of bumps, whether there is
        a reading, and `strike_share`, see `mapper.manner.Manner`. Spreads are stored as their
        reciprocals, so that the kernel multiplies.
        """
        n_read = len(self.reading.network.bias) if self.reading else 0
        n_bumps = len(self.residual.centre) if self.residual else 0
        header = [
            len(self.instrument.bias),
            strike_share,
            self.reading is not None,
            n_read,
            n_bumps,
        ]
        scales = [self.feature_low, self.feature_high, self.centre, 1.0 / self.spread]
        vibrato = self.vibrato.packed() if self.vibrato else np.zeros(VIBRATO_SIZE)
        parts = [*scales, self.low, self.high, self.slew, vibrato]
        parts.append(self.instrument.packed(N_INPUTS))
        if self.reading:
            own = self.reading
            parts += [
                own.low,
                own.high,
                own.centre,
                1.0 / own.spread,
                own.network.packed(N_FEATURES),
            ]
        if self.residual:
            parts.append(self.residual.packed())
        return np.concatenate([np.array(header), *parts]).astype(np.float32)

    def predict(self, features: Array) -> Array:
        """Map features to trajectories, whatever their pace; the kernel's plain twin.

        Parameters
        ----------
        features
            Shape (n_frames, N_FEATURES).

        Returns
        -------
        NDArray
            Shape (n_frames, TRAJECTORY_SIZE).
        """
        inputs = self.inputs(features)
        trajectory = self.instrument.predict(inputs)
        if self.residual:
            trajectory = trajectory + self.residual.predict(inputs)
        return np.clip(trajectory, self.low, self.high)

    def inputs(self, features: Array) -> Array:
        """Tell what the instrument and the residual read of features."""
        scaled = self.standardise(features)
        if not self.reading:
            return scaled
        descriptors = self.reading.predict(scaled)
        return np.hstack([scaled, self.reading.standardise(descriptors)])

    def standardise(self, features: Array) -> Array:
        """Clamp and scale features as all parts read them."""
        clamped: Array = np.clip(features, self.feature_low, self.feature_high)
        return (clamped - self.centre) / self.spread


def _vibrato(arrays: dict[str, Array]) -> Vibrato | None:
    try:
        return Vibrato.from_arrays(arrays) if arrays else None
    except VibratoError as error:
        raise MappingError(str(error)) from None


_PLAIN: Final = ("feature_low", "feature_high", "centre", "spread", "low", "high", "slew")


def shapes(n_hidden: int, n_inputs: int = N_FEATURES) -> dict[str, tuple[int, ...]]:
    """Shape of each array of a mapping, its reading's and its residual's left out."""
    of_features = dict.fromkeys(("feature_low", "feature_high", "centre", "spread"), (N_FEATURES,))
    of_outputs = dict.fromkeys(("low", "high", "slew"), (TRAJECTORY_SIZE,))
    return of_features | of_outputs | network_shapes(n_inputs, n_hidden, TRAJECTORY_SIZE)


def _named(part: str, arrays: dict[str, Value]) -> dict[str, Value]:
    return {part + name: value for name, value in arrays.items()}


def _unnamed(part: str, arrays: dict[str, Array]) -> dict[str, Array]:
    return {
        name.removeprefix(part): value for name, value in arrays.items() if name.startswith(part)
    }
