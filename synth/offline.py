"""Offline rendering: a log of events through the live engine's own kernels."""

from collections.abc import Iterable, Iterator
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from synth.engine.engine import Engine, Event

CHUNK_FRAMES = 4096


def render_chunks(
    engine: Engine, events: Iterable[Event], tail_frames: int
) -> Iterator[NDArray[np.float32]]:
    """Render events in order of their frames, then a tail, in chunks.

    Yields
    ------
    NDArray
        The next frames, shape (n_frames, 2). Each event acts at its own frame, or at once when
        that is past.
    """
    end_frame = engine.frame
    for event in events:
        while event.frame >= engine.frame + CHUNK_FRAMES:
            yield engine.render(CHUNK_FRAMES)
        engine.push(event)
        end_frame = max(end_frame, event.frame)
    end_frame += tail_frames
    while engine.frame < end_frame:
        yield engine.render(min(CHUNK_FRAMES, end_frame - engine.frame))


def render(engine: Engine, events: Iterable[Event], tail_frames: int) -> NDArray[np.float32]:
    """Render events and a tail in one array, shape (n_frames, 2)."""
    empty = np.zeros((0, 2), np.float32)
    return np.concatenate(list(chain([empty], render_chunks(engine, events, tail_frames))))
