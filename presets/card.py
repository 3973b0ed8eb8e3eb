"""The card of a preset: everything about it that is not an array."""

from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from mapper.manner import Manner
from synth.patch import N_MACROS, RoomSettings, VoiceSettings

FORMAT: Final = "embouchure-preset-2"

UNPRINTABLE: Final = "\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069"
"""Control characters, line breaks, and marks that turn the direction of the text after them."""
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
Line = Annotated[str, Field(min_length=1, max_length=200, pattern=f"^[^{UNPRINTABLE}]+$")]
"""Text that prints on one line and holds no control characters."""
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Measure = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]
"""What was measured, its unit at the end of its name."""
Figure = Annotated[float, Field(allow_inf_nan=False)]


class SpaceNeeded(BaseModel):
    """The space whose codes a mapping was learned on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Line
    sha256: Sha256


class Ancestor(BaseModel):
    """A preset that another was made from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    sha256: Sha256
    """Of its file as it was then, without sources and space."""


class Provenance(BaseModel):
    """Where a preset comes from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    origin: Name = "unknown"
    """How it came to be, in a word: factory, demonstrated, refined, explored, morphed, edited."""
    program: Line | None = None
    """Name and version of the program that made it."""
    made_at: Line | None = None
    """Date and time, as ISO 8601 writes them."""
    hand: Line | None = None
    """Whose hand on which controller it was taught with."""
    ancestors: tuple[Ancestor, ...] = Field((), max_length=16)


class PresetCard(BaseModel):
    """Everything about a preset that is not an array."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["embouchure-preset-2"] = FORMAT
    name: Name
    description: Line
    """What a player would say of it."""
    tags: tuple[Name, ...] = Field((), max_length=12)
    licence: Line = "Apache-2.0"
    space: SpaceNeeded
    voice: VoiceSettings = VoiceSettings()
    room: RoomSettings = RoomSettings()
    manner: Manner = Manner()
    macros: tuple[Name, ...] = Field((), max_length=N_MACROS)
    """What each macro does to the sound, in a word."""
    morph_share: float | None = Field(None, ge=0, le=1)
    """How much of a morph is its second mapping; None where there is only one."""
    provenance: Provenance = Provenance()
    metrics: dict[Measure, Figure] = Field({}, max_length=64)
    """What was measured of the fit, such as its error on takes that it was not fitted on."""
