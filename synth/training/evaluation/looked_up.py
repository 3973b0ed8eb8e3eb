"""A decoder that looks controls up in a lattice, as the engine does where one is played."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from synth.lattice import Lattice
from synth.lattice_file import open_lattice
from synth.space import Space

Array = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class LookedUp:
    """A lattice's file, which each process opens for itself, and the space whose decoder it holds."""

    path: Path
    space: Space

    def __call__(self, codes: Array, loudness_db: Array, note: Array) -> Array:
        """Look rows of controls up, within the space's bounds; parameters as of a decoder."""
        controls = _opened(self.path).controls(codes, loudness_db, note)
        return np.clip(controls, self.space.low, self.space.high)

    @property
    def tag(self) -> str:
        """A hash of what it says."""
        card = _opened(self.path).card
        return hashlib.blake2b(card.model_dump_json().encode(), digest_size=16).hexdigest()


@lru_cache(maxsize=2)
def _opened(path: Path) -> Lattice:
    return open_lattice(path)
