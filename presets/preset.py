"""A preset: one instrument to play, safe to open whoever made it."""

import io
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import Annotated, Final, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from safetensors import SafetensorError
from safetensors.numpy import load as load_arrays
from safetensors.numpy import save as save_arrays

from mapper.manner import Manner
from mapper.mapping import CODE_SIZE, TRAJECTORY_SIZE, Mapping, MappingError
from synth.patch import N_MACROS, Patch, RoomSettings, VoiceSettings

FORMAT: Final = "embouchure-preset-1"
CARD: Final = "preset.json"
ARRAYS: Final = "mapping.safetensors"
MACROS: Final = "macros"
"""Name of the macros' array beside the mapping's own."""
MACRO_BOUNDS: Final = np.array([16.0] * CODE_SIZE + [24.0, 1200.0], np.float32)
"""How far a macro may move a code, its loudness in dB and its pitch in cents, either way."""
MAX_MEMBER_BYTES: Final = 256 * 2**10
MAX_FILE_BYTES: Final = 2 * MAX_MEMBER_BYTES

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
Line = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f]+$")]
"""Text that prints on one line and holds no control characters."""


class PresetError(ValueError):
    """A file is not a preset, or there is none; the message is one sentence for the player."""


class SpaceNeeded(BaseModel):
    """The space whose codes a mapping was learned on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Line
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class PresetCard(BaseModel):
    """Everything about a preset that is not an array."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["embouchure-preset-1"] = FORMAT
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


def _no_macros() -> NDArray[np.float32]:
    return np.zeros((0, TRAJECTORY_SIZE), np.float32)


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A card and the mapping it describes.

    A file of presets is a zip of two members, JSON and safetensors: numbers and text, nothing that
    could run.

    Attributes
    ----------
    macros
        What each named macro adds to the trajectory at its full value, shape
        (len(card.macros), TRAJECTORY_SIZE), within `MACRO_BOUNDS`.
    """

    card: PresetCard
    mapping: Mapping
    macros: NDArray[np.float32] = field(default_factory=_no_macros)

    def __post_init__(self) -> None:
        shape = (len(self.card.macros), TRAJECTORY_SIZE)
        if self.macros.shape != shape or self.macros.dtype != np.float32:
            raise PresetError(
                f"its macros have shape {self.macros.shape} of {self.macros.dtype}; "
                f"they must have {shape} of float32, a row for each name"
            )
        if not (np.abs(self.macros) <= MACRO_BOUNDS).all():
            raise PresetError("its macros hold numbers that are not finite or too large to play")

    def patch(self, map_address: int) -> Patch:
        """Make the patch that the engine plays; `map_address` from `mapper.kernel`."""
        return Patch(
            map_address=map_address,
            blob=self.mapping.blob(self.card.manner.strike_share),
            voice=self.card.voice,
            room=self.card.room,
            macros=np.pad(self.macros, ((0, N_MACROS - len(self.macros)), (0, 0))),
        )

    def to_bytes(self) -> bytes:
        """Pack the preset; equal presets give equal bytes."""
        named = self.mapping.arrays() | {MACROS: self.macros}
        arrays = {name: np.ascontiguousarray(array) for name, array in named.items()}
        members = {
            CARD: self.card.model_dump_json(indent=2).encode(),
            ARRAYS: save_arrays(arrays),
        }
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for name, content in members.items():
                archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
        return packed.getvalue()

    @classmethod
    def from_bytes(cls, packed: bytes) -> Self:
        """Unpack a preset from anyone.

        Raises
        ------
        PresetError
            When the bytes are no preset, too large, of another format or hold impossible values.
        """
        members = _members(packed)
        try:
            card = PresetCard.model_validate_json(members[CARD])
            arrays = load_arrays(members[ARRAYS])
            macros = arrays.pop(MACROS, _no_macros())
            return cls(card=card, mapping=Mapping.from_arrays(arrays), macros=macros)
        except PresetError:
            raise
        except ValidationError as error:
            raise PresetError(_explain(error)) from None
        except MappingError as error:
            raise PresetError(f"it cannot be played: {error}") from None
        except (SafetensorError, KeyError, ValueError, AttributeError, TypeError):
            raise PresetError("its mapping is damaged; get the file again") from None


def _members(packed: bytes) -> dict[str, bytes]:
    """Read the two members of a preset, each no larger than it may be."""
    if len(packed) > MAX_FILE_BYTES:
        raise PresetError(f"it is too large for a preset; at most {MAX_FILE_BYTES} bytes are read")
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            if sorted(archive.namelist()) != sorted([CARD, ARRAYS]):
                raise PresetError(f"a preset holds {CARD} and {ARRAYS} and nothing else")
            return {name: _member(archive, name) for name in (CARD, ARRAYS)}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError):
        raise PresetError("it is damaged or not a preset; get the file again") from None


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as member:
        content = member.read(MAX_MEMBER_BYTES + 1)
    if len(content) > MAX_MEMBER_BYTES:
        raise PresetError(f"its {name} is too large; at most {MAX_MEMBER_BYTES} bytes are read")
    return content


def _explain(error: ValidationError) -> str:
    """Say in one line what the first wrong field of a card is."""
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"])[:60] or "text"
    return f"its {place!r} is not allowed ({first['msg'][:120]}); this program reads {FORMAT}"
