"""A patch: what the player set, as the engine needs it to sound one preset."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from synth.controls import TRAJECTORY_SIZE

if TYPE_CHECKING:
    from synth.lattice import Lattice

N_MACROS = 4
GAINS_DB = (-60.0, 24.0)
"""What a voice's gain may be."""


def _no_macros() -> NDArray[np.float32]:
    return np.zeros((N_MACROS, TRAJECTORY_SIZE), np.float32)


class VoiceSettings(BaseModel):
    """How every voice of a patch sounds, apart from its mapping."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    gain_db: float = Field(0.0, ge=-60, le=24)
    release_slow_s: float = Field(0.4, ge=0.005, le=20)
    """Time to fall by 60 dB after a lift of 0, on top of what the mapping does."""
    release_fast_s: float = Field(0.1, ge=0.005, le=20)
    """The same after a lift of 1; lifts between are interpolated geometrically."""
    transient_db: float = Field(0.0, ge=-60, le=24)
    width: float = Field(0.3, ge=0, le=1)
    """Stereo spread of the keyboard: low notes to the left, high to the right."""
    legato_s: float = Field(0.02, ge=0, le=2)
    """Time that the pitch takes when a sounding touch is given another note."""
    wander: float = Field(0.0, ge=0, le=1)
    """How far each macro moves by itself while a touch lasts, slowly and to either side."""


class RoomSettings(BaseModel):
    """The room a patch is heard in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mix: float = Field(0.15, ge=0, le=1)
    decay_s: float = Field(1.2, ge=0.1, le=20)
    """Time for the reverberation to fall by 60 dB at low frequencies."""
    size: float = Field(0.5, ge=0.1, le=1)
    damping_hz: float = Field(5000.0, ge=500, le=20_000)
    """Above this the walls absorb."""


@dataclass(frozen=True, kw_only=True)
class Patch:
    """One preset ready to sound.

    `map_address` is a compiled function that the engine calls for each voice and control frame,
    `map_frame(touch, memory, blob, trajectory)`, four pointers to float32:

    - touch, `TOUCH_FIELDS` in order, read only
    - memory, `MEMORY_SIZE` numbers that belong to this voice, zero at its strike
    - blob, this patch's `blob`, read only
    - trajectory, `TRAJECTORY_SIZE` numbers to write: a code, loudness in dB, pitch offset in cents

    `macros`, shape (N_MACROS, TRAJECTORY_SIZE), is what each of a zone's macros adds to the
    trajectory when it is full on, in the same units.

    With a `lattice` the patch takes its controls from there, and not from the space's decoder.
    """

    map_address: int
    blob: NDArray[np.float32]
    macros: NDArray[np.float32] = field(default_factory=_no_macros)
    voice: VoiceSettings = field(default_factory=VoiceSettings)
    room: RoomSettings = field(default_factory=RoomSettings)
    lattice: "Lattice | None" = None


TOUCH_FIELDS = (
    "strike",
    "press",
    "slide",
    "glide_semitones",
    "lift",
    "note",
    "age_s",
    "since_lift_s",
    "dt_s",
)
"""`glide_semitones` includes the zone's bend; `since_lift_s` is -1 while held; `dt_s` is the time
since this voice's last frame, 0 at the strike."""

MEMORY_SIZE = 576
"""Enough for two mappings that are mixed."""
