"""The plan of a multisample: which keys are sampled, how hard they are struck, how far they are slid."""

from typing import Annotated, Final, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from mapper.features import AT
from presets.preset import Preset
from presets.refusal import PresetError

RATE_HZ: Final = 48_000
SAMPLE_BYTES: Final = 3
KEYS: Final = (24, 108)
"""No key beyond these is sampled unless asked for."""
SOFTEST: Final = 20
HARDEST: Final = 127
MOST: Final = 127
"""Of MIDI's velocities and controllers."""
N_LAYERS_LIMIT: Final = 8

Midi = Annotated[int, Field(ge=0, le=MOST)]


class SamplePlan(BaseModel):
    """What is sampled; velocities and slides are MIDI's own numbers, in rising order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    keys: Annotated[tuple[Midi, ...], Field(min_length=1)]
    velocities: Annotated[tuple[Midi, ...], Field(min_length=1, max_length=N_LAYERS_LIMIT)]
    slides: Annotated[tuple[Midi, ...], Field(min_length=1, max_length=N_LAYERS_LIMIT)]
    held_s: float = Field(4.0, ge=2.0, le=30.0)
    """How long a key is held for a sustained sound; a decaying one is followed up to `longest_s`."""
    longest_s: float = Field(12.0, ge=2.0, le=60.0)
    suffix: Literal["wav", "flac"] = "wav"

    @property
    def n_samples(self) -> int:
        """How many files there will be."""
        return len(self.keys) * len(self.velocities) * len(self.slides)

    @property
    def most_bytes(self) -> int:
        """Most that they take together, were no sound sustained and nothing packed."""
        longest_s = max(self.held_s, self.longest_s)
        return round(self.n_samples * longest_s * RATE_HZ) * SAMPLE_BYTES

    @property
    def usual_bytes(self) -> int:
        """What they take together when the sounds are sustained."""
        return round(self.n_samples * self.held_s * RATE_HZ) * SAMPLE_BYTES


def plan_for(  # noqa: PLR0913
    preset: Preset,
    *,
    low: int | None = None,
    high: int | None = None,
    every: int = 3,
    n_velocities: int = 3,
    n_slides: int = 3,
    held_s: float = 4.0,
    suffix: Literal["wav", "flac"] = "wav",
) -> SamplePlan:
    """Plan the sampling of the keys a preset was made for.

    Raises
    ------
    PresetError
        When the lowest key is above the highest.
    """
    own_low, own_high = own_keys(preset)
    low, high = own_low if low is None else low, own_high if high is None else high
    if low > high:
        raise PresetError(f"the lowest key {low} is above the highest {high}; exchange them")
    return SamplePlan(
        keys=tuple(range(low, high + 1, every)),
        velocities=layers(n_velocities, SOFTEST, HARDEST),
        slides=layers(n_slides, 0, MOST),
        held_s=held_s,
        suffix=suffix,
    )


def own_keys(preset: Preset) -> tuple[int, int]:
    """Tell the lowest and the highest key that a preset was made for."""
    mapping, at = preset.mapping, AT.pitch_note
    low, high = mapping.feature_low[at], mapping.feature_high[at]
    lowest = int(np.clip(np.ceil(low), *KEYS))
    return lowest, max(int(np.clip(np.floor(high), *KEYS)), lowest)


def layers(count: int, low: int, high: int) -> tuple[int, ...]:
    """Spread so many layers; a single one lies in the middle, where a plain keyboard's slide rests.

    >>> layers(3, 0, 127)
    (0, 64, 127)
    >>> layers(1, 0, 127)
    (64,)
    """
    if count == 1:
        return ((low + high + 1) // 2,)
    return tuple(int(np.floor(place + 0.5)) for place in np.linspace(low, high, count))
