"""Shaking: a simulated player who swings the glide in a way of their own, trembles and is uneven."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mapper.traffic import Stroke

Array = NDArray[np.float64]

STEP_S: Final = 0.001
FADE_S: Final = 0.05
TREMOR_HZ: Final = (8.0, 12.0)
TREMOR_SEMITONES: Final = (0.01, 0.05)
TREMOR_PRESS: Final = (0.002, 0.010)
NOISE_SEMITONES: Final = 0.01
NOISE_PRESS: Final = 0.008
NOISE_S: Final = 0.3
"""Noise stays alike for about so long."""
UNEVEN_RATE: Final = 0.02
UNEVEN_EXTENT: Final = 0.05


@dataclass(frozen=True, kw_only=True)
class Shaker:
    """A player's vibrato, and how still they can hold a finger; equal seeds, equal fingers.

    `press` and `slide` are where the finger rests.
    """

    rate_hz: float = 4.3
    extent_semitones: float = 0.2
    wobble_press: float = 0.04
    growth_s: float = 0.4
    press: float = 0.3
    slide: float = 0.45
    seed: int = 0
    _numbers: np.random.Generator = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_numbers", np.random.default_rng(self.seed))

    def hold(self, note: int, length_s: float) -> Stroke:
        """Hold a note as still as may be."""
        return self._stroke(note, length_s, np.zeros(_size(length_s)), 0.0)

    def swing(
        self,
        note: int,
        length_s: float,
        onset_s: float,
        glide: Callable[[Array], Array] | None = None,
    ) -> tuple[Stroke, Array]:
        """Swing from an age on, above a glide of one's own; return also the swing in semitones.

        Its samples are `STEP_S` apart.
        """
        ages_s = STEP_S * np.arange(_size(length_s), dtype=np.float64)
        rate_hz = self.rate_hz * (1.0 + UNEVEN_RATE * self._wander(len(ages_s)))
        turns = np.cumsum(np.where(ages_s > onset_s, rate_hz, 0.0)) * STEP_S
        grown = np.clip((ages_s - onset_s) / self.growth_s, 0.0, 1.0)
        extent = grown * (1.0 + UNEVEN_EXTENT * self._wander(len(ages_s)))
        phase = self._numbers.uniform(-np.pi, np.pi)
        semitones = self.extent_semitones * extent * np.sin(2.0 * np.pi * turns)
        press = self.wobble_press * extent * np.sin(2.0 * np.pi * turns + phase)
        own: Array = semitones if glide is None else semitones + glide(ages_s)
        return self._stroke(note, length_s, own, press), semitones

    def _stroke(self, note: int, length_s: float, semitones: Array, press: Array | float) -> Stroke:
        n = len(semitones)
        tremor = self._tremor(n)
        glide = semitones + self._numbers.uniform(*TREMOR_SEMITONES) * tremor
        glide += NOISE_SEMITONES * (wander := self._wander(n)) - NOISE_SEMITONES * wander[0]
        pressed = self.press + press + self._numbers.uniform(*TREMOR_PRESS) * tremor
        pressed += NOISE_PRESS * self._wander(n)
        return Stroke(
            note=note,
            strike=self.press,
            length_s=length_s,
            press=_curve(np.clip(pressed, 1 / 127, 1.0)),
            slide=_curve(np.full(n, self.slide)),
            glide_semitones=_curve(glide),
        )

    def _tremor(self, n: int) -> Array:
        """Tremble near one frequency, the phase wandering, from a still strike on."""
        ages_s = STEP_S * np.arange(n)
        turns = self._numbers.uniform(*TREMOR_HZ) * ages_s + self._numbers.uniform()
        turns += np.cumsum(self._numbers.normal(0.0, 0.3 * np.sqrt(STEP_S), n))
        return np.asarray(np.minimum(ages_s / FADE_S, 1.0) * np.sin(2.0 * np.pi * turns))

    def _wander(self, n: int) -> Array:
        """Noise of spread 1 that stays alike for about `NOISE_S`."""
        knots_s = np.arange(0.0, n * STEP_S + 2 * NOISE_S, NOISE_S)
        knots = self._numbers.normal(0.0, 1.0, len(knots_s))
        return np.asarray(np.interp(STEP_S * np.arange(n), knots_s, knots), np.float64)


def _size(length_s: float) -> int:
    return round(length_s / STEP_S) + 1


def _curve(samples: Array) -> Callable[[float], float]:
    last = len(samples) - 1
    return lambda age_s: float(samples[min(max(round(age_s / STEP_S), 0), last)])
