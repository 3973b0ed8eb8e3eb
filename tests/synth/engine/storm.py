"""A storm of events that no hands would play; as a program, with every access of an array checked."""

from dataclasses import replace

import numpy as np
from numba.core import config

from synth.engine.engine import Engine, Event
from synth.engine.layout import N_PATCHES, PANIC, RING_EVENTS, SELECT, ZONE_GLIDE
from synth.patch import RoomSettings, VoiceSettings
from tests.synth.toy import make_engine, random_space, toy_patch
from tests.synth.toy_lattice import toy_lattice

N_TOUCHES = 60
EVENTS_PER_BLOCK = 6
WEIGHTS = np.array([30, 40, 10, 5, 5, 0.2, 3, 5, 2, 1, 0.2])
"""How often each kind of event comes, in the order of the kinds."""


def stormy_engine() -> Engine:
    """An engine whose slots all hold patches, each in a room of its own, and some with a lattice."""
    space = random_space(9)
    engine = make_engine(space)
    lattices = (None, toy_lattice(space), None, toy_lattice(space, is_grid=False))
    rng = np.random.default_rng(8)
    for slot in range(N_PATCHES):
        room = RoomSettings(mix=rng.random(), size=rng.uniform(0.1, 1), decay_s=rng.uniform(0.1, 9))
        voice = VoiceSettings(gain_db=rng.uniform(-60, 24), release_slow_s=rng.uniform(0.005, 2))
        patch = replace(toy_patch(room=room, voice=voice), lattice=lattices[slot % 4])
        engine._rack.write(slot, patch)
    return engine


def random_event(rng: np.random.Generator, frame: int) -> Event:
    """Any event near a frame, late ones and early ones among them."""
    kind = int(rng.choice(len(WEIGHTS), p=WEIGHTS / WEIGHTS.sum()))
    glide = float(rng.choice([rng.normal(), rng.normal(0, 48), 96.0, -96.0]))
    return Event(
        frame=int(frame + rng.integers(-100, 300)),
        touch=int(rng.integers(N_PATCHES if kind == SELECT else N_TOUCHES)),
        kind=kind,
        zone=int(rng.integers(-1, 300)),
        note=float(rng.uniform(0, 127)),
        strike=float(rng.random()),
        press=float(rng.random()),
        slide=float(rng.random()),
        glide_semitones=glide,
        lift=float(rng.random()),
    )


def storm(engine: Engine, n_blocks: int, seed: int = 1) -> np.ndarray:
    """Play a storm and return its sound, shape (n_frames, 2)."""
    rng = np.random.default_rng(seed)
    blocks = []
    for _ in range(n_blocks):
        for _ in range(rng.poisson(EVENTS_PER_BLOCK)):
            engine.push(random_event(rng, engine.frame))
        blocks.append(engine.render(64))
    return np.vstack(blocks)


def calm(engine: Engine) -> np.ndarray:
    """End the storm, and return what still sounds a while later."""
    for zone in range(256):
        engine.push(Event(engine.frame, 0, ZONE_GLIDE, zone=zone))
    engine.push(Event(engine.frame, 0, PANIC))
    engine.render(4800)
    return engine.render(4800)


if __name__ == "__main__":
    engine = stormy_engine()
    n_blocks = RING_EVENTS // EVENTS_PER_BLOCK + 100
    assert config.BOUNDSCHECK
    assert np.isfinite(storm(engine, n_blocks)).all()
