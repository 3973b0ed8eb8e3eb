"""A bundle: a preset's whole file, with the takes and targets it came from, and perhaps its space."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Self

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load as load_arrays

from mapper.midi_file import MidiFileError, decode
from presets.archive import ARRAYS, CARD, SPACE, Archive, limit_bytes, pack
from presets.preset import Preset
from presets.refusal import PresetError

MAX_ARRAYS: Final = 64
"""How many arrays a source may hold."""


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """A preset and what travels with it.

    Attributes
    ----------
    sources
        What the preset was learned from, by the names of the members that hold it:
        `takes/KEY.safetensors` with `takes/KEY.mid`, and `targets/KEY.safetensors`.
    space
        The file of the space that the preset needs.
    """

    preset: Preset
    sources: Mapping[str, bytes] = field(default_factory=dict)
    space: bytes | None = None

    def __post_init__(self) -> None:
        for name, content in self.sources.items():
            _check_source(name, content)

    def named(self, name: str) -> Self:
        """Return the same under another name."""
        card = self.preset.card.model_copy(update={"name": name})
        return replace(self, preset=replace(self.preset, card=card))

    def to_bytes(self) -> bytes:
        """Pack everything; equal bundles give equal bytes.

        Raises
        ------
        PresetError
            When it is more than a file may hold.
        """
        space = {SPACE: self.space} if self.space is not None else {}
        return pack(self.preset.members() | dict(sorted(self.sources.items())) | space)

    @classmethod
    def open(cls, source: bytes | Path) -> Self:
        """Unpack everything from a file of anyone's.

        Raises
        ------
        PresetError
            When it is no preset, or a source in it is damaged.
        """
        with Archive.open(source) as archive:
            names = [name for name in archive.names if name not in (CARD, ARRAYS, SPACE)]
            return cls(
                preset=Preset.of(archive),
                sources={name: archive.read(name) for name in names},
                space=archive.read(SPACE) if SPACE in archive.names else None,
            )


def source_names(source: bytes | Path) -> list[str]:
    """List what a preset's file says it came from, without reading it."""
    with Archive.open(source) as archive:
        return sorted(name for name in archive.names if name not in (CARD, ARRAYS, SPACE))


def _check_source(name: str, content: bytes) -> None:
    limit = limit_bytes(name)
    if limit is None or "/" not in name:
        raise PresetError(f"a preset has no take or target called {name[:60]!r}")
    if len(content) > limit:
        raise PresetError(f"its {name} is too large; at most {limit} bytes are kept")
    check = _check_midi if name.endswith(".mid") else _check_arrays
    check(name, content)


def _check_midi(name: str, content: bytes) -> None:
    try:
        decode(content)
    except MidiFileError as error:
        raise PresetError(f"its {name} is damaged: {error}; get the file again") from None


def _check_arrays(name: str, content: bytes) -> None:
    try:
        arrays = load_arrays(content)
    except (SafetensorError, KeyError, ValueError, AttributeError, TypeError, OverflowError):
        raise PresetError(f"its {name} is damaged; get the file again") from None
    if len(arrays) > MAX_ARRAYS or not all(np.isfinite(array).all() for array in arrays.values()):
        raise PresetError(f"its {name} holds numbers that are not finite, or too many arrays")
