"""Bodies: late, smooth, noisy and trembling, as they turn an intention into a movement."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from scipy.signal import lfilter

from calibration.simulation.intention import Intention, swing
from calibration.simulation.ranges import Ranges, draw

Array = NDArray[np.float64]

MOTION_HZ: Final = 1000
RANGES: Final[Ranges] = {
    "lag_s": (0.060, 0.250),
    "lag_jitter_s": (0.005, 0.020),
    "drift_s": (0.020, 0.050),
    "half_gain_hz": (1.7, 2.3),
    "force_cv": (0.03, 0.06),
    "force_floor": (0.004, 0.012),
    "falling_noise": (1.2, 1.6),
    "place_noise": (0.005, 0.020),
    "bend_noise_cents": (2.0, 6.0),
    "tremor_hz": (8.0, 12.0),
    "tremor_force": (0.002, 0.010),
    "tremor_cents": (1.0, 5.0),
    "vibrato_hz": (4.0, 7.0),
    "vibrato_glide_cents": (12.0, 45.0),
    "vibrato_force": (0.02, 0.06),
    "vibrato_place": (0.02, 0.06),
    "rise_s": (0.015, 0.060),
    "strike_scatter": (0.03, 0.09),
    "lift_scatter": (0.05, 0.15),
}
"""Reaction lag and its scatter and drift; the frequency at which half of a movement is left; noise
of force as a share of it and at rest, and how much more of it while force falls; tremor; the
player's own vibrato on each axis; how long a finger takes to press."""
VIBRATO_AXES: Final = ("glide", "glide", "glide", "glide", "glide", "press", "slide")
"""Most players rock the finger sideways."""
LEARNING: Final = 0.9
"""Noise that is left of the last repeat's, for each time a kind has been played before."""
LEARNED: Final = 0.6
FATIGUE: Final = 0.10
"""Noise added per minute played, as a share."""
GAUSSIAN_HALF: Final = float(np.sqrt(np.log(2.0) / 2.0) / np.pi)
"""Width in seconds of the Gaussian that halves 1 Hz."""
NOISE_S: Final = 0.12
LAST_LIFT_S: Final = 0.05
"""A finger is up at least this long before what is recorded ends."""
SWING_DEPTH_SHARE: Final = 0.25
"""Share of the vibrato's usual depth that goes into the axes that do not carry it."""


@dataclass(frozen=True, kw_only=True)
class Movement:
    """What the finger does at `MOTION_HZ`: force and place 0-1, bend in cents; shape (n,)."""

    force: Array
    place: Array
    bend_cents: Array
    strike: float
    lift: float
    held_s: float


