"""The rig: one preset on one controller, from a finger's strokes to dry sound."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embouchure.feel.measures import RATE_HZ
from embouchure.session import event_at
from mapper.hand import Hand
from mapper.listener import Listener
from mapper.manner import Manner
from mapper.profile import Profile
from mapper.touch import TouchEvent
from mapper.traffic import Stroke, perform
from synth.engine.engine import BLOCK_FRAMES, Engine
from synth.offline import render
from synth.patch import Patch
from synth.space import Space

Array = NDArray[np.float64]

REST_FRAMES: Final = 16 * BLOCK_FRAMES
"""After a panic nothing sounds any more."""


def without_room(patch: Patch) -> Patch:
    """Take the room off, whose answer to one moment sounds under the next."""
    return replace(patch, room=patch.room.model_copy(update={"mix": 0.0}))


class Rig:
    """One preset on one controller, dry, from the bytes to the sound."""

    def __init__(
        self,
        space: Space,
        patch: Patch,
        profile: Profile,
        manner: Manner,
        hand: Hand | None = None,
    ) -> None:
        self._engine = Engine(space, rate_hz=RATE_HZ)
        self._engine.select(self._engine.install(without_room(patch)))
        self._profile = profile
        self._manner = manner
        self._hand = hand
        self._listener = Listener(0, profile)

    def sound(self, strokes: Sequence[Stroke], tail_s: float = 0.1) -> Array:
        """Play strokes from silence; return a mono sound that begins with their time 0."""
        for event in self._listener.panic(0.0):
            self._engine.push(event_at(self._engine.frame, event))
        self._engine.render(REST_FRAMES)
        origin = self._engine.frame
        events = (event_at(origin + round(e.time_s * RATE_HZ), e) for e in self._heard(strokes))
        return render(self._engine, events, round(tail_s * RATE_HZ)).sum(axis=1, dtype=np.float64)

    def _heard(self, strokes: Sequence[Stroke]) -> Iterator[TouchEvent]:
        self._listener = Listener(0, self._profile, hand=self._hand)
        self._listener.set_manner(self._manner)
        for time_s, data in perform(self._profile, strokes):
            yield from self._listener.hear(data, time_s)
