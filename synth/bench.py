"""The engine's benchmark: what a block costs, whole and by stage, beside an empty loop."""

import time
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from synth.controls import PARTIALS
from synth.engine import frames, noise, partials
from synth.engine.callback import callback
from synth.engine.engine import BLOCK_FRAMES, N_CHANNELS, Engine, Event
from synth.engine.layout import LIFT, STRIKE, Records
from synth.lattice import Lattice
from synth.patch import Patch
from synth.space import Space

VOICES: Final = (1, 4, 8, 16, 32)
BLOCKS_FRAMES: Final = (64, 128, 256)
LOWEST_NOTE: Final = 24
PARTIAL_FLOOR_DB: Final = -40.0
"""Every partial is held at least this loud, so that none is skipped: the worst case."""
SPREAD_FRAMES: Final = 192
"""Strikes are spread over this much, so that control frames are not all due in one block."""
HELD_S: Final = 6.0
YOUNG_ROUNDS: Final = 60
PERCENTILES: Final = (50.0, 99.0, 99.9)


@dataclass(frozen=True, kw_only=True)
class Row:
    """Times of one case in microseconds and as shares of the deadline.

    `case` is "held", "young" (every voice within 60 ms of its strike) or "empty" (the timing loop
    with nothing in it); `stage_us` are medians for one block of `BLOCK_FRAMES` in which every voice
    has a control frame.
    """

    case: str
    n_voices: int
    block_frames: int
    p50_us: float
    p99_us: float
    p999_us: float
    p50_share: float
    p99_share: float
    p999_share: float
    stage_us: dict[str, float]


def worst_case(space: Space) -> Space:
    """Copy a space so that all its partials are audible whatever is decoded."""
    loud = copy(space)
    loud.low = space.low.copy()
    loud.low[PARTIALS] = np.maximum(space.low[PARTIALS], PARTIAL_FLOOR_DB)
    loud.high = np.maximum(space.high, loud.low)
    return loud


class Rig:
    """An engine with voices held on it and the callback called as a device would."""

    def __init__(
        self,
        space: Space,
        patch: Patch,
        n_voices: int,
        rate_hz: float,
        lattice: Lattice | None = None,
    ) -> None:
        self.lattice = lattice
        self.engine = Engine(worst_case(space), rate_hz=rate_hz)
        self.engine.select(self.engine.install(patch))
        self.engine.parts()["state"]["clock_address"] = 0  # no load, so that nothing gives way
        self._n_voices, self._struck = n_voices, 0
        self._times = np.zeros(3)

    def strike(self) -> None:
        """Strike every voice within `SPREAD_FRAMES`, low enough that all partials sound."""
        for voice in range(self._n_voices):
            self._struck += 1
            note = LOWEST_NOTE + voice % 12
            frame = self.engine.frame + 37 * voice % SPREAD_FRAMES
            self.engine.push(
                Event(frame, self._struck, STRIKE, note=note, strike=0.8, press=0.7, slide=0.5)
            )

    def lift(self) -> None:
        """Lift every voice and let the tails die."""
        for touch in range(self._struck - self._n_voices + 1, self._struck + 1):
            self.engine.push(Event(self.engine.frame, touch, LIFT, lift=1.0))
        self.engine.render(int(self.engine.rate_hz * 2))

    def request(self, out: NDArray[np.float32]) -> int:
        """Ask for one buffer; return the nanoseconds that it took."""
        began = time.perf_counter_ns()
        callback.ctypes(
            None, out.ctypes.data, len(out), self._times.ctypes.data, 0, self.engine.state_address
        )
        return time.perf_counter_ns() - began


@njit(cache=True, error_model="numpy")
def _partials_stage(voices: Records, n_voices: int, out: NDArray[np.float32]) -> None:
    for slot in range(n_voices):
        partials.render(voices[slot], out)


@njit(cache=True, error_model="numpy")
def _noise_stage(
    state: Records,
    voices: Records,
    n_voices: int,
    loops: NDArray[np.float32],
    out: NDArray[np.float32],
) -> None:
    for slot in range(n_voices):
        noise.add_power(voices[slot], np.float32(1), state[0].noise_power)
    noise.render(state[0], loops, out)


@njit(cache=True, error_model="numpy")
def _mapping_stage(state: Records, voices: Records, patches: Records, n_due: int) -> None:
    for i in range(n_due):
        state[0].due[i] = i
    frames.trajectories(state[0], voices, patches, n_due)


@njit(cache=True, error_model="numpy")
def _decoder_stage(
    state: Records,
    voices: Records,
    patches: Records,
    decoder: NDArray[np.float32],
    n_due: int,
) -> None:
    frames.decode_due(state[0], voices, patches, decoder, n_due)


