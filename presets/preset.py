"""A preset: one instrument to play, safe to open whoever made it."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load as load_arrays
from safetensors.numpy import save as save_arrays

from mapper.mapping import CODE_SIZE, TRAJECTORY_SIZE, Mapping, MappingError
from presets.archive import ARRAYS, CARD, MAX_FILE_BYTES, Archive, pack
from presets.card import FORMAT, Line, Name, PresetCard, SpaceNeeded
from presets.migration import read_card
from presets.refusal import PresetError
from synth.patch import N_MACROS, Patch

__all__ = [
    "ARRAYS",
    "CARD",
    "FORMAT",
    "MAX_FILE_BYTES",
    "Line",
    "Name",
    "Preset",
    "PresetCard",
    "PresetError",
    "SpaceNeeded",
]

MACROS: Final = "macros"
"""Name of the macros' array beside the mapping's own."""
OTHER: Final = "other."
"""What the names of a morph's second mapping's arrays begin with."""
MACRO_BOUNDS: Final = np.array([16.0] * CODE_SIZE + [24.0, 1200.0], np.float32)
"""How far a macro may move a code, its loudness in dB and its pitch in cents, either way."""
MOST: Final = 1e6
"""No number of a mapping is larger, so that no sum of their products is more than a float holds."""

Arrays = dict[str, NDArray[np.float32]]


def _no_macros() -> NDArray[np.float32]:
    return np.zeros((0, TRAJECTORY_SIZE), np.float32)


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A card and the mapping it describes; in a morph also the mapping it mixes with that.

    Its file is a zip of JSON and safetensors: numbers and text, nothing that could run.

    Attributes
    ----------
    macros
        What each named macro adds to the trajectory at its full value, shape
        (len(card.macros), TRAJECTORY_SIZE), within `MACRO_BOUNDS`.
    other
        The second mapping of a morph, of which `card.morph_share` is heard.
    """

    card: PresetCard
    mapping: Mapping
    macros: NDArray[np.float32] = field(default_factory=_no_macros)
    other: Mapping | None = None

    def __post_init__(self) -> None:
        shape = (len(self.card.macros), TRAJECTORY_SIZE)
        if self.macros.shape != shape or self.macros.dtype != np.float32:
            raise PresetError(
                f"its macros have shape {self.macros.shape} of {self.macros.dtype}; "
                f"they must have {shape} of float32, a row for each name"
            )
        if not (np.abs(self.macros) <= MACRO_BOUNDS).all():
            raise PresetError("its macros hold numbers that are not finite or too large to play")
        if (self.other is None) != (self.card.morph_share is None):
            raise PresetError(
                "it is a morph without a second mapping, or has one without being one"
            )
        for mapping in filter(None, (self.mapping, self.other)):
            with np.errstate(all="ignore"):
                blob = mapping.blob()
            if not (np.abs(blob) <= MOST).all():
                raise PresetError(f"its mapping holds numbers that are larger than {MOST:g}")

    def patch(self, map_address: int) -> Patch:
        """Make the patch that the engine plays; `map_address` from `mapper.kernel`.

        A morph has a kernel of its own, which `mapper.morph` gives.
        """
        blob = self.mapping.blob(self.card.manner.strike_share)
        if self.other:
            map_address, blob = self._morph(blob, self.other)
        return Patch(
            map_address=map_address,
            blob=blob,
            voice=self.card.voice,
            room=self.card.room,
            macros=np.pad(self.macros, ((0, N_MACROS - len(self.macros)), (0, 0))),
        )

    def _morph(self, first: NDArray[np.float32], other: Mapping) -> tuple[int, NDArray[np.float32]]:
        from mapper.morph import blob, morph_frame_address  # compiled code loads slowly

        second = other.blob(self.card.manner.strike_share)
        return morph_frame_address(), blob(first, second, self.card.morph_share or 0.0)

    def predict(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """Map features to trajectories, as `Mapping.predict` does; a morph mixes both mappings."""
        answer = self.mapping.predict(features)
        share = np.float32(self.card.morph_share or 0.0)
        if not self.other:
            return answer
        return (1 - share) * answer + share * self.other.predict(features)

    @property
    def sha256(self) -> str:
        """What tells this preset from any other: the hash of its file."""
        return hashlib.sha256(self.to_bytes()).hexdigest()

    def members(self) -> dict[str, bytes]:
        """Write the card and the arrays, by the names of the members that hold them."""
        named = self.mapping.arrays() | {MACROS: self.macros}
        if self.other:
            named |= {OTHER + name: array for name, array in self.other.arrays().items()}
        arrays = {name: np.ascontiguousarray(array) for name, array in named.items()}
        return {
            CARD: self.card.model_dump_json(indent=2).encode(),
            ARRAYS: save_arrays(arrays),
        }

    def to_bytes(self) -> bytes:
        """Pack the preset without what it came from; equal presets give equal bytes."""
        return pack(self.members())

    @classmethod
    def from_bytes(cls, packed: bytes) -> Self:
        """Unpack a preset from anyone; what it came from stays packed.

        Raises
        ------
        PresetError
            When the bytes are no preset, too large, of another format or hold impossible values.
        """
        return cls.open(packed)

    @classmethod
    def open(cls, source: bytes | Path) -> Self:
        """Unpack a preset from its bytes or its file, as `from_bytes` does."""
        with Archive.open(source) as archive:
            return cls.of(archive)

    @classmethod
    def of(cls, archive: Archive) -> Self:
        """Unpack the preset in an archive, as `from_bytes` does."""
        card = read_card(archive.read(CARD))
        try:
            arrays = load_arrays(archive.read(ARRAYS))
            macros = arrays.pop(MACROS, _no_macros())
            others = {
                name.removeprefix(OTHER): arrays.pop(name)
                for name in list(arrays)
                if name.startswith(OTHER)
            }
            other = Mapping.from_arrays(others) if others else None
            return cls(card=card, mapping=Mapping.from_arrays(arrays), macros=macros, other=other)
        except PresetError:
            raise
        except MappingError as error:
            raise PresetError(f"it cannot be played: {error}") from None
        except (SafetensorError, KeyError, ValueError, AttributeError, TypeError, OverflowError):
            raise PresetError("its mapping is damaged; get the file again") from None
