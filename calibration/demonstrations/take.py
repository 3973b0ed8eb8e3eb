"""Takes: what a player did while a target sounded, as the mapping will see it and as it was sent."""

import json
import math
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from safetensors import SafetensorError
from safetensors.numpy import load as load_arrays
from safetensors.numpy import save as save_arrays

from calibration.targets.target import LONGEST_S, Target, TargetError
from mapper.complaint import complaint
from mapper.features import TOUCH_FIELDS
from mapper.gestures import Gesture
from mapper.performance import Played
from presets.factory.gestures import FRAME_S, YOUNG_FRAME_S, YOUNG_S, frame_ages_s

Array = NDArray[np.float32]

FORMAT: Final = "embouchure-take-1"
RELEASE_S: Final = 0.5
"""A take goes on for so long after the lift, as a target does."""
SHORTEST_S: Final = 0.1
"""A touch held for less shows nothing."""
ROUNDING_S: Final = 1e-9
"""A message at a frame's own time belongs to it, however the two were rounded."""
AGE: Final = TOUCH_FIELDS.index("age_s")
SINCE_LIFT: Final = TOUCH_FIELDS.index("since_lift_s")
LOWEST_TOUCH: Final = np.array([0, 0, 0, -192, 0, 0, 0, -1, 0], np.float32)
HIGHEST_TOUCH: Final = np.array([1, 1, 1, 192, 1, 127, LONGEST_S, LONGEST_S, 1], np.float32)
"""Bounds of `TOUCH_FIELDS`."""
MAX_ROWS: Final = round(YOUNG_S / YOUNG_FRAME_S + LONGEST_S / FRAME_S)
MAX_MESSAGES: Final = 200_000
MAX_FILE_BYTES: Final = 4 * MAX_ROWS * len(TOUCH_FIELDS) + 13 * MAX_MESSAGES + 2**21


class TakeError(ValueError):
    """A take that is none, or cannot be kept or found; one sentence for the player."""


class TakeCard(BaseModel):
    """Everything about a take that is not an array."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: str = Field(FORMAT, pattern=f"^{FORMAT}$")
    key: str = Field(pattern=r"^[0-9a-z][0-9a-z-]{0,63}$")
    weight: float = Field(1.0, ge=0.0, le=100.0)


def new_key() -> str:
    """Make a key that no other take has; later keys come later in the alphabet."""
    return f"{datetime.now().astimezone():%Y%m%d-%H%M%S-%f}-{secrets.token_hex(3)}"


@dataclass(frozen=True, kw_only=True)
class Take:
    """One touch played to a target.

    Attributes
    ----------
    touches
        The touch at each of the engine's control frames from the strike to the end of its release,
        columns `mapper.features.TOUCH_FIELDS`, shape (n_frames, len(TOUCH_FIELDS)).
    weight
        How much it counts; 0 is not at all.
    key
        What tells it from all others.
    played
        The messages as they came, times from the strike on; empty where none were sent.
    """

    target: Target
    touches: Array
    weight: float = 1.0
    key: str
    played: tuple[Played, ...] = ()

    def __post_init__(self) -> None:
        try:
            _ = self.card
        except ValidationError as error:
            raise TakeError(_explain(error)) from None
        _check(self.touches)
        if len(self.played) > MAX_MESSAGES:
            raise TakeError(f"a take holds more than {MAX_MESSAGES} messages")

    @property
    def card(self) -> TakeCard:
        """Everything but the arrays and the target, as it is written to a file."""
        return TakeCard(key=self.key, weight=self.weight)

    @property
    def held_s(self) -> float:
        """From the strike to the lift."""
        age_s, since_lift_s = self.touches[-1, [AGE, SINCE_LIFT]]
        return float(age_s - max(since_lift_s, 0.0))

    def to_bytes(self) -> bytes:
        """Pack the take with its target; equal takes give equal bytes."""
        arrays: dict[str, NDArray[Any]] = {
            "touches": np.ascontiguousarray(self.touches),
            "target": np.frombuffer(self.target.to_bytes(), np.uint8),
            "times_s": np.array([one.time_s for one in self.played], np.float64),
            "ports": np.array([one.port for one in self.played], np.uint8),
            "sizes": np.array([len(one.data) for one in self.played], np.uint32),
            "data": np.frombuffer(b"".join(one.data for one in self.played), np.uint8),
        }
        return save_arrays(arrays, {"card": self.card.model_dump_json()})

    @classmethod
    def from_bytes(cls, packed: bytes) -> Self:
        """Unpack a take from anyone.

        Raises
        ------
        TakeError
            When the bytes are no take, too large or hold impossible values.
        """
        if len(packed) > MAX_FILE_BYTES:
            raise TakeError(f"it is too large for a take; at most {MAX_FILE_BYTES} bytes are read")
        try:
            card = TakeCard.model_validate_json(_metadata(packed)["card"])
            arrays = load_arrays(packed)
            return cls(
                target=Target.from_bytes(arrays["target"].tobytes()),
                touches=arrays["touches"],
                played=_messages(arrays),
                **card.model_dump(exclude={"format"}),
            )
        except (TakeError, TargetError) as error:
            raise TakeError(str(error)) from None
        except ValidationError as error:
            raise TakeError(_explain(error)) from None
        except (SafetensorError, KeyError, ValueError, AttributeError, TypeError, RecursionError):
            raise TakeError("it is damaged or not a take; get the file again") from None


def take_of(target: Target, gesture: Gesture, played: Sequence[Played], key: str) -> Take:
    """Make the take of a finished touch and of the messages that came meanwhile.

    Raises
    ------
    TakeError
        When the touch is too short or too long to learn from.
    """
    held_s = gesture.end_s - gesture.start_s
    if not SHORTEST_S <= held_s <= LONGEST_S - RELEASE_S - FRAME_S:
        raise TakeError(
            f"this touch was held for {held_s:.2f} s; hold one from {SHORTEST_S:g} to "
            f"{LONGEST_S - 1:g} s"
        )
    began = tuple(one._replace(time_s=max(one.time_s - gesture.start_s, 0.0)) for one in played)
    return Take(target=target, touches=touch_rows(gesture), key=key, played=began)


def touch_rows(gesture: Gesture, release_s: float = RELEASE_S) -> Array:
    """Sample a touch at the engine's control frames, each holding what was told last."""
    held_s = gesture.end_s - gesture.start_s
    age_s = frame_ages_s(held_s + release_s)
    told = np.searchsorted(gesture.times_s - gesture.start_s, age_s + ROUNDING_S, side="right") - 1
    is_lifted = age_s >= held_s
    columns = {
        "strike": np.full_like(age_s, gesture.strike),
        "press": gesture.press[told],
        "slide": gesture.slide[told],
        "glide_semitones": gesture.glide_semitones[told],
        "lift": np.where(is_lifted, gesture.lift, 0.0),
        "note": np.full_like(age_s, gesture.note),
        "age_s": age_s,
        "since_lift_s": np.where(is_lifted, age_s - held_s, -1.0),
        "dt_s": np.diff(age_s, prepend=0.0),
    }
    return np.column_stack([columns[name] for name in TOUCH_FIELDS]).astype(np.float32)


