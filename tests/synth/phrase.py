"""A random piece of playing, the engine that plays it, and the replay of a log."""

import numpy as np

from synth.engine.engine import Engine, Event
from synth.patch import RoomSettings
from tests.synth.toy import (
    level,
    lift,
    macro,
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
MACROS = {(0, 3): 1.0, (1, 7): -2.0, (2, 16): -12.0, (3, 17): 150.0}


def phrase(n_frames: int = 24_000, seed: int = 3) -> list[Event]:
    """A random piece of playing in order of its frames."""
    rng = np.random.default_rng(seed)
    events: list[Event] = []
    for touch in range(30):
        begin, end = np.sort(rng.integers(0, n_frames, 2))
        hand = {"press": float(rng.random()), "slide": float(rng.random())}
        note = float(rng.integers(40, 90))
        events.append(strike(touch, int(begin), note, **hand))
        for frame in rng.integers(begin, end + 1, 8):
            glide = float(rng.normal())
            step = float(rng.choice([0, 0, 0, 2, -5]))
            press = float(rng.random())
            events.append(move(touch, int(frame), press, note + step, glide_semitones=glide))
        events.append((lift if touch % 3 else stop)(touch, int(end)))
    events += [zone_glide(float(rng.normal()), int(f)) for f in rng.integers(0, n_frames, 10)]
    events += [level(float(rng.random()), int(f)) for f in rng.integers(0, n_frames, 10)]
    events += [
        macro(int(rng.integers(4)), float(rng.random()), int(f))
        for f in rng.integers(0, n_frames, 20)
    ]
    events.append(panic(n_frames // 2))
    return sorted(events, key=lambda event: event.frame)


def orchestra() -> Engine:
    return make_engine(random_space(1), toy_patch(room=WET, macros=MACROS))


def replayed(engine: Engine, log: np.ndarray, n_frames: int) -> np.ndarray:
    """The samples of a fresh engine that is told what another one applied."""
    fresh = Engine(engine.space)
    fresh.install(engine._rack.installed[1])
    for event in log:
        fresh.push(Event(*event.item()))
    return fresh.render(n_frames)
