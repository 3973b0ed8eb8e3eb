"""Gains: a handful of numbers in a player's words that turn one mapping exactly into another."""

from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from calibration.refinements.refusal import RefinementError
from mapper.features import AT
from mapper.mapping import HIGHEST, LOUDNESS, LOWEST, NO_SLEW, PITCH_OFFSET, Mapping
from mapper.reading import DESCRIPTORS
from mapper.vibrato import MOST_CENTS, MOST_CODE, MOST_DB

Array = NDArray[np.float64]
Arrays = dict[str, NDArray[Any]]

CURVE_SPAN_DB: Final = 36.0
"""Between the softest and the hardest touch of most presets; `curve` bends the way between."""
BRIGHTNESS: Final = DESCRIPTORS.index("brightness")
MIDDLE: Final = 0.5
"""Place of the slide, and brightness, about which `contrast` turns."""


@dataclass(frozen=True, kw_only=True)
class Gain:
    """One of the numbers: what more of it does, its range, and a step that is just heard.

    A ratio is turned in equal factors, anything else in equal differences; a place counts steps
    from neutral, so that places of all gains can be compared.
    """

    name: str
    more: str
    low: float
    high: float
    step: float
    is_ratio: bool = False

    @property
    def neutral(self) -> float:
        """The value that changes nothing."""
        return 1.0 if self.is_ratio else 0.0

    def to_place(self, value: float) -> float:
        """Convert a value to steps from neutral; the reverse of `to_value`."""
        return float(np.log(value) / np.log(self.step)) if self.is_ratio else value / self.step

    def to_value(self, place: float) -> float:
        """Convert steps from neutral to a value within the range."""
        value = self.step**place if self.is_ratio else place * self.step
        return float(np.clip(value, self.low, self.high))


GAINS: Final = (
    Gain(
        name="dynamics",
        more="soft and hard lie further apart in loudness",
        low=0.5,
        high=2.0,
        step=1.15,
        is_ratio=True,
    ),
    Gain(
        name="curve",
        more="loudness comes later in the press",
        low=-0.6,
        high=1.2,
        step=0.2,
    ),
    Gain(
        name="brightness",
        more="everything is brighter",
        low=-0.5,
        high=0.5,
        step=0.07,
    ),
    Gain(
        name="contrast",
        more="dull and bright lie further apart on the slide",
        low=0.3,
        high=3.0,
        step=1.3,
        is_ratio=True,
    ),
    Gain(
        name="colour",
        more="a vibrato moves loudness and brightness more",
        low=0.125,
        high=8.0,
        step=2.0,
        is_ratio=True,
    ),
    Gain(
        name="vibrato",
        more="a vibrato that the preset has learned swings further",
        low=0.25,
        high=4.0,
        step=1.25,
        is_ratio=True,
    ),
)
N_GAINS: Final = len(GAINS)
LOW_PLACES: Final = np.array([gain.to_place(gain.low) for gain in GAINS])
HIGH_PLACES: Final = np.array([gain.to_place(gain.high) for gain in GAINS])
STILL: Final = 1e-9
"""Places nearer to neutral are neutral: a logarithm's rounding must change no array."""


