"""Targets: sounds that a player wants, as the trajectory of one touch."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from safetensors import SafetensorError
from safetensors.numpy import load as load_arrays
from safetensors.numpy import save as save_arrays

from mapper.complaint import complaint
from mapper.mapping import HIGHEST, LOWEST, TRAJECTORY_SIZE
from mapper.reading import N_DESCRIPTORS
from mapper.whole_file import write_whole
from presets.preset import Name
from synth.patch import Patch, RoomSettings, VoiceSettings

Array = NDArray[np.float32]

FORMAT: Final = "embouchure-target-1"
SUFFIX: Final = ".target"
TARGET_RATE_HZ: Final = 100
LOWEST_DESCRIBED: Final = np.array([LOWEST[-2], -0.25, LOWEST[-1]], np.float32)
HIGHEST_DESCRIBED: Final = np.array([HIGHEST[-2], 1.25, HIGHEST[-1]], np.float32)
LONGEST_S: Final = 60.0
MAX_ROWS: Final = round(LONGEST_S * TARGET_RATE_HZ)
MAX_FILE_BYTES: Final = 4 * MAX_ROWS * (TRAJECTORY_SIZE + N_DESCRIPTORS) + 2**14


class TargetError(ValueError):
    """A target that is none, or cannot be found or kept; one sentence for the player."""


class TargetCard(BaseModel):
    """Everything about a target that is not an array."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: str = Field(FORMAT, pattern=f"^{FORMAT}$")
    name: Name
    kind: Name
    note: float = Field(ge=0, le=127)
    strike: float = Field(ge=0, le=1)
    held_s: float = Field(gt=0, le=LONGEST_S)
    space_sha256: str = Field("", pattern=r"^([0-9a-f]{64})?$")


@dataclass(frozen=True, kw_only=True)
class Target:
    """How one touch should sound, from its strike on.

    Attributes
    ----------
    kind
        The articulation it is, or where it came from.
    note
        Pitch that the trajectory's offsets are relative to, a fractional note number.
    strike
        How hard it is struck, 0-1.
    held_s
        When the finger lifts; what comes after is the sound's end.
    trajectory
        Sampled at `TARGET_RATE_HZ`, shape (n_rows, TRAJECTORY_SIZE): code, loudness in dB, pitch
        offset in cents.
    descriptors
        What a player hears and can mean of it, shape (n_rows, N_DESCRIPTORS), columns
        `DESCRIPTORS`; brightness is the place between an instrument's dull and its bright end.
    space_sha256
        The space its codes are points of, or nothing.
    """

    name: str
    kind: str
    note: float
    strike: float
    held_s: float
    trajectory: Array
    descriptors: Array
    space_sha256: str = ""

    def __post_init__(self) -> None:
        self._check_card()
        _check("trajectory", self.trajectory, LOWEST, HIGHEST)
        _check("descriptors", self.descriptors, LOWEST_DESCRIBED, HIGHEST_DESCRIBED)
        if len(self.descriptors) != len(self.trajectory):
            raise TargetError("a target's descriptors and trajectory must be equally long")

    def _check_card(self) -> None:
        try:
            card = self.card
        except ValidationError as error:
            raise TargetError(_explain(error)) from None
        if card.held_s > self.length_s:
            raise TargetError(
                f"a target of {self.length_s:g} s cannot be held for {card.held_s:g} s"
            )

    @property
    def card(self) -> TargetCard:
        """Everything but the arrays, as it is written to a file."""
        return TargetCard(
            name=self.name,
            kind=self.kind,
            note=self.note,
            strike=self.strike,
            held_s=self.held_s,
            space_sha256=self.space_sha256,
        )

    @property
    def length_s(self) -> float:
        """From the strike to the end of the sound."""
        return len(self.trajectory) / TARGET_RATE_HZ

    @property
    def times_s(self) -> NDArray[np.float64]:
        """Age of each row, shape (n_rows,)."""
        return np.arange(len(self.trajectory)) / TARGET_RATE_HZ

    def patch(self, voice: VoiceSettings | None = None, room: RoomSettings | None = None) -> Patch:
        """Make a patch whose every strike sounds this target, whatever the hand does then.

        It sounds at the key that is struck, `note` being the target's own, and once lifted it is
        released as `voice` says. Give a preset's voice and room to hear both alike.
        """
        from mapper.playback import blob, play_back_address  # compiled code loads slowly

        return Patch(
            map_address=play_back_address(),
            blob=blob(self.trajectory, TARGET_RATE_HZ),
            voice=voice or VoiceSettings(),
            room=room or RoomSettings(),
        )

    def to_bytes(self) -> bytes:
        """Pack the target; equal targets give equal bytes."""
        arrays = {
            "trajectory": np.ascontiguousarray(self.trajectory),
            "descriptors": np.ascontiguousarray(self.descriptors),
        }
        return save_arrays(arrays, {"card": self.card.model_dump_json()})

    @classmethod
    def from_bytes(cls, packed: bytes) -> Self:
        """Unpack a target from anyone.

        Raises
        ------
        TargetError
            When the bytes are no target, too large or hold impossible values.
        """
        if len(packed) > MAX_FILE_BYTES:
            raise TargetError(
                f"it is too large for a target; at most {MAX_FILE_BYTES} bytes are read"
            )
        try:
            card = TargetCard.model_validate_json(_metadata(packed)["card"])
            arrays = load_arrays(packed)
            fields: dict[str, Any] = card.model_dump(exclude={"format"}) | arrays
            return cls(**fields)
        except TargetError:
            raise
        except ValidationError as error:
            raise TargetError(_explain(error)) from None
        except (SafetensorError, KeyError, ValueError, AttributeError, TypeError, RecursionError):
            raise TargetError("it is damaged or not a target; get the file again") from None


