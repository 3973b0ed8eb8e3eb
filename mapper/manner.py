"""The manner of playing: how a zone's touches answer the hand, before any mapping."""

from pydantic import BaseModel, ConfigDict, Field


class Manner(BaseModel):
    """What a preset, or the player, decides about the touches of a zone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    strike_share: float = Field(1.0, ge=0, le=1)
    """How much of the first loudness is the strike's: 0 starts every touch at a middle effort of
    0.5 whatever its strike, 1 starts it as hard as it was struck; press takes over from there."""
    mono: bool = False
    """One voice: a touch struck while another is held carries the sound on to its own note."""
    relative_slide: bool = False
    """Slide counts from where the finger landed, which becomes the centre, 0.5."""
