"""Feel: what a preset answers to a finger on a controller, figure by figure, each with its bound."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embouchure.exercise import Rig
from embouchure.touch_measures import (
    RATE_HZ,
    half_change_s,
    hiss_db,
    largest_jump_db,
    level_db,
    peak_db,
    pitch_notes,
    quietest_db,
    ripple_db,
    wave,
)
from mapper.profile import Profile
from mapper.traffic import Stroke, still
from mapper.traffic.habits import PRESS, habits_of

Array = NDArray[np.float64]

NOTES: Final = (36, 60, 84)
STRIKES: Final = (20, 64, 110)
FOLLOWED_NOTE: Final = 72
FAINT: Final = 1 / 127
FAINT_S: Final = 0.15
SETTLED_S: Final = 0.8
"""By this age a faint strike no longer sounds along with the press."""
HELD_S: Final = 0.3
EARLY_S: Final = (0.012, 0.027)
SUSTAINED_EARLY_S: Final = (0.025, 0.045)
"""When a struck sound must be there, and when a bowed or blown one."""
LATER_S: Final = (0.150, 0.165)
WINDOW_S: Final = 0.004
STEPS_S: Final = (0.9, 1.1017, 1.3031, 1.5049)
"""Steps fall at several places between two control frames."""
WOBBLE_HZ: Final = 6.0
LEAN_S: Final = 3.0
"""How long a slow crescendo from nothing to full press takes, and a quick one."""
QUICK_S: Final = 0.5
CRESCENDO_PARTS: Final = 20


@dataclass(frozen=True, kw_only=True)
class Bound:
    """What one figure is, and between which values it must lie."""

    title: str
    unit: str
    least: float = -np.inf
    most: float = np.inf

    def holds(self, figure: float | None) -> bool:
        """Whether the figure is within its bounds; one that does not apply is."""
        return figure is None or self.least <= figure <= self.most

    @property
    def in_words(self) -> str:
        """The bound as a table's heading says it."""
        if np.isfinite(self.least):
            return f">= {self.least:g}"
        return f"<= {self.most:g}" if np.isfinite(self.most) else ""


BOUNDS: Final = {
    "early_db": Bound(title="early", unit="dB", least=-20.0),
    "gap_db": Bound(title="gap", unit="dB", least=-40.0),
    "unpressed_db": Bound(title="unpressed", unit="dB", least=-40.0),
    "tail_db": Bound(title="tail", unit="dB", least=-6.0),
    "step_ms": Bound(title="step", unit="ms", most=12.0),
    "wobble_db": Bound(title="wobble", unit="dB", least=-2.0),
    "behind_ms": Bound(title="behind", unit="ms"),
    "ripple_db": Bound(title="ripple", unit="dB", most=0.5),
    "span_db": Bound(title="span", unit="dB", least=30.0),
    "jump_db": Bound(title="jump", unit="dB", most=1.5),
    "zipper_db": Bound(title="zipper", unit="dB", most=3.0),
    "glide_cents": Bound(title="glide", unit="ct", most=5.0),
    "overshoot_cents": Bound(title="over", unit="ct", most=5.0),
}
"""By name:

- early: the peak soon after the strike against that over 150-165 ms, the worst of `NOTES` and
  `STRIKES`; gap: the softest 10 ms from then to the lift against the loudest
- unpressed: peak of a strike of 64 with no pressure, in dB of full scale
- tail: the softest moment about the lift against the level 25 ms before it
- step: time from a step of press to half of its change in level, the slowest of four
- wobble: what a 6 Hz wobble of press loses of the level that the same presses have in a slow
  crescendo; behind: how far the level is behind the finger
- ripple: what noise of one 7-bit step either way adds to a held level
- span: level of full press above none; jump: the largest change in one 7-bit step of it
- zipper: energy above 10 kHz in a quick crescendo against a slow one
- glide: where a step of 2 semitones and a swoop of an octave land; over: how far they go beyond
"""
Figures = dict[str, float | None]


def feel(rig: Rig, profile: Profile, *, is_struck: bool) -> Figures:
    """Measure everything that the controller can ask of the preset; None where it cannot."""
    order = habits_of(profile).order
    presses, glides = PRESS in order, bool(order)
    figures: Figures = dict.fromkeys(BOUNDS)
    figures |= speaking(rig, is_struck=is_struck)
    if not profile.strikes_with_press:
        figures["unpressed_db"] = unpressed_db(rig)
    if presses:
        figures["tail_db"] = tail_db(rig)
        figures |= following(rig)
    if glides:
        reach = min(12.0, profile.bend_range_semitones or 12.0)
        figures |= gliding(rig, reach)
    return figures


