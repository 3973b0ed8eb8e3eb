"""Speaking: how soon a touch sounds, and how it is let go."""

from typing import Final

from embouchure.feel.bounds import Figures
from embouchure.feel.measures import RATE_HZ, level_db, peak_db, quietest_db
from embouchure.feel.rig import Rig
from mapper.traffic import Stroke, still

NOTES: Final = (36, 60, 84)
STRIKES: Final = (20, 64, 110)
LIFTED_NOTE: Final = 72
HELD_S: Final = 0.3
EARLY_S: Final = (0.012, 0.027)
SUSTAINED_EARLY_S: Final = (0.025, 0.045)
"""When a struck sound must be there, and when a bowed or blown one."""
LATER_S: Final = (0.150, 0.165)
WINDOW_S: Final = 0.004


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
    stroke = Stroke(note=LIFTED_NOTE, length_s=lift_s, press=still(0.6), lift=0.0)
    level = level_db(rig.sound([stroke]), WINDOW_S)
    before = level[round((lift_s - 0.025) * RATE_HZ)]
    about = level[round((lift_s - 0.008) * RATE_HZ) : round((lift_s + 0.008) * RATE_HZ)]
    return float(about.min() - before)
