"""The cost of listening: what a ten-finger stream takes of a core, and how long a note waits in it."""

import time
from dataclasses import dataclass
from typing import Final

import numpy as np

from embouchure.parcel import pack
from embouchure.session import Session
from mapper.traffic import LINNSTRUMENT_HZ, N_FINGERS, ten_fingers
from synth.engine.engine import BLOCK_FRAMES, Engine

MESSAGES_PER_S: Final = N_FINGERS * 3 * LINNSTRUMENT_HZ
N_BURSTS: Final = 300
STREAM_S: Final = 10.0
BURST: Final = N_FINGERS * 3
"""Messages that arrive together when every finger moves in every dimension at once."""


@dataclass(frozen=True, kw_only=True)
class ListeningCost:
    """From bytes at the port to events in the engine's ring and a copy for the journal.

    `note_wait_*` is the time from the first byte of a burst of `BURST` expression messages to the
    moment at which a note-on right behind it is in the ring.
    """

    message_us: float
    core_share: float
    note_wait_p50_us: float
    note_wait_p99_us: float


def measure(engine: Engine) -> ListeningCost:
    """Feed a session the most a LinnStrument sends, as fast as it will take it."""
    session = Session(engine, engine.frame_at)
    stream = list(ten_fingers(1, STREAM_S))
    session.hear(time.perf_counter(), 0, stream[0][1])  # loads the compiled code
    engine.render(BLOCK_FRAMES)
    began_s = time.process_time()
    for place, (_, data) in enumerate(stream):
        session.hear(time.perf_counter(), 0, data)
        if place % 1000 == 0:
            engine.render(BLOCK_FRAMES)
            pack(session.take_played().heard)
    message_us = (time.process_time() - began_s) / len(stream) * 1e6
    p50, p99 = np.percentile(_note_waits_us(session, engine, stream[N_FINGERS:]), (50, 99))
    return ListeningCost(
        message_us=message_us,
        core_share=message_us * 1e-6 * MESSAGES_PER_S,
        note_wait_p50_us=float(p50),
        note_wait_p99_us=float(p99),
    )


def _note_waits_us(
    session: Session, engine: Engine, moves: list[tuple[float, bytes]]
) -> list[float]:
    waits_us = []
    for burst in range(N_BURSTS):
        first = burst * BURST
        began_s = time.perf_counter()
        for _, data in moves[first : first + BURST]:
            session.hear(time.perf_counter(), 0, data)
        session.hear(time.perf_counter(), 0, bytes((0x9F, 30 + burst % 60, 100)))
        waits_us.append((time.perf_counter() - began_s) * 1e6)
        session.hear(time.perf_counter(), 0, bytes((0x8F, 30 + burst % 60, 64)))
        engine.render(BLOCK_FRAMES)
    return waits_us
