"""A hand: how one player moves on one controller, as measured; it makes their playing even."""

import json
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mapper.complaint import complaint
from mapper.curve import STRAIGHT, Curve

FORMAT: Final = "embouchure-hand-1"
MAX_FILE_BYTES: Final = 64_000

Finite = Annotated[float, Field(allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Leak = Annotated[float, Field(ge=-0.3, le=0.3, allow_inf_nan=False)]
Hertz = Annotated[float, Field(ge=0, le=20_000, allow_inf_nan=False)]
Seconds = Annotated[float, Field(ge=0, le=2, allow_inf_nan=False)]
Semitones = Annotated[float, Field(ge=0, le=96, allow_inf_nan=False)]
Name = Annotated[str, Field(min_length=1, max_length=80)]


class HandError(ValueError):
    """A hand cannot be had; the message is one sentence for the player."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CrossTalk(_Part):
    """How much of one dimension shows in another: small, and straight."""

    press_by_slide: Leak = 0.0
    """Press added by the whole way of slide, counted from its centre."""
    slide_by_press: Leak = 0.0
    """Slide added by full press."""
    glide_by_press_semitones: Annotated[float, Field(ge=-0.5, le=0.5, allow_inf_nan=False)] = 0.0
    """Bend added by full press."""


class Range(_Part):
    """From where to where the player moved a dimension, as the controller says it."""

    low: Share = 0.0
    high: Share = 1.0


class Wire(_Part):
    """How finely and how often the controller sends; 0 where it never did."""

    press_step: Share = 0.0
    slide_step: Share = 0.0
    press_hz: Hertz = 0.0
    slide_hz: Hertz = 0.0
    glide_hz: Hertz = 0.0


class Rest(_Part):
    """How far a finger that means to keep still wanders, root mean square."""

    press: Share = 0.0
    slide: Share = 0.0
    glide_semitones: Semitones = 0.0
    tremor: Share = 0.0
    """The part of the press's wandering that lies between 6 and 14 Hz."""


class VibratoHabit(_Part):
    """The player's own vibrato."""

    rate_hz: Annotated[float, Field(ge=1, le=15, allow_inf_nan=False)]
    axis: Literal["glide", "press", "slide"]
    """What they move most."""
    extent_semitones: Semitones = 0.0
    """How far the pitch swings either way."""
    press_wobble: Share = 0.0
    """How far the press swings along, either way."""


class BendCheck(_Part):
    """A glide to another key beside that key's own strike, which shows whether bend ranges agree."""

    asked_semitones: Finite
    reached_semitones: Finite

    @property
    def agrees(self) -> bool:
        """Whether the glide ended where the key is, to a third of a semitone or a tenth."""
        off = abs(self.asked_semitones - self.reached_semitones)
        return off <= max(1.0 / 3.0, 0.1 * abs(self.asked_semitones))


class Hand(_Part):
    """One player on one controller.

    The curves lead from what the controller says to what the player means: an even ramp of their
    intention becomes an even ramp of press. `mapper.evener.Evener` applies them.
    """

    format: Literal["embouchure-hand-1"] = FORMAT
    player: Name
    controller: Name
    measured: Annotated[str, Field(max_length=40)] = ""
    """Date and time."""
    press: Curve = STRAIGHT
    slide: Curve = STRAIGHT
    strike: Curve = STRAIGHT
    lift: Curve = STRAIGHT
    press_range: Range = Range()
    slide_range: Range = Range()
    cross_talk: CrossTalk = CrossTalk()
    wire: Wire = Wire()
    rest: Rest = Rest()
    vibrato: VibratoHabit | None = None
    lag_s: Seconds | None = None
    """From a sound to the finger that answers it."""
    bend: BendCheck | None = None

    def model_post_init(self, _: Any) -> None:  # noqa: ANN401
        """Refuse a hand that could make a touch stick or sound by itself."""
        for curve in (self.press, self.strike):
            if curve.even[0] != 0.0 or curve.raw[0] != 0.0 or curve.even[-1] < curve.even[0]:
                raise ValueError("the press and strike of a hand must begin at 0 and rise")

    def to_json(self) -> str:
        """Write as text; the reverse of `from_json`."""
        return self.model_dump_json(indent=2)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read what `to_json` wrote.

        Raises
        ------
        HandError
            When it is no hand.
        """
        try:
            return cls.model_validate(json.loads(text))
        except ValidationError as error:
            wrong = complaint(error)
            raise HandError(f"its {wrong.place or 'hand'} is wrong: {wrong.words()}") from None
        except (ValueError, RecursionError):
            raise HandError("it is not written in JSON") from None
