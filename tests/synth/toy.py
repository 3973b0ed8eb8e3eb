"""A toy instrument for the tests: small spaces, one plain mapping, and short ways to play."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numba import carray, cfunc, types
from numpy.typing import NDArray

from synth.controls import (
    CODE_SIZE,
    N_CONTROLS,
    N_DECODER_INPUTS,
    NOISE,
    ORDERS,
    PARTIALS,
    SILENCE_DB,
    STRETCH,
    TRANSIENT,
)
from synth.engine.engine import Engine, Event
from synth.engine.layout import LEVEL, LIFT, MACRO, MOVE, PANIC, STOP, STRIKE, ZONE_GLIDE
from synth.patch import N_MACROS, Patch, RoomSettings, VoiceSettings
from synth.space import Sound, Space, SpaceCard

Array = NDArray[np.float32]

RATE_HZ = 48_000.0
DRY = RoomSettings(mix=0.0)
CARD = SpaceCard(
    name="toy",
    licence="CC0-1.0",
    provenance=["numbers out of a hat"],
    loudness_mean_db=-25.0,
    loudness_deviation_db=10.0,
    ages_s=[0.0, 1.0],
    sounds=[Sound(name="plain", family="toy", note=60, strike=0.5, release_s=0.1)],
)
QUIETEST_DB, PRESS_DB = -50.0, 30.0


@cfunc(types.void(*[types.voidptr] * 4), cache=True)
def toy_map(touch_at, memory_at, blob_at, trajectory_at):  # noqa: ANN001
    """Loudness from press, code 0 from slide; the blob adds cents and a fault to the loudness."""
    touch, blob = carray(touch_at, (9,), np.float32), carray(blob_at, (2,), np.float32)
    trajectory = carray(trajectory_at, (CODE_SIZE + 2,), np.float32)
    trajectory[:] = 0.0
    trajectory[0] = touch[2] - np.float32(0.5)
    trajectory[CODE_SIZE] = QUIETEST_DB + PRESS_DB * touch[1] + blob[1]
    trajectory[CODE_SIZE + 1] = blob[0]


def arrays_of(weights: Sequence[NDArray], biases: Sequence[NDArray]) -> dict[str, Array]:
    """The arrays of a space with this decoder."""
    low, high = np.full(N_CONTROLS, SILENCE_DB), np.full(N_CONTROLS, 30.0)
    low[STRETCH], high[STRETCH] = -0.03, 0.03
    arrays = {f"decoder.weight.{i}": weight for i, weight in enumerate(weights)}
    arrays |= {f"decoder.bias.{i}": bias for i, bias in enumerate(biases)}
    arrays |= {"decoder.low": low, "decoder.high": high}
    arrays |= {
        "codebook.codes": np.zeros((1, 2, CODE_SIZE)),
        "codebook.loudness_db": np.full((1, 2), -20.0),
    }
    return {name: np.asarray(array, np.float32) for name, array in arrays.items()}


def flat_space(
    partials_db: Sequence[float] = (0.0,),
    noise_db: float = SILENCE_DB,
    transient_db: float = SILENCE_DB,
    slide_db: float = 0.0,
) -> Space:
    """A space that says the same controls in every frame, but that slide raises the upper partials."""
    controls = np.zeros(N_CONTROLS)
    controls[PARTIALS] = SILENCE_DB
    controls[: len(partials_db)] = partials_db
    controls[NOISE], controls[TRANSIENT] = noise_db, transient_db
    hidden = np.zeros((16, N_DECODER_INPUTS))
    hidden[0, 0], hidden[1, 0] = 1.0, -1.0
    shown = np.zeros((N_CONTROLS, 16))
    shown[1 : len(partials_db), 0], shown[1 : len(partials_db), 1] = slide_db, -slide_db
    return Space(CARD, arrays_of([hidden, shown], [np.zeros(16), controls]))


def random_space(seed: int = 0, hidden: Sequence[int] = (32, 32, 32)) -> Space:
    """A random decoder around a plausible sound: harmonics that fall, quiet noise, a tiny stretch."""
    rng = np.random.default_rng(seed)
    sizes = (N_DECODER_INPUTS, *hidden, N_CONTROLS)
    weights = [rng.normal(size=(n, m)) / np.sqrt(m) for m, n in pairwise(sizes)]
    weights[-1][STRETCH] *= 1e-4
    biases = [rng.normal(size=n) for n in sizes[1:]]
    biases[-1][PARTIALS] -= 10.0 + 0.3 * ORDERS
    biases[-1][NOISE], biases[-1][TRANSIENT], biases[-1][STRETCH] = -50.0, -30.0, 0.0
    return Space(CARD, arrays_of(weights, biases))


def toy_patch(
    *,
    cents: float = 0.0,
    fault: float = 0.0,
    room: RoomSettings = DRY,
    voice: VoiceSettings | None = None,
    macros: dict[tuple[int, int], float] | None = None,
) -> Patch:
    """A patch over the toy mapping, dry unless said otherwise, with some numbers of its macros."""
    added = np.zeros((N_MACROS, CODE_SIZE + 2), np.float32)
    for place, value in (macros or {}).items():
        added[place] = value
    return Patch(
        map_address=toy_map.address,
        blob=np.array([cents, fault], np.float32),
        macros=added,
        voice=voice or VoiceSettings(),
        room=room,
    )


def make_engine(
    space: Space | None = None, patch: Patch | None = None, rate_hz: float = RATE_HZ
) -> Engine:
    """An engine that is about to select the patch, a dry one by default."""
    engine = Engine(space or flat_space(), rate_hz=rate_hz)
    engine.select(engine.install(patch or toy_patch()))
    return engine


def strike(
    touch: int = 1, frame: int = 0, note: float = 69.0, press: float = 0.5, **more: float
) -> Event:
    """The start of a touch."""
    return Event(frame, touch, STRIKE, note=note, strike=0.8, press=press, **more)


def move(
    touch: int = 1, frame: int = 0, press: float = 0.5, note: float = 69.0, **more: float
) -> Event:
    """A touch's dimensions as they now stand."""
    return Event(frame, touch, MOVE, note=note, strike=0.8, press=press, **more)


def lift(touch: int = 1, frame: int = 0, press: float = 0.5, **more: float) -> Event:
    """The end of a touch, from which it rings out."""
    return Event(frame, touch, LIFT, press=press, **more)


def stop(touch: int = 1, frame: int = 0) -> Event:
    """The end of a touch and its sound."""
    return Event(frame, touch, STOP)


def zone_glide(semitones: float, frame: int = 0, zone: int = 0) -> Event:
    """A bend of a whole zone."""
    return Event(frame, 0, ZONE_GLIDE, zone=zone, glide_semitones=semitones)


def level(gain: float, frame: int = 0, zone: int = 0) -> Event:
    """The volume of a zone, a ratio of amplitude."""
    return Event(frame, 0, LEVEL, zone=zone, press=gain)


def macro(number: int, value: float, frame: int = 0, zone: int = 0) -> Event:
    """The place of one of a zone's macros."""
    return Event(frame, number, MACRO, zone=zone, press=value)


def panic(frame: int = 0) -> Event:
    """The end of everything."""
    return Event(frame, 0, PANIC)