def speaking(rig: Rig, *, is_struck: bool) -> Figures:
    """Strike every note softly and hard, pressing on as hard."""
    window = EARLY_S if is_struck else SUSTAINED_EARLY_S
    early, gaps = [], []
    for note in NOTES:
        for strike in STRIKES:
            sound = rig.sound([struck(note, strike / 127)])[round(0.1 * RATE_HZ) :]
            early.append(peak_db(sound, *window) - peak_db(sound, *LATER_S))
            loudest = float(level_db(sound, 0.010).max())
            gaps.append(quietest_db(sound, window[1], HELD_S - 0.010) - loudest)
    return {"early_db": min(early), "gap_db": min(gaps)}


def struck(note: int, strike: float) -> Stroke:
    """Strike a note at 0.1 s and press on, rising to the strike's own strength in 30 ms."""
    return Stroke(
        note=note,
        strike=strike,
        start_s=0.1,
        length_s=HELD_S,
        press=lambda age_s: strike * min(1.0, age_s / 0.030),
    )


def unpressed_db(rig: Rig) -> float:
    """Strike without pressing at all."""
    return min(
        peak_db(rig.sound([Stroke(note=note, strike=64 / 127, length_s=0.2)]), 0.0, 0.165)
        for note in NOTES
    )


def tail_db(rig: Rig) -> float:
    """Lift a pressing finger slowly; controllers let its press fall to 0 just before."""
    lift_s = 0.6
    stroke = Stroke(note=FOLLOWED_NOTE, length_s=lift_s, press=still(0.6), lift=0.0)
    level = level_db(rig.sound([stroke]), WINDOW_S)
    before = level[round((lift_s - 0.025) * RATE_HZ)]
    about = level[round((lift_s - 0.008) * RATE_HZ) : round((lift_s + 0.008) * RATE_HZ)]
    return float(about.min() - before)


def leaning(press: Callable[[float], float], length_s: float) -> Stroke:
    """Strike and press faintly, and only then begin to press, so that no strike is read out of it."""

    def eased(age_s: float) -> float:
        if age_s < FAINT_S:
            return FAINT
        return press(max(age_s - SETTLED_S, 0.0)) * min(1.0, (age_s - FAINT_S) / FAINT_S)

    length_s += SETTLED_S
    return Stroke(note=FOLLOWED_NOTE, strike=FAINT, length_s=length_s, press=eased)


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


def gliding(rig: Rig, reach_semitones: float) -> Figures:
    """Step by two semitones and swoop by an octave, or as far as the controller bends."""
    swoops: Sequence[tuple[float, Callable[[float], float]]] = (
        (2.0, lambda since_s: 2.0 if since_s > 0.0 else 0.0),
        (reach_semitones, lambda since_s: reach_semitones * float(np.clip(since_s / 0.15, 0, 1))),
    )
    landed, over = zip(*(_landing_cents(rig, *swoop) for swoop in swoops), strict=True)
    return {"glide_cents": max(landed), "overshoot_cents": max(over)}


def _landing_cents(
    rig: Rig, goal_semitones: float, glide: Callable[[float], float]
) -> tuple[float, float]:
    """How far from its goal a glide lands, and how far it goes beyond, in cents."""
    begin_s = 0.6
    stroke = Stroke(
        note=FOLLOWED_NOTE,
        length_s=1.2,
        press=still(0.5),
        glide_semitones=lambda age_s: glide(age_s - begin_s),
    )
    low, high = FOLLOWED_NOTE - 3, FOLLOWED_NOTE + goal_semitones + 3
    times_s, notes = pitch_notes(rig.sound([stroke]), low, high)
    start = np.median(notes[(times_s > begin_s - 0.15) & (times_s < begin_s - 0.03)])
    way_cents = 100.0 * (notes - start - goal_semitones)
    landed = way_cents[(times_s > begin_s + 0.25) & (times_s < begin_s + 0.5)]
    after = way_cents[(times_s > begin_s) & (times_s < begin_s + 0.5)]
    return abs(float(np.median(landed))), float(max(after.max(), 0.0))
