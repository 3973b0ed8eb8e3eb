"""A preset: one instrument to play, safe to open whoever made it."""

import io
import zipfile
import zlib
from dataclasses import dataclass
from typing import Annotated, Final, Literal, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from safetensors import SafetensorError
from safetensors.numpy import load as load_arrays
from safetensors.numpy import save as save_arrays

from mapper.mapping import Mapping, MappingError
from synth.patch import Patch, RoomSettings, VoiceSettings

FORMAT: Final = "embouchure-preset-1"
CARD: Final = "preset.json"
ARRAYS: Final = "mapping.safetensors"
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


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A card and the mapping it describes.

    A file of presets is a zip of two members, JSON and safetensors: numbers and text, nothing that
    could run.
    """

    card: PresetCard
    mapping: Mapping

    def patch(self, map_address: int) -> Patch:
        """Make the patch that the engine plays; `map_address` from `mapper.kernel`."""
        return Patch(
            map_address=map_address,
            blob=self.mapping.blob(),
            voice=self.card.voice,
            room=self.card.room,
        )

    def to_bytes(self) -> bytes:
        """Pack the preset; equal presets give equal bytes."""
        arrays = {name: np.ascontiguousarray(a) for name, a in self.mapping.arrays().items()}
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
            mapping = Mapping.from_arrays(load_arrays(members[ARRAYS]))
        except ValidationError as error:
            raise PresetError(_explain(error)) from None
        except MappingError as error:
            raise PresetError(f"it cannot be played: {error}") from None
        except (SafetensorError, KeyError, ValueError, AttributeError, TypeError):
            raise PresetError("its mapping is damaged; get the file again") from None
        return cls(card=card, mapping=mapping)


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
