"""A random piece of playing, the engine that plays it, and the replay of a log."""

import numpy as np

from synth.engine.engine import Engine, Event
from synth.patch import RoomSettings
from tests.synth.toy import (
    lift,
    make_engine,
    move,
    panic,
    random_space,
    stop,
    strike,
    toy_patch,
    zone_glide,
)

WET = RoomSettings(mix=0.4, decay_s=0.8)


def phrase(n_frames: int = 24_000, seed: int = 3) -> list[Event]:
    """A random piece of playing in order of its frames."""
    rng = np.random.default_rng(seed)
    events: list[Event] = []
    for touch in range(30):
        begin, end = np.sort(rng.integers(0, n_frames, 2))
        hand = {"press": float(rng.random()), "slide": float(rng.random())}
        events.append(strike(touch, int(begin), float(rng.integers(40, 90)), **hand))
        for frame in rng.integers(begin, end + 1, 8):
            glide = float(rng.normal())
            events.append(move(touch, int(frame), float(rng.random()), glide_semitones=glide))
        events.append((lift if touch % 3 else stop)(touch, int(end)))
    events += [zone_glide(float(rng.normal()), int(f)) for f in rng.integers(0, n_frames, 10)]
    events.append(panic(n_frames // 2))
    return sorted(events, key=lambda event: event.frame)


def orchestra() -> Engine:
    return make_engine(random_space(1), toy_patch(room=WET))


def replayed(engine: Engine, log: np.ndarray, n_frames: int) -> np.ndarray:
    """The samples of a fresh engine that is told what another one applied."""
    fresh = Engine(engine.space)
    fresh.install(engine._installed[1])
    for event in log:
        fresh.push(Event(*event.item()))
    return fresh.render(n_frames)
