"""Endurance: minutes of random playing through the whole instrument, and what was left standing."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from embouchure.session import event_at
from mapper.receiver import Receiver
from mapper.touch import TouchEvent
from mapper.traffic import storm
from synth.engine.engine import BLOCK_FRAMES, Engine

STORM_HZ: Final = 4000.0
SLICE_S: Final = 1.0
TAIL_S: Final = 30.0
"""Longer than any factory preset takes to fall silent."""


@dataclass(frozen=True, kw_only=True)
class Endured:
    """What came out of a storm so far; levels are ratios of full scale."""

    seconds: float
    n_events: int
    peak: float
    n_not_finite: int
    """Samples, and blocks that the limiter had to silence, so far."""
    n_held: int
    n_stolen: int
    memory_mb: float | None
    """The most memory that this process has held; None where the system does not tell."""


def memory_mb() -> float | None:
    """Peak resident memory of this process."""
    try:
        import resource
    except ModuleNotFoundError:  # Windows
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20


def endure(engine: Engine, seconds: float, seed: int) -> Iterator[Endured]:
    """Play a storm into an engine and tell, second by second, how it stands.

    The last word is told after every key went up and the tails had `TAIL_S` to die: then nothing
    may be held, and `peak` is that of the last of these seconds.
    """
    receiver = Receiver()
    weather = storm(seed, seconds, STORM_HZ)
    n_events, pending = 0, next(weather, None)
    for second in range(1, round(seconds) + 1):
        while pending is not None and pending[0] < second:
            n_events += _play(engine, receiver.receive(pending[1], pending[0]))
            pending = next(weather, None)
        yield _listen(engine, second, n_events)
    n_events += _play(engine, receiver.release_all(seconds))
    for second in range(1, round(TAIL_S)):
        _listen(engine, seconds + second, n_events)
    yield _listen(engine, seconds + TAIL_S, n_events)


def _play(engine: Engine, events: list[TouchEvent]) -> int:
    for event in events:
        engine.push(event_at(round(event.time_s * engine.rate_hz), event))
    return len(events)


def _listen(engine: Engine, seconds: float, n_events: int) -> Endured:
    """Render the next second."""
    sound = engine.render(round(SLICE_S * engine.rate_hz) // BLOCK_FRAMES * BLOCK_FRAMES)
    now = engine.snapshot()
    return Endured(
        seconds=seconds,
        n_events=n_events,
        peak=float(np.abs(np.nan_to_num(sound)).max()),
        n_not_finite=int((~np.isfinite(sound)).sum()) + now.non_finite,
        n_held=now.n_held,
        n_stolen=now.stolen,
        memory_mb=memory_mb(),
    )
