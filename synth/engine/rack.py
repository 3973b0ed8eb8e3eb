"""The rack: numbered slots that hold patches while anything sounds or may sound with them."""

import numpy as np
from numpy.typing import NDArray

from synth.engine.layout import FREE, N_PATCHES, Records
from synth.engine.ring import Writer
from synth.patch import Patch


class Rack:
    """Puts patches where the audio thread finds them; housekeeping thread."""

    def __init__(self, state: Records, voices: Records, patches: Records, writer: Writer) -> None:
        self._state, self._voices, self._patches = state, voices, patches
        self._writer = writer
        self._blobs: dict[int, NDArray[np.float32]] = {}
        self._newest = 0
        self.installed: dict[int, Patch] = {}

    def install(self, patch: Patch) -> int:
        """Put a patch into a slot that nothing uses and return the slot.

        A patch that is in a slot already stays there.
        """
        for slot, known in self.installed.items():
            if known is patch:
                return slot
        busy = self._busy()
        places = (self._newest + 1 + np.arange(N_PATCHES)) % N_PATCHES
        slot = next((int(place) for place in places if place not in busy), -1)
        if slot < 0:
            raise RuntimeError("every patch slot is in use; wait for the tails to end")
        self.write(slot, patch)
        self._newest = slot
        return slot

    def _busy(self) -> set[int]:
        """Slots in use: what the audio thread does meanwhile moves a slot only further down."""
        busy = self._writer.waiting_selects()
        busy |= {int(slot) for slot in self._state[0]["zone_patch"]}
        return busy | {int(v["patch"]) for v in self._voices if v["status"] != FREE}

    def write(self, slot: int, patch: Patch) -> None:
        """Put a patch into a slot that is known to be free."""
        record = self._patches[slot]
        blob = np.ascontiguousarray(patch.blob, np.float32)
        record["map_address"], record["blob_address"] = patch.map_address, blob.ctypes.data
        record["lattice_address"] = patch.lattice.address if patch.lattice else 0
        record["macros"] = patch.macros
        for name in type(patch.voice).model_fields:
            record[name] = getattr(patch.voice, name)
        for name in type(patch.room).model_fields:
            record[f"room_{name}"] = getattr(patch.room, name)
        self._blobs[slot], self.installed[slot] = blob, patch