@dataclass(frozen=True, kw_only=True)
class Body:
    """One player's body; every number of `RANGES`, and the axis of the vibrato."""

    numbers: dict[str, float]
    vibrato_axis: str

    @classmethod
    def draw(cls, rng: np.random.Generator) -> "Body":
        """Draw a body."""
        return cls(numbers=draw(rng, RANGES), vibrato_axis=str(rng.choice(VIBRATO_AXES)))

    def own_swing(self, intention: Intention, rng: np.random.Generator) -> Array:
        """Swing at the player's own rate and phase wherever the intention swings at all."""
        if not intention.swing.any():
            return intention.swing
        first = int(np.flatnonzero(intention.swing)[0])
        rate_hz = self.numbers["vibrato_hz"] * rng.uniform(0.95, 1.05)
        onset_s = float(intention.times_s[first]) + rng.normal(0.0, 0.03)
        return swing(intention.times_s, rate_hz, onset_s, rng.uniform(0.0, 2.0 * np.pi))

    def reaction(self, times_s: Array, rng: np.random.Generator) -> Array:
        """Delay behind what is heard at each moment of one imitation, in seconds."""
        lag_s = self.numbers["lag_s"] + rng.normal(0.0, self.numbers["lag_jitter_s"])
        knots = np.linspace(0.0, times_s[-1], 4)
        drift_s = np.interp(times_s, knots, rng.uniform(-1, 1, 4) * self.numbers["drift_s"])
        return np.asarray(np.maximum(lag_s + drift_s, 0.0))

    def move(
        self,
        intention: Intention,
        rng: np.random.Generator,
        *,
        delay_s: Array | float,
        noise: float,
    ) -> Movement:
        """Turn an intention into a movement.

        Parameters
        ----------
        delay_s
            How far the movement is behind the intention, at the intention's rate.
        noise
            What is left of the body's noise after practice, or added by fatigue.
        """
        t = np.arange(round(len(intention.loudness) * MOTION_HZ / 100)) / MOTION_HZ
        behind_s = np.broadcast_to(delay_s, intention.loudness.shape)
        late_s = t - np.interp(t, intention.times_s, behind_s)

        def follow(curve: Array) -> Array:
            return self._smooth(np.interp(late_s, intention.times_s, curve))

        wave = np.interp(t, intention.times_s, intention.swing)
        force = follow(intention.loudness) + self._vibrato("press", wave)
        force = np.maximum(force, 0.0) * np.clip(t / self.numbers["rise_s"], 0.0, 1.0)
        force = force + noise * self._force_noise(force, rng)
        place = follow(intention.brightness) + self._vibrato("slide", wave)
        place = place + noise * self.numbers["place_noise"] * _slow_noise(rng, len(t))
        bend = follow(intention.pitch_cents) + self._vibrato("glide", wave)
        bend = bend + noise * self.numbers["bend_noise_cents"] * _slow_noise(rng, len(t))
        tremor = _tremor(rng, t, self.numbers["tremor_hz"])
        strike = intention.strike + noise * rng.normal(0.0, self.numbers["strike_scatter"])
        lift = intention.lift + noise * rng.normal(0.0, self.numbers["lift_scatter"])
        return Movement(
            force=np.clip(force + self.numbers["tremor_force"] * tremor * (force > 0), 0.0, 1.0),
            place=np.clip(place, 0.0, 1.0),
            bend_cents=bend + self.numbers["tremor_cents"] * tremor,
            strike=float(np.clip(strike, 1 / 127, 1.0)),
            lift=float(np.clip(lift, 0.0, 1.0)),
            held_s=min(intention.held_s + float(np.mean(delay_s)), float(t[-1]) - LAST_LIFT_S),
        )

    def _smooth(self, curve: Array) -> Array:
        width_s = GAUSSIAN_HALF / self.numbers["half_gain_hz"]
        return np.asarray(gaussian_filter1d(curve, width_s * MOTION_HZ, mode="nearest"))

    def _vibrato(self, axis: str, wave: Array) -> Array:
        names = {"glide": "vibrato_glide_cents", "press": "vibrato_force", "slide": "vibrato_place"}
        share = 1.0 if axis == self.vibrato_axis else SWING_DEPTH_SHARE
        return share * self.numbers[names[axis]] * wave

    def _force_noise(self, force: Array, rng: np.random.Generator) -> Array:
        """Noise that grows with force from a floor, and is larger while force falls."""
        size = self.numbers["force_floor"] + self.numbers["force_cv"] * force
        falling = np.gradient(force) * MOTION_HZ < -0.1
        size = size * np.where(falling, self.numbers["falling_noise"], 1.0)
        return np.asarray(size * _slow_noise(rng, len(force)))


def practised(repeats: int, played_s: float) -> float:
    """Size of the body's noise after so many repeats of a kind and so much playing.

    >>> round(practised(2, 0.0), 2), round(practised(0, 60.0), 2)
    (0.81, 1.1)
    """
    return float(max(LEARNING**repeats, LEARNED) * (1.0 + FATIGUE * played_s / 60.0))


def _slow_noise(rng: np.random.Generator, n: int) -> Array:
    """Noise of spread 1 that stays alike for about `NOISE_S`."""
    keep = float(np.exp(-1.0 / (NOISE_S * MOTION_HZ)))
    white = rng.normal(0.0, np.sqrt(1.0 - keep**2), n)
    white[0] = rng.normal(0.0, 1.0)
    return np.asarray(lfilter([1.0], [1.0, -keep], white))


def _tremor(rng: np.random.Generator, t: Array, rate_hz: float) -> Array:
    """Tremble near one frequency, the phase wandering."""
    phase = np.cumsum(rng.normal(0.0, 2.0 / np.sqrt(MOTION_HZ), len(t)))
    return np.asarray(np.sqrt(2.0) * np.sin(2 * np.pi * rate_hz * t + phase + rng.uniform(0, 6)))
