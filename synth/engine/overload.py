"""Overload: what gives way when the sound takes too long to make, and how it comes back.

Past `LIMIT` of the deadline tails go first, quietest first; when none is left, old voices get
fewer control frames. Held notes never go. Each step has time to take effect before the next, and
the way back needs a long calm, so that the two do not chase each other.

A decision is taken when a buffer is done and acts at the start of the next block, before any event
of that block; it is written down as an event of that frame. Whoever replays those events with the
player's, in this order, gets the same samples.
"""

import numpy as np
from numba import carray, njit

from synth.engine import voices
from synth.engine.intrinsics import as_pointer, store_release
from synth.engine.layout import (
    EVENT,
    FREE,
    N_SLOTS,
    OWN_EVENTS,
    PACE,
    SHED,
    TAIL,
    Record,
    Records,
)

LIMIT = np.float32(0.7)
TARGET = np.float32(0.6)
CALM = np.float32(0.35)
"""Half the limit: a pace twice as quick at most doubles the load, so no step back undoes itself."""
CALM_S = 0.5
AVERAGE_S = 0.02
LATE_SHARE = np.float32(0.25)
"""As bad as an average past the limit: this share of single buffers past it."""
MOST_LOAD = np.float32(2.0)
"""A single buffer counts for no more, since one gap of the system's is no overload."""
SETTLE_S = 0.02
"""Time in which a step shows its effect: a fade, then a look at the load."""
SHED_AT_ONCE = 2


@njit(cache=True, error_model="numpy")
def _write_down(state: Record, kind: int, touch: int) -> None:
    own = carray(as_pointer(state.own), (OWN_EVENTS,), EVENT)
    head = state.own_head[0]
    event = own[head % OWN_EVENTS]
    event.frame, event.kind, event.touch = state.frame, kind, touch
    store_release(state.own_head, 0, head + 1)


@njit(cache=True, error_model="numpy")
def _quietest_tail(state: Record, slots: Records) -> int:
    quietest, lowest_db = -1, np.float32(1e9)
    for slot in range(N_SLOTS):
        if slots[slot].status == TAIL:
            level_db = voices.heard_db(state, slots[slot])
            if level_db < lowest_db:
                quietest, lowest_db = slot, level_db
    return quietest


@njit(cache=True, error_model="numpy")
def _shed_owed(state: Record, slots: Records) -> None:
    """Give up a few of the tails that must go."""
    for _ in range(min(SHED_AT_ONCE, state.owed)):
        slot = _quietest_tail(state, slots)
        if slot < 0:
            state.owed = 0
            return
        touch = slots[slot].touch
        _write_down(state, SHED, touch)
        voices.shed(state, slots, touch)
        state.owed -= 1


@njit(cache=True, error_model="numpy")
def _change_pace(state: Record, blocks: int) -> None:
    _write_down(state, PACE, blocks)
    voices.set_pace(state, blocks)


@njit(cache=True, error_model="numpy")
def _start_afresh(state: Record) -> None:
    state.pressure, state.late_share = TARGET, np.float32(0)
    state.calm_frames, state.settle_frames = 0, np.int64(SETTLE_S * state.rate_hz)


@njit(cache=True, error_model="numpy")
def _relieve(state: Record, slots: Records) -> None:
    """Owe as many tails as the excess costs or, without tails, double the pace."""
    n_sounding = n_tails = 0
    for slot in range(N_SLOTS):
        n_sounding += slots[slot].status != FREE
        n_tails += slots[slot].status == TAIL
    if n_tails > 0:
        excess = np.float32(1) - TARGET / max(state.pressure, TARGET)
        state.owed = min(max(int(np.ceil(n_sounding * excess)), 1), n_tails)
    elif state.pace < voices.MAX_PACE:
        _change_pace(state, state.pace * 2)


@njit(cache=True, error_model="numpy")
def _recover(state: Record, n_frames: int) -> None:
    """Halve the pace again after a long enough calm."""
    state.calm_frames += n_frames
    if state.calm_frames > CALM_S * state.rate_hz and state.pace > voices.MIN_PACE:
        _change_pace(state, state.pace // 2)
        _start_afresh(state)


@njit(cache=True, error_model="numpy")
def watch(state: Record, slots: Records, load: np.float32, n_frames: int) -> None:
    """Judge the buffer that is done, which took `load` of its deadline, and decide."""
    if state.settle_frames > 0:
        state.settle_frames -= n_frames
    else:
        share = np.float32(min(n_frames / state.rate_hz / AVERAGE_S, 1.0))
        late = np.float32(1) if load > LIMIT else np.float32(0)
        state.pressure += (min(load, MOST_LOAD) - state.pressure) * share
        state.late_share += (late - state.late_share) * share
        if state.pressure > LIMIT or state.late_share > LATE_SHARE:
            _relieve(state, slots)
            _start_afresh(state)
        elif state.pressure < CALM:
            _recover(state, n_frames)
        else:
            state.calm_frames = 0
    _shed_owed(state, slots)
