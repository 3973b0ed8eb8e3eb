"""Listening: the compiled steps from a touch at one control frame to its features."""

import math
from collections.abc import Callable
from typing import Final, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

from mapper.features import MEMORY_SIZE, N_FEATURES, N_STATES

Array = NDArray[np.float32]
Kernel = TypeVar("Kernel", bound=Callable[..., object])

PRESS, PRESS_30MS, PEAK_PRESS, EARLY_PRESS, HOLD, SLIDE, GLIDE_SLOW, VIBRATO_DEPTH = range(8)

STAIRS_S: Final = 0.003
"""Time constant that rounds the stairs of 7-bit press and slide."""
STAIRS_AGE_S: Final = 0.020
"""Before this age nothing is rounded: the attack is the player's."""
RATE_S: Final = 0.030
CARRY_S: Final = 0.030
"""How long the strike alone carries the sound: pressure arrives late and from zero."""
EARLY_S: Final = 0.100
"""A finger that presses at all does so by this age; later pressure is a keyboard's aftertouch."""
YIELD_S: Final = 0.030
"""Time constant with which the strike's remainder yields to a finger that presses."""
YIELD_PRESS: Final = 0.05
"""Early press from which it yields at that pace; without any it never yields by itself."""
GLIDE_SLOW_S: Final = 0.080
VIBRATO_S: Final = 0.200
AGE_LIMIT_S: Final = 8.0
LEVEL_CURVE: Final = 8.0


def compiled(function: Kernel) -> Kernel:
    """Compile a function for the audio thread: no exceptions, no allocation by itself."""
    fast = {"reassoc", "contract"}
    return cast(Kernel, njit(error_model="numpy", cache=True, fastmath=fast)(function))


@compiled
def toward(value: float, target: float, dt_s: float, time_s: float) -> float:
    """Move a state towards a target, as a one-pole filter of that time constant does."""
    return target + (value - target) * math.exp(-dt_s / time_s)


@compiled
def listen(touch: Array, memory: Array) -> None:
    """Advance the states of one touch by one control frame.

    Press takes over softly what the strike began: `effort` is press plus `hold`; hold starts as
    the strike less the press, gives way as far as press rises to new heights, and yields in
    time to a finger that presses early. So the strike speaks without pressure, a rising press
    never dips, aftertouch swells a key from the strike's level on, and a finger that has pressed
    as hard as it struck has the level in hand.
    """
    strike, press, slide, glide = touch[0], touch[1], touch[2], touch[3]
    age_s, dt_s = touch[6], touch[8]
    if dt_s <= 0.0:
        memory[PRESS] = memory[PRESS_30MS] = memory[PEAK_PRESS] = memory[EARLY_PRESS] = press
        memory[HOLD] = max(strike - press, 0.0)
        memory[SLIDE] = slide
        memory[GLIDE_SLOW] = glide
        memory[VIBRATO_DEPTH] = 0.0
        return
    stairs_s = STAIRS_S if age_s > STAIRS_AGE_S else 1e-6
    memory[PRESS] = toward(memory[PRESS], press, dt_s, stairs_s)
    memory[SLIDE] = toward(memory[SLIDE], slide, dt_s, stairs_s)
    memory[PRESS_30MS] = toward(memory[PRESS_30MS], memory[PRESS], dt_s, RATE_S)
    yield_(memory, age_s, dt_s)
    memory[GLIDE_SLOW] = toward(memory[GLIDE_SLOW], glide, dt_s, GLIDE_SLOW_S)
    vibrato = abs(glide - memory[GLIDE_SLOW])
    memory[VIBRATO_DEPTH] = toward(memory[VIBRATO_DEPTH], vibrato, dt_s, VIBRATO_S)


@compiled
def yield_(memory: Array, age_s: float, dt_s: float) -> None:
    """Let the strike's remainder give way to press."""
    rise = max(memory[PRESS] - memory[PEAK_PRESS], 0.0)
    memory[PEAK_PRESS] += rise
    memory[HOLD] = max(memory[HOLD] - rise, 0.0)
    if age_s < EARLY_S:
        memory[EARLY_PRESS] = memory[PEAK_PRESS]
    if age_s > CARRY_S:
        pace = min(memory[EARLY_PRESS] / YIELD_PRESS, 1.0)
        memory[HOLD] *= math.exp(-pace * dt_s / YIELD_S)


@compiled
def describe(touch: Array, memory: Array) -> None:
    """Write the features of the touch, `FEATURES` in order, behind the states in memory."""
    strike, glide, lift, age_s, since_lift_s = touch[0], touch[3], touch[4], touch[6], touch[7]
    pitch_note = touch[5] + glide
    effort = min(memory[PRESS] + memory[HOLD], 1.0)
    out = memory[N_STATES:]
    out[0] = strike
    out[1] = memory[PRESS]
    out[2] = effort
    out[3] = math.log1p(LEVEL_CURVE * effort) / math.log1p(LEVEL_CURVE)
    out[4] = memory[HOLD]
    out[5] = (memory[PRESS] - memory[PRESS_30MS]) / RATE_S
    out[6] = memory[SLIDE]
    out[7] = glide
    out[8] = glide - memory[GLIDE_SLOW]
    out[9] = memory[VIBRATO_DEPTH]
    out[10] = pitch_note
    out[11] = lift
    describe_age(strike, pitch_note, age_s, out)
    since_s = max(since_lift_s, 0.0)
    out[21] = 1.0 - math.exp(-since_s / 0.03)
    out[22] = 1.0 - math.exp(-since_s / 0.3)
    out[23] = lift * out[21]


@compiled
def describe_age(strike: float, pitch_note: float, age_s: float, out: Array) -> None:
    """Write the features of the time since the strike."""
    out[12] = math.exp(-age_s / 0.01)
    out[13] = math.exp(-age_s / 0.04)
    out[14] = math.exp(-age_s / 0.16)
    out[15] = math.exp(-age_s / 0.64)
    out[16] = min(age_s, AGE_LIMIT_S)
    out[17] = min(age_s * 2.0 ** ((pitch_note - 60.0) / 24.0), AGE_LIMIT_S)
    out[18] = strike * out[13]
    out[19] = strike * out[14]
    out[20] = strike * out[15]


@compiled
def _follow(touches: Array, memory: Array, features: Array) -> None:
    for frame in range(len(touches)):
        listen(touches[frame], memory)
        describe(touches[frame], memory)
        features[frame] = memory[N_STATES:]


def gesture_features(touches: NDArray[np.floating]) -> Array:
    """Describe a whole gesture with the kernels that play it.

    Parameters
    ----------
    touches
        Touch rows at successive control frames, `TOUCH_FIELDS` in order, shape
        (n_frames, len(TOUCH_FIELDS)); the first is the strike.

    Returns
    -------
    NDArray
        Shape (n_frames, N_FEATURES), float32.
    """
    rows = np.ascontiguousarray(touches, np.float32)
    features = np.zeros((len(rows), N_FEATURES), np.float32)
    _follow(rows, np.zeros(MEMORY_SIZE, np.float32), features)
    return features
