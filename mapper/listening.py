"""Listening: the compiled steps from a touch at one control frame to its features."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mapper.features import AT, MEMORY_SIZE, N_FEATURES, N_STATES
from mapper.stillness import NOISE
from mapper.tracking import N_TRACK, TOLD, VALUE, begin, compiled, track

Array = NDArray[np.float32]

PRESS, SLIDE, GLIDE, _TRACKS_END = range(0, 4 * N_TRACK, N_TRACK)
"""Where in a memory the tracks of the continuous dimensions begin."""
STRIKE, PRESS_30MS, PEAK_PRESS, EARLY_PRESS, HOLD, NO_PRESS_S, GLIDE_SLOW, VIBRATO_DEPTH = range(
    _TRACKS_END, _TRACKS_END + 8
)
"""Where the other states are."""

RATE_S: Final = 0.030
CARRY_S: Final = 0.030
"""How long the strike alone carries the sound: pressure arrives late and from zero."""
EARLY_S: Final = 0.100
"""A finger that presses at all does so by this age; later pressure is a keyboard's aftertouch."""
YIELD_S: Final = 0.030
"""Time constant with which the strike's remainder yields to a finger that presses."""
YIELD_PRESS: Final = 0.05
"""Early press from which it yields at that pace; without any it never yields by itself."""
CLOSING_S: Final = 0.012
"""Controllers let press fall to 0 up to this long before they tell of the lift."""
MIDDLE_STRIKE: Final = 0.5
"""The strike that every touch has where strikes do not count."""
GLIDE_SLOW_S: Final = 0.080
VIBRATO_S: Final = 0.200
AGE_LIMIT_S: Final = 8.0
LEVEL_CURVE: Final = 8.0


@compiled
def toward(value: float, target: float, dt_s: float, time_s: float) -> float:
    """Move a state towards a target, as a one-pole filter of that time constant does."""
    return target + (value - target) * math.exp(-dt_s / time_s)


@compiled
def listen(touch: Array, memory: Array, strike_share: float) -> None:
    """Advance the states of one touch by one control frame.

    Press takes over softly what the strike began: `effort` is press plus `hold`; hold starts as
    the strike less the press, gives way as far as press rises to new heights, and yields in
    time to a finger that presses early. So the strike speaks without pressure, a rising press
    never dips, aftertouch swells a key from the strike's level on, and a finger that has pressed
    as hard as it struck has the level in hand.
    """
    strike = MIDDLE_STRIKE + strike_share * (touch[0] - MIDDLE_STRIKE)
    if touch[8] <= 0.0:
        start(memory, strike, touch[1], touch[2], touch[3])
    else:
        follow(touch, memory, meant_press(touch, memory))
        ring_on(memory, strike, touch[6], touch[8])
        swing(memory, touch[8])


@compiled
def follow(touch: Array, memory: Array, press: float) -> None:
    """Track the continuous dimensions."""
    age_s, dt_s = touch[6], touch[8]
    track(memory, PRESS, press, NOISE, age_s, dt_s)
    track(memory, SLIDE, touch[2], NOISE, age_s, dt_s)
    track(memory, GLIDE, touch[3], 0.0, age_s, dt_s)
    memory[PRESS_30MS] = toward(memory[PRESS_30MS], memory[PRESS + VALUE], dt_s, RATE_S)


@compiled
def swing(memory: Array, dt_s: float) -> None:
    """Tell the vibrato from the slow part of the glide."""
    glide = memory[GLIDE + VALUE]
    memory[GLIDE_SLOW] = toward(memory[GLIDE_SLOW], glide, dt_s, GLIDE_SLOW_S)
    vibrato = abs(glide - memory[GLIDE_SLOW])
    memory[VIBRATO_DEPTH] = toward(memory[VIBRATO_DEPTH], vibrato, dt_s, VIBRATO_S)


@compiled
def start(memory: Array, strike: float, press: float, slide: float, glide: float) -> None:
    """Set the states of a touch that has just struck."""
    begin(memory, PRESS, press)
    begin(memory, SLIDE, slide)
    begin(memory, GLIDE, glide)
    memory[STRIKE] = strike
    memory[PRESS_30MS] = memory[PEAK_PRESS] = memory[EARLY_PRESS] = press
    memory[HOLD] = max(strike - press, 0.0)
    memory[NO_PRESS_S] = 0.0
    memory[GLIDE_SLOW] = glide
    memory[VIBRATO_DEPTH] = 0.0


