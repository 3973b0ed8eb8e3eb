"""Bounds: the figures of feel, and between which values each must lie."""

from dataclasses import dataclass
from typing import Final

import numpy as np


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

- early: the peak soon after the strike against that over 150-165 ms, the worst of three notes
  and strikes; gap: the softest 10 ms from then to the lift against the loudest
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
"""By the names of `BOUNDS`; None where the controller cannot ask for it."""