def _messages(arrays: dict[str, NDArray[Any]]) -> tuple[Played, ...]:
    times_s, ports, sizes, data = (arrays[name] for name in ("times_s", "ports", "sizes", "data"))
    if not len(times_s) == len(ports) == len(sizes) <= MAX_MESSAGES or sizes.sum() != len(data):
        raise TakeError("its messages are damaged; get the file again")
    raw, ends = data.tobytes(), np.cumsum(sizes, dtype=np.int64).tolist()
    starts = [0, *ends][:-1]
    rows = zip(times_s.tolist(), ports.tolist(), starts, ends, strict=True)
    messages = tuple(Played(float(at), int(port), raw[a:b]) for at, port, a, b in rows)
    if not all(math.isfinite(one.time_s) and one.time_s >= 0.0 for one in messages):
        raise TakeError("its messages are damaged; get the file again")
    return messages


def _metadata(packed: bytes) -> dict[str, str]:
    """Read the text that a safetensors file carries before its numbers."""
    size = int.from_bytes(packed[:8], "little")
    header: dict[str, dict[str, str]] = json.loads(packed[8 : 8 + size])
    return header["__metadata__"]


def _check(touches: Array) -> None:
    """Refuse rows of another shape, not finite, beyond what a hand can do, or out of order."""
    if touches.dtype != np.float32 or touches.ndim != 2 or touches.shape[1] != len(TOUCH_FIELDS):
        raise TakeError(
            f"a take's touches have shape {touches.shape} of {touches.dtype}; "
            f"they must have (frames, {len(TOUCH_FIELDS)}) of float32"
        )
    if not 2 <= len(touches) <= MAX_ROWS:
        raise TakeError(f"a take has {len(touches)} frames; 2 to {MAX_ROWS} are allowed")
    if not ((touches >= LOWEST_TOUCH) & (touches <= HIGHEST_TOUCH)).all():
        raise TakeError("a take's touches hold numbers that no hand can play")
    if (np.diff(touches[:, AGE]) <= 0.0).any() or touches[0, SINCE_LIFT] >= 0.0:
        raise TakeError("a take's frames are out of order")


def _explain(error: ValidationError) -> str:
    """Say in one line what the first wrong field of a card is."""
    wrong = complaint(error)
    place = wrong.place or "text"
    return f"its {place!r} is not allowed ({wrong.words()}); this program reads {FORMAT}"
