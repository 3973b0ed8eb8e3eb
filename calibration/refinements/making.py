"""Making: how a preset in work comes about from its ground, as numbers that can be written down."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field
from safetensors.numpy import load as load_arrays
from safetensors.numpy import save as save_arrays

from calibration.demonstrations.take import touch_rows
from calibration.refinements.correction import Correction
from calibration.refinements.gains import Gains
from calibration.refinements.phrase import Phrase
from calibration.refinements.refusal import RefinementError
from calibration.refinements.wandering import wander
from mapper.listening import gesture_features
from mapper.mapping import Mapping
from presets.preset import Preset

Thing = Callable[[str], bytes]
"""Gives content by its hash."""
Touches = tuple[NDArray[np.float32], ...]


class Corrected(BaseModel):
    """A correction as it is kept; `touches` is the hash of what was played."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    word: str
    steps: float
    touches: str
    from_s: float
    to_s: float


class Wandering(BaseModel):
    """How far a preset wanders, from what was played; `touches` is its hash."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    amount: float = Field(ge=0, le=1)
    seed: int = Field(ge=0)
    touches: str


class Making(BaseModel):
    """How a version came about: its ground, and what was done to that, in this order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ground: str
    """Hash of the preset without any of what follows."""
    corrections: tuple[Corrected, ...] = ()
    wandering: Wandering | None = None
    gains: dict[str, float] = {}
    ratings: dict[str, int] = {}
    """Stars of takes, by their keys."""


def made(making: Making, thing: Thing, gains: Gains | None = None) -> Mapping:
    """Make a mapping from its ground; equal makings give equal mappings.

    Parameters
    ----------
    gains
        In place of the making's own.
    """
    ground = Preset.from_bytes(thing(making.ground))
    share = ground.card.manner.strike_share
    mapping = ground.mapping
    for asked in making.corrections:
        mapping = _correction(asked, thing).apply(mapping, share)
    if making.wandering:
        touches, _ = unpack_touches(thing(making.wandering.touches))
        features = np.vstack([gesture_features(rows, share) for rows in touches])
        mapping = wander(mapping, features, making.wandering.amount, making.wandering.seed)
    return (gains or Gains.from_dict(making.gains)).apply(mapping)


def _correction(asked: Corrected, thing: Thing) -> Correction:
    touches, starts_s = unpack_touches(thing(asked.touches))
    return Correction(
        word=asked.word,
        steps=asked.steps,
        touches=touches,
        starts_s=starts_s,
        from_s=asked.from_s,
        to_s=asked.to_s,
    )


def touches_of(phrase: Phrase) -> tuple[Touches, tuple[float, ...]]:
    """Sample every touch of a phrase; with the times of their strikes.

    Raises
    ------
    RefinementError
        When there is none.
    """
    if not phrase.gestures:
        raise RefinementError("nothing was played yet; play something first")
    rows = tuple(touch_rows(gesture) for gesture in phrase.gestures)
    return rows, tuple(gesture.start_s for gesture in phrase.gestures)


def pack_touches(touches: Sequence[NDArray[np.float32]], starts_s: Sequence[float]) -> bytes:
    """Write touches; the reverse of `unpack_touches`."""
    arrays: dict[str, NDArray[Any]] = {f"{i:04d}": rows for i, rows in enumerate(touches)}
    return bytes(save_arrays(arrays | {"starts_s": np.array(starts_s, np.float64)}))


def unpack_touches(content: bytes) -> tuple[Touches, tuple[float, ...]]:
    """Read what `pack_touches` wrote."""
    arrays = load_arrays(content)
    starts_s = tuple(arrays.pop("starts_s").tolist())
    return tuple(arrays[name] for name in sorted(arrays)), starts_s