@dataclass(frozen=True, kw_only=True)
class Gains:
    """A value for each of `GAINS`."""

    dynamics: float = 1.0
    curve: float = 0.0
    brightness: float = 0.0
    contrast: float = 1.0
    colour: float = 1.0
    vibrato: float = 1.0

    def __post_init__(self) -> None:
        for gain in GAINS:
            value = getattr(self, gain.name)
            if not gain.low <= value <= gain.high:
                raise RefinementError(
                    f"{gain.name} cannot be {value:g}; choose from {gain.low:g} to {gain.high:g}, "
                    f"where {gain.neutral:g} changes nothing"
                )

    @classmethod
    def at(cls, places: Array) -> Self:
        """Take the values at these places, shape (N_GAINS,); beyond a range its end."""
        values = zip(GAINS, places, strict=True)
        return cls(**{gain.name: gain.to_value(float(place)) for gain, place in values})

    @classmethod
    def from_dict(cls, values: dict[str, float]) -> Self:
        """Take values by name; those left out are neutral."""
        names = {field.name for field in fields(cls)}
        if unknown := sorted(values.keys() - names):
            raise RefinementError(
                f"there is no gain {unknown[0]!r}; choose {', '.join(sorted(names))}"
            )
        return cls(**values)

    def to_dict(self) -> dict[str, float]:
        """Return the values by name."""
        return asdict(self)

    def places(self) -> Array:
        """Return how many steps each lies from neutral, shape (N_GAINS,)."""
        places = np.array([gain.to_place(getattr(self, gain.name)) for gain in GAINS])
        return np.where(np.abs(places) < STILL, 0.0, places)

    def turned(self, name: str, steps: float) -> Self:
        """Turn one gain by steps, as far as it goes."""
        gain = next((gain for gain in GAINS if gain.name == name), None)
        if gain is None:
            raise RefinementError(
                f"there is no gain {name!r}; choose {', '.join(one.name for one in GAINS)}"
            )
        return replace(self, **{name: gain.to_value(gain.to_place(getattr(self, name)) + steps)})

    def apply(self, mapping: Mapping) -> Mapping:
        """Turn a mapping into what it is with these gains; neutral ones change no bit."""
        if not self.places().any():
            return mapping
        arrays: Arrays = {name: a.astype(np.float64) for name, a in mapping.arrays().items()}
        _bend(arrays, self.curve * CURVE_SPAN_DB)
        _spread_loudness(arrays, self.dynamics)
        _brighten(arrays, self.contrast, self.brightness)
        _move_input(arrays, AT.vibrato_semitones, self.colour)
        _swing(arrays, self.colour, self.vibrato)
        return Mapping.from_arrays({name: a.astype(np.float32) for name, a in arrays.items()})


def _bend(arrays: Arrays, span_db: float) -> None:
    """Add span_db * (effort - level) to the loudness: 0 for the softest and the hardest touch."""
    for feature, db in ((AT.effort, span_db), (AT.level, -span_db)):
        arrays["linear"][feature, LOUDNESS] += db * arrays["spread"][feature]
        arrays["offset"][LOUDNESS] += db * arrays["centre"][feature]


def _spread_loudness(arrays: Arrays, ratio: float) -> None:
    """Scale the loudness below the loudest there is."""
    loudest_db = arrays["high"][LOUDNESS]
    for name in arrays.keys() & {"linear", "out", "residual.out"}:
        arrays[name][:, LOUDNESS] *= ratio
    arrays["slew"][LOUDNESS] = min(ratio * arrays["slew"][LOUDNESS], NO_SLEW[LOUDNESS])
    for name in ("offset", "low"):
        arrays[name][LOUDNESS] = loudest_db + ratio * (arrays[name][LOUDNESS] - loudest_db)
    arrays["low"][:] = np.clip(arrays["low"], LOWEST, HIGHEST)


def _swing(arrays: Arrays, colour: float, extent: float) -> None:
    """Scale what a learned vibrato swings: code and loudness, and the pitch."""
    if "vibrato.swings" in arrays:
        most = np.array([MOST_CODE] * LOUDNESS + [MOST_DB, MOST_CENTS])
        ratios = np.array([colour] * PITCH_OFFSET + [extent])
        arrays["vibrato.swings"] = np.clip(arrays["vibrato.swings"] * ratios, -most, most)


def _brighten(arrays: Arrays, ratio: float, shift: float) -> None:
    """Move the brightness that is read from the hand; where none is read, the slide."""
    if "reading.out" not in arrays:
        _move_input(arrays, AT.slide, ratio, MIDDLE, shift)
        return
    for name in ("linear", "out"):
        arrays[f"reading.{name}"][:, BRIGHTNESS] *= ratio
    for name in ("offset", "low", "high"):
        read = arrays[f"reading.{name}"]
        read[BRIGHTNESS] = MIDDLE + ratio * (read[BRIGHTNESS] - MIDDLE) + shift


def _move_input(
    arrays: Arrays, feature: int, ratio: float, pivot: float = 0.0, shift: float = 0.0
) -> None:
    """Let the mapping see pivot + ratio * (feature - pivot) + shift in place of a feature."""
    for name in ("feature_low", "feature_high", "centre"):
        arrays[name][feature] = pivot + (arrays[name][feature] - pivot - shift) / ratio
    arrays["spread"][feature] /= ratio