def _median_us(stage: Callable[[], None], rounds: int = 300) -> float:
    stage()
    taken_ns = []
    for _ in range(rounds):
        began = time.perf_counter_ns()
        stage()
        taken_ns.append(time.perf_counter_ns() - began)
    return float(np.median(taken_ns)) / 1e3


def _stages(rig: Rig, n_voices: int) -> dict[str, float]:
    """Time each stage alone on the voices as they now stand."""
    parts = rig.engine.parts()
    state, voices = parts["state"], parts["voices"]
    patches, decoder = parts["patches"], parts["decoder"]
    mono = np.zeros(BLOCK_FRAMES, np.float32)
    stereo = np.zeros((N_CHANNELS, BLOCK_FRAMES), np.float32)

    def decode() -> float:
        return _median_us(lambda: _decoder_stage(state, voices, patches, decoder, n_voices))

    mapping_us = _median_us(lambda: _mapping_stage(state, voices, patches, n_voices))
    return {
        "mapping": mapping_us,
        "decoder": decode(),
        **({"cached": _cached_us(rig, decode)} if rig.lattice else {}),
        "partials": _median_us(lambda: _partials_stage(voices, n_voices, mono)),
        "noise": _median_us(lambda: _noise_stage(state, voices, n_voices, parts["loops"], stereo)),
    }


def _cached_us(rig: Rig, decode: Callable[[], float]) -> float:
    """Time the decoder's stage with every voice's controls looked up, and undo that."""
    patches = rig.engine.parts()["patches"]
    before = patches["lattice_address"].copy()
    patches["lattice_address"] = rig.lattice.address if rig.lattice else 0
    try:
        return decode()
    finally:
        patches["lattice_address"] = before


def _row(
    case: str,
    n_voices: int,
    block_frames: int,
    taken_ns: list[int],
    rate_hz: float,
    stages: dict[str, float],
) -> Row:
    p50, p99, p999 = (float(p) / 1e3 for p in np.percentile(taken_ns, PERCENTILES))
    deadline_us = block_frames / rate_hz * 1e6
    return Row(
        case=case,
        n_voices=n_voices,
        block_frames=block_frames,
        p50_us=p50,
        p99_us=p99,
        p999_us=p999,
        p50_share=p50 / deadline_us,
        p99_share=p99 / deadline_us,
        p999_share=p999 / deadline_us,
        stage_us=stages,
    )


def _empty(rig: Rig, block_frames: int, seconds: float) -> Row:
    """Time the loop itself: the machine's own gaps."""
    taken = []
    for _ in range(int(seconds * rig.engine.rate_hz / block_frames)):
        began = time.perf_counter_ns()
        taken.append(time.perf_counter_ns() - began)
    return _row("empty", 0, block_frames, taken, rig.engine.rate_hz, {})


def _held(rig: Rig, n_voices: int, block_frames: int, seconds: float) -> Row:
    out = np.zeros((block_frames, N_CHANNELS), np.float32)
    rig.strike()
    rig.engine.render(int(0.2 * rig.engine.rate_hz))
    n_requests = int(seconds * rig.engine.rate_hz / block_frames)
    taken = [rig.request(out) for _ in range(n_requests)]
    if block_frames != BLOCKS_FRAMES[0]:
        rig.lift()
        return _row("held", n_voices, block_frames, taken, rig.engine.rate_hz, {})
    stages = _stages(rig, n_voices)
    return _row("held", n_voices, block_frames, taken, rig.engine.rate_hz, stages)


def _young(rig: Rig, n_voices: int, block_frames: int) -> Row:
    out = np.zeros((block_frames, N_CHANNELS), np.float32)
    n_requests = int(frames.YOUNG_S * rig.engine.rate_hz) // block_frames
    taken = []
    for _ in range(YOUNG_ROUNDS):
        rig.strike()
        taken += [rig.request(out) for _ in range(n_requests)]
        rig.lift()
    return _row("young", n_voices, block_frames, taken, rig.engine.rate_hz, {})


def run(
    space: Space,
    patch: Patch,
    *,
    rate_hz: float = 48_000.0,
    seconds: float = HELD_S,
    lattice: Lattice | None = None,
) -> Iterator[Row]:
    """Measure every case on this thread, yielding rows as they are done.

    With a lattice the stage "cached" is the decoder's with controls looked up there instead.
    """
    for block_frames in BLOCKS_FRAMES:
        yield _empty(Rig(space, patch, 0, rate_hz), block_frames, seconds)
        for n_voices in VOICES:
            rig = Rig(space, patch, n_voices, rate_hz, lattice)
            yield _held(rig, n_voices, block_frames, seconds)
            yield _young(Rig(space, patch, n_voices, rate_hz), n_voices, block_frames)
