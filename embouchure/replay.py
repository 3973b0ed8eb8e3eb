"""The replay: a segment of a journal becomes, sample for sample, the sound that its engine put out."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embouchure.errors import ProgramError
from embouchure.instrument import silent_engine, sound_of_tone
from embouchure.segments import Numbers, Packed, Segment
from presets.spaces import find_by_hash
from synth.engine.engine import BLOCK_FRAMES, Engine, Event
from synth.engine.layout import PACE, SELECT
from synth.offline import CHUNK_FRAMES
from synth.patch import Patch
from synth.space import Space

MAX_PACE_BLOCKS: Final = 64


def sound_of_segment(segment: Segment, tail_s: float) -> Iterator[NDArray[np.float32]]:
    """Yield the sound of a segment piece by piece, shape (n_frames, 2) each.

    Raises
    ------
    PresetError, TargetError, SpaceError, ProgramError
        When its space is not installed, or a preset or target in it is damaged.
    """
    space = find_by_hash(segment.space)
    if space is None:
        raise ProgramError(
            f"this was played on the space {segment.space[:12]}, which is not installed; render its "
            "MIDI file instead"
        )
    replay = _Replay(silent_engine(space, segment.rate_hz), space)
    for step in segment.steps:
        replay.waiting |= step.presets
        for numbers in step.events:
            yield from replay.play(numbers)
    yield from replay.advance(segment.n_frames(tail_s))


class _Replay:
    """An engine that is told again what another one applied."""

    def __init__(self, engine: Engine, space: Space) -> None:
        self.waiting: Packed = {}
        self._engine = engine
        self._space = space
        self._patches: dict[int, Patch] = {}

    def play(self, numbers: Numbers) -> Iterator[NDArray[np.float32]]:
        """Yield the sound before the block in which an event acted, then let it act there."""
        event = Event(*numbers)  # type: ignore[arg-type]  # the layout gives the types
        yield from self.advance(event.frame // BLOCK_FRAMES * BLOCK_FRAMES)
        if event.kind == SELECT:
            self._engine.push(event._replace(touch=self._slot_of(event.touch)))
        elif event.kind != PACE or 1 <= event.touch <= MAX_PACE_BLOCKS:
            self._engine.push(event)

    def advance(self, frame: int) -> Iterator[NDArray[np.float32]]:
        """Yield the sound up to the block that holds a frame."""
        while self._engine.frame < frame:
            yield self._engine.render(min(CHUNK_FRAMES, frame - self._engine.frame))

    def _slot_of(self, slot: int) -> int:
        """Find where the preset of a slot is now; one that waited is installed at this moment.

        Only now is it sure that no voice sounds any more in the slot that it takes.
        """
        if slot in self.waiting:
            self._patches[slot] = sound_of_tone(self._space, **self.waiting.pop(slot)).patch
        if slot not in self._patches:
            raise ProgramError("the journal lacks a preset that was played; render its MIDI file")
        return self._engine.install(self._patches[slot])
