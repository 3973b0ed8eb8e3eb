"""A candidate: a sound that nobody recorded, said in shares of the codebook's instruments."""

import hashlib
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from synth.controls import CODE_SIZE

MAX_PARTS: Final = 6
MAX_SHARE: Final = 3.0
DIGITS: Final = 4
"""Shares and shifts are rounded to this many decimals, so that text and number are one."""

Kind = Literal["mix", "turn", "beyond", "analogy", "bred"]
Share = Annotated[float, Field(ge=-MAX_SHARE, le=MAX_SHARE, allow_inf_nan=False)]
Number = Annotated[float, Field(ge=-16.0, le=16.0, allow_inf_nan=False)]


class Part(NamedTuple):
    """An instrument of the codebook, with its share at the onset and its share later on."""

    instrument: str
    share: Share
    later: Share


class Candidate(BaseModel):
    """What a sound is made of: at most 30 numbers, all of which are inherited when it is bred.

    At age t the code is the sum of the parts' codes, each with the share
    ``later + (share - later) * exp(-t / turn_s)``, plus `shift`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    parts: tuple[Part, ...] = Field(min_length=1, max_length=MAX_PARTS)
    shift: tuple[Number, ...] = Field(
        (0.0,) * CODE_SIZE, min_length=CODE_SIZE, max_length=CODE_SIZE
    )
    turn_s: float = Field(0.15, ge=0.01, le=2.0)
    pace: float = Field(1.0, ge=0.2, le=5.0)
    """How many times faster than recorded it unfolds."""
    parents: tuple[int, ...] = ()

    @property
    def key(self) -> str:
        """Content hash of what is heard: equal sounds have equal keys whatever their descent."""
        heard = self.model_dump_json(exclude={"kind", "parents"})
        return hashlib.sha256(heard.encode()).hexdigest()[:20]

    @property
    def recipe(self) -> str:
        """What it is made of, in a player's words.

        >>> Candidate(kind="analogy", parts=(
        ...     Part("muted-trumpet", 1, 1), Part("trumpet", -1, -1), Part("cello", 1, 1))).recipe
        'muted-trumpet - trumpet + cello'
        """
        names = [part.instrument for part in self.parts]
        match self.kind:
            case "mix":
                return " + ".join(f"{p.share:.0%} {p.instrument}" for p in self.parts)
            case "turn":
                return f"{names[0]} that turns into {names[1]}"
            case "beyond":
                return f"{names[0]} away from {names[1]} by {self.parts[0].share - 1:.0%}"
            case "analogy":
                return f"{names[0]} - {names[1]} + {names[2]}"
            case "bred":
                return f"bred from {' and '.join(map(str, self.parents))}"


def rounded(value: float) -> float:
    """Round as every number of a candidate is rounded.

    >>> rounded(1 / 3)
    0.3333
    """
    return round(float(value), DIGITS)
