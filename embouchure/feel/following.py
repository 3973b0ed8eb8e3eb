"""Following: how the level answers a press that steps, wobbles, trembles and grows."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embouchure.feel.bounds import Figures
from embouchure.feel.measures import (
    RATE_HZ,
    half_change_s,
    hiss_db,
    largest_jump_db,
    level_db,
    ripple_db,
    wave,
)
from embouchure.feel.rig import Rig
from mapper.traffic import Stroke, still

Array = NDArray[np.float64]

NOTE: Final = 72
FAINT: Final = 1 / 127
FAINT_S: Final = 0.15
SETTLED_S: Final = 0.8
"""By this age a faint strike no longer sounds along with the press."""
WINDOW_S: Final = 0.004
STEPS_S: Final = (0.9, 1.1017, 1.3031, 1.5049)
"""Steps fall at several places between two control frames."""
WOBBLE_HZ: Final = 6.0
LEAN_S: Final = 3.0
"""How long a slow crescendo from nothing to full press takes, and a quick one."""
QUICK_S: Final = 0.5
CRESCENDO_PARTS: Final = 20


def leaning(press: Callable[[float], float], length_s: float) -> Stroke:
    """Strike and press faintly, and only then begin to press, so that no strike is read out of it."""

    def eased(age_s: float) -> float:
        if age_s < FAINT_S:
            return FAINT
        return press(max(age_s - SETTLED_S, 0.0)) * min(1.0, (age_s - FAINT_S) / FAINT_S)

    length_s += SETTLED_S
    return Stroke(note=NOTE, strike=FAINT, length_s=length_s, press=eased)


def following(rig: Rig) -> Figures:
    """Lean on one note in every way that a press can move."""
    slow = crescendo_levels_db(rig, LEAN_S)
    return {
        "step_ms": 1000.0 * step_s(rig),
        **wobbling(rig, slow),
        "ripple_db": noise_ripple_db(rig),
        "span_db": float(slow[-1] - slow[0]),
        "jump_db": largest_jump_db(slow),
        "zipper_db": zipper_db(rig),
    }


def step_s(rig: Rig) -> float:
    """Step the press up and down; return the slowest half change."""
    ages = np.array(STEPS_S)

    def press(since_s: float) -> float:
        return 0.8 if np.searchsorted(ages, SETTLED_S + since_s, side="right") % 2 else 0.3

    level = level_db(rig.sound([leaning(press, 0.9)]), WINDOW_S)
    return max(half_change_s(level, at_s, at_s - 0.01, at_s + 0.15) for at_s in STEPS_S)


def crescendo(rig: Rig, length_s: float) -> Array:
    """Press from nothing to full in so long, and hold; it begins at `SETTLED_S`."""
    return rig.sound([leaning(lambda since_s: min(1.0, since_s / length_s), length_s + 0.2)])


def crescendo_levels_db(rig: Rig, length_s: float) -> Array:
    """Levels at the 128 values of a crescendo, each over the time that it is held."""
    step_s = length_s / 127
    level = level_db(crescendo(rig, length_s), step_s)
    at_s = SETTLED_S + step_s * np.arange(128) + np.append(np.zeros(127), 0.1)
    return np.asarray(level[np.round(at_s * RATE_HZ).astype(int)])


def wobbling(rig: Rig, levels_db: Array) -> Figures:
    """Wobble the press six times a second by a tenth either way."""
    n_waves = 6
    length_s = n_waves / WOBBLE_HZ

    def press(since_s: float) -> float:
        return 0.5 + 0.1 * float(np.sin(2.0 * np.pi * WOBBLE_HZ * since_s))

    sound = rig.sound([leaning(press, length_s + 0.1)])
    first = round(SETTLED_S * RATE_HZ)
    n = round(length_s * RATE_HZ)
    heard = wave(level_db(sound, 0.010)[first : first + n], WOBBLE_HZ)
    presses = 0.5 + 0.1 * np.sin(2.0 * np.pi * WOBBLE_HZ * np.arange(n) / RATE_HZ)
    meant = wave(np.interp(presses * 127, np.arange(128), levels_db), WOBBLE_HZ)
    behind = np.angle(meant / heard) / (2.0 * np.pi * WOBBLE_HZ)
    return {
        "wobble_db": 20.0 * float(np.log10(abs(heard) / abs(meant))),
        "behind_ms": 1000.0 * float(behind),
    }


def noise_ripple_db(rig: Rig) -> float:
    """Hold a press that is noisy by one step, and one that is not; return what the noise adds."""
    steps = np.random.default_rng(1).integers(-1, 2, 500)

    def noisy(since_s: float) -> float:
        return (64 + int(steps[int(since_s / 0.008)])) / 127

    part = slice(round(SETTLED_S * RATE_HZ), round((SETTLED_S + 0.9) * RATE_HZ))
    held, moved = (
        level_db(rig.sound([leaning(press, 1.0)]), 0.020)[part]
        for press in (still(64 / 127), noisy)
    )
    return ripple_db(moved - held)


def zipper_db(rig: Rig) -> float:
    """Compare the energy above 10 kHz of a quick crescendo with that of a slow one."""
    quick, slow = (
        np.array([10.0 ** (hiss_db(part) / 10.0) for part in _parts(rig, length_s)])
        for length_s in (QUICK_S, LEAN_S)
    )
    return 10.0 * float(np.log10((quick.sum() + 1e-12) / (slow.sum() + 1e-12)))


def _parts(rig: Rig, length_s: float) -> list[Array]:
    first = round(SETTLED_S * RATE_HZ)
    whole = crescendo(rig, length_s)[first : first + round(length_s * RATE_HZ)]
    return np.array_split(whole, CRESCENDO_PARTS)