@compiled
def meant_press(touch: Array, memory: Array) -> float:
    """Tell what the player means by the press.

    A fall to 0 counts once it has outlasted what a controller sends before a lift; after the lift
    nothing swells, so that such a fall, whenever it came, is not heard to come back.
    """
    press, since_lift_s, dt_s = touch[1], touch[7], touch[8]
    if since_lift_s >= 0.0:
        return min(press, memory[PRESS + VALUE])
    memory[NO_PRESS_S] = 0.0 if press > 0.0 else memory[NO_PRESS_S] + dt_s
    closing = press <= 0.0 and memory[NO_PRESS_S] <= CLOSING_S
    return memory[PRESS + TOLD] if closing else press


@compiled
def ring_on(memory: Array, strike: float, age_s: float, dt_s: float) -> None:
    """Let the strike's remainder give way to press; a strike may be told late, by first presses."""
    rise = max(memory[PRESS + VALUE] - memory[PEAK_PRESS], 0.0)
    memory[PEAK_PRESS] += rise
    memory[HOLD] = max(memory[HOLD] - rise, 0.0)
    if age_s < EARLY_S:
        memory[EARLY_PRESS] = memory[PEAK_PRESS]
        if strike != memory[STRIKE]:
            memory[STRIKE] = strike
            memory[HOLD] = max(strike - memory[PEAK_PRESS], 0.0)
    if age_s > CARRY_S:
        pace = min(memory[EARLY_PRESS] / YIELD_PRESS, 1.0)
        memory[HOLD] *= math.exp(-pace * dt_s / YIELD_S)


@compiled
def describe(touch: Array, memory: Array) -> None:
    """Write the features of the touch, `FEATURES` in order, behind the states in memory."""
    strike, press, glide = memory[STRIKE], memory[PRESS + VALUE], memory[GLIDE + VALUE]
    lift, age_s, since_lift_s = touch[4], touch[6], touch[7]
    pitch_note = touch[5] + glide
    effort = min(press + memory[HOLD], 1.0)
    out = memory[N_STATES:]
    out[AT.strike] = strike
    out[AT.press] = press
    out[AT.effort] = effort
    out[AT.level] = math.log1p(LEVEL_CURVE * effort) / math.log1p(LEVEL_CURVE)
    out[AT.hold] = memory[HOLD]
    out[AT.press_rate] = (press - memory[PRESS_30MS]) / RATE_S
    out[AT.slide] = memory[SLIDE + VALUE]
    out[AT.glide_semitones] = glide
    out[AT.vibrato_semitones] = glide - memory[GLIDE_SLOW]
    out[AT.vibrato_depth_semitones] = memory[VIBRATO_DEPTH]
    out[AT.pitch_note] = pitch_note
    out[AT.lift] = lift
    describe_age(strike, pitch_note, age_s, out)
    since_s = max(since_lift_s, 0.0)
    out[AT.released_30ms] = 1.0 - math.exp(-since_s / 0.03)
    out[AT.released_300ms] = 1.0 - math.exp(-since_s / 0.3)
    out[AT.released_lift] = lift * out[AT.released_30ms]


@compiled
def describe_age(strike: float, pitch_note: float, age_s: float, out: Array) -> None:
    """Write the features of the time since the strike."""
    out[AT.age_10ms] = math.exp(-age_s / 0.01)
    out[AT.age_40ms] = math.exp(-age_s / 0.04)
    out[AT.age_160ms] = math.exp(-age_s / 0.16)
    out[AT.age_640ms] = math.exp(-age_s / 0.64)
    out[AT.age_s] = min(age_s, AGE_LIMIT_S)
    out[AT.age_pitched_s] = min(age_s * 2.0 ** ((pitch_note - 60.0) / 24.0), AGE_LIMIT_S)
    out[AT.burst_40ms] = strike * out[AT.age_40ms]
    out[AT.burst_160ms] = strike * out[AT.age_160ms]
    out[AT.burst_640ms] = strike * out[AT.age_640ms]


@compiled
def _follow(touches: Array, memory: Array, features: Array, strike_share: float) -> None:
    for frame in range(len(touches)):
        listen(touches[frame], memory, strike_share)
        describe(touches[frame], memory)
        features[frame] = memory[N_STATES : N_STATES + N_FEATURES]


def gesture_features(touches: NDArray[np.floating], strike_share: float = 1.0) -> Array:
    """Describe a whole gesture with the kernels that play it.

    Parameters
    ----------
    touches
        Touch rows at successive control frames, `TOUCH_FIELDS` in order, shape
        (n_frames, len(TOUCH_FIELDS)); the first is the strike.
    strike_share
        How much of the first loudness is the strike's, as `mapper.manner.Manner` has it.

    Returns
    -------
    NDArray
        Shape (n_frames, N_FEATURES), float32.
    """
    rows = np.ascontiguousarray(touches, np.float32)
    features = np.zeros((len(rows), N_FEATURES), np.float32)
    _follow(rows, np.zeros(MEMORY_SIZE, np.float32), features, strike_share)
    return features