def save(target: Target, path: Path) -> None:
    """Keep a target, whole or not at all; an older version stays beside it as `.old`.

    Raises
    ------
    TargetError
        When the place cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, target.to_bytes())
    except OSError as error:
        raise TargetError(
            f"the target cannot be written to {path}: {error.strerror}; choose another place"
        ) from None


def load(path: Path) -> Target:
    """Read a target.

    Raises
    ------
    TargetError
        When the file cannot be read or is no target.
    """
    try:
        with path.open("rb") as file:
            packed = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise TargetError(
            f"the target {path} cannot be read: {error.strerror}; name a {SUFFIX} file that can"
        ) from None
    try:
        return Target.from_bytes(packed)
    except TargetError as error:
        raise TargetError(f"the target {path} cannot be opened: {error}") from None


def _metadata(packed: bytes) -> dict[str, str]:
    """Read the text that a safetensors file carries before its numbers."""
    size = int.from_bytes(packed[:8], "little")
    header: dict[str, dict[str, str]] = json.loads(packed[8 : 8 + size])
    return header["__metadata__"]


def _check(name: str, rows: Array, low: Array, high: Array) -> None:
    """Refuse rows of another shape, not finite, or beyond what can be played."""
    if rows.dtype != np.float32 or rows.ndim != 2 or rows.shape[1] != len(low):
        raise TargetError(
            f"a target's {name} has shape {rows.shape} of {rows.dtype}; "
            f"it must have (rows, {len(low)}) of float32"
        )
    if not 2 <= len(rows) <= MAX_ROWS:
        raise TargetError(
            f"a target's {name} has {len(rows)} rows; 2 to {MAX_ROWS} are allowed, "
            f"{TARGET_RATE_HZ} for each second"
        )
    if not ((rows >= low) & (rows <= high)).all():
        raise TargetError(f"a target's {name} holds numbers that cannot be played")


def _explain(error: ValidationError) -> str:
    """Say in one line what the first wrong field of a card is."""
    wrong = complaint(error)
    place = wrong.place or "text"
    return f"its {place!r} is not allowed ({wrong.words()}); this program reads {FORMAT}"
