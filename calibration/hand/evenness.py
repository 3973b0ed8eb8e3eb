"""Evenness: how straight a controller answers what a player means, with their hand and without.

    python -m calibration.hand.evenness

measures stand-ins of every kind and prints, for each, how far press, slide and strikes are from what
was meant, before and after, and how well lag and vibrato were found.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.guide import Tone
from calibration.hand.hand_guide import Controller, HandGuide
from calibration.hand.stand_in import RELIEF, StandIn, StandInHand, logarithm, power, sigmoid
from calibration.rehearsal import Rehearsal, Rehearsed
from mapper.evener import Evener
from mapper.hand import Hand
from mapper.listeners import Listeners
from mapper.profile import OSMOSE, SEABOARD
from mapper.touch import Kind, TouchEvent
from presets.store import load

Array = NDArray[np.float64]

STEPS: Final = 127
MEANT: Final = np.linspace(0.0, 1.0, 201)
TONE: Final = "voice"

HANDS: Final = (
    StandInHand(name="straight"),
    StandInHand(name="exponent 0.5", press=power(0.5), strike=power(0.6), lag_s=0.06),
    StandInHand(name="exponent 2.2", press=power(2.2), strike=power(1.8), lag_s=0.25),
    StandInHand(name="logarithm", press=logarithm(12.0), vibrato_hz=4.3, vibrato_semitones=0.2),
    StandInHand(name="sigmoid", press=sigmoid(4.0), profile=SEABOARD, slide_ends=(0.1, 0.9)),
    StandInHand(name="dead zone", dead_zone=0.08, press=power(1.5), lag_s=0.2),
    StandInHand(name="heavy hand", gain=1.25, press=power(0.8)),
    StandInHand(name="light hand", gain=0.6, slide_ends=(0.2, 0.8)),
    StandInHand(name="slide turned", slide_ends=(0.95, 0.05), vibrato_hz=7.0),
    StandInHand(name="cross-talk", press_by_slide=0.12, slide_by_press=-0.12, press=power(1.2),
                glide_by_press_semitones=0.15),
    StandInHand(name="trembling", tremor=0.012, noise=0.06, press=power(0.7)),
    StandInHand(name="on an Osmose", profile=OSMOSE, press=power(1.6)),
)  # fmt: skip


def unevenness(meant: Array, heard: Array) -> float:
    """Root mean square distance of what is told from what was meant, both 0-1."""
    return float(np.sqrt(np.mean((heard - meant) ** 2)))


def told(stand_in: StandInHand, evener: Evener | None = None) -> dict[str, Array]:
    """Tell every intention of `MEANT` in each dimension by turns, in steps of 7 bits."""
    meant = MEANT.tolist()
    pressed = [_event(stand_in, press=one, slide=0.5, strike=one) for one in meant]
    slid = [_event(stand_in, press=RELIEF, slide=one, strike=0.5) for one in meant]
    if evener:
        pressed, slid = ([evener.apply(one) for one in events] for events in (pressed, slid))
    return {
        "press": np.array([one.press for one in pressed]),
        "slide": np.array([one.slide for one in slid]),
        "strike": np.array([one.strike for one in pressed]),
    }


def _event(stand_in: StandInHand, *, press: float, slide: float, strike: float) -> TouchEvent:
    said = (
        stand_in.strike(strike),
        stand_in.sensed_press(press, slide),
        stand_in.sensed_slide(slide, press),
    )
    return TouchEvent(0.0, Kind.MOVE, 1, 0, 60.0, *(round(STEPS * one) / STEPS for one in said))


@dataclass(frozen=True, kw_only=True)
class Row:
    """One stand-in: unevenness before and after, and errors of lag and vibrato."""

    name: str
    press: tuple[float, float]
    slide: tuple[float, float]
    strike: tuple[float, float]
    lag_off_ms: float
    vibrato_off_hz: float
    seconds: float


def measured(stand_in: StandInHand, seed: int = 1, known: Hand | None = None) -> Rehearsed:
    """Let a stand-in be measured."""
    listeners = Listeners(profile=stand_in.profile)
    about = Controller(stand_in.profile.name, stand_in.profile.slide_continues_press)
    tone = Tone(name=TONE, preset=load(TONE))
    guide = HandGuide("Stand-in", tone, lambda _: about, known)
    return Rehearsal(guide, StandIn(stand_in, seed), listeners).run(600.0)


def compare(stand_in: StandInHand, seed: int = 1) -> Row:
    """Measure a stand-in and tell how even it is with the hand and without."""
    rehearsed = measured(stand_in, seed)
    hand: Hand = rehearsed.result
    vibrato_hz = hand.vibrato.rate_hz if hand.vibrato else np.nan
    lag_s = np.nan if hand.lag_s is None else hand.lag_s
    before, after = (told(stand_in, evener) for evener in (None, Evener(hand)))
    both = {
        name: (unevenness(MEANT, before[name]), unevenness(MEANT, after[name])) for name in before
    }
    return Row(
        name=stand_in.name,
        press=both["press"],
        slide=both["slide"],
        strike=both["strike"],
        lag_off_ms=1000.0 * (lag_s - stand_in.lag_s),
        vibrato_off_hz=vibrato_hz - stand_in.vibrato_hz,
        seconds=rehearsed.seconds,
    )


def main() -> None:
    """Print the table."""
    from rich.console import Console
    from rich.table import Table

    table = Table("hand", "press", "slide", "strike", "lag off", "vibrato off", "took", box=None)
    for seed, stand_in in enumerate(HANDS):
        row = compare(stand_in, seed)
        pairs = (f"{one:.3f} > {two:.3f}" for one, two in (row.press, row.slide, row.strike))
        table.add_row(
            row.name, *pairs, f"{row.lag_off_ms:+.0f} ms", f"{row.vibrato_off_hz:+.2f} Hz",
            f"{row.seconds:.0f} s",
        )  # fmt: skip
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
