"""The simulated player: intention in, touches out, through mind, body, grip and wire."""

from dataclasses import replace
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from calibration.simulation.body import Body, practised
from calibration.simulation.grip import Grip
from calibration.simulation.intention import (
    LENGTH_S,
    RATE_HZ,
    TAIL_S,
    Intention,
    swing,
)
from calibration.simulation.mind import Mind
from calibration.simulation.wire import Wire

Array = NDArray[np.float64]

TONE_NOTE: Final = 60.0
"""Where the hand is measured."""
RAMPS_S: Final = 2 * LENGTH_S
"""Seconds that a ramp of press and one of slide take."""
TEMPO: Final = 0.1
"""How much a ramp's turning point may be off its place, as a share of the ramp."""
LEVEL_CURVE: Final = 8.0
USUAL_FLOOR_DB: Final = -49.0
USUAL_TOP_DB: Final = -12.0


class Heard(Protocol):
    """A target as a player hears it: descriptors of shape (n, 3) at `RATE_HZ` from the strike."""

    @property
    def kind(self) -> str:
        """Kind of articulation."""

    @property
    def note(self) -> float:
        """Key to play it on."""

    @property
    def strike(self) -> float:
        """How hard it is struck, 0-1."""

    @property
    def held_s(self) -> float:
        """How long it is held."""

    @property
    def descriptors(self) -> NDArray[np.floating]:
        """Loudness in dB, brightness 0-1, pitch in cents; shape (n, 3)."""


class Performance(NamedTuple):
    """What was meant, and the touch rows the program heard, shape (n_frames, 9)."""

    meant: Intention
    touches: Array


class Ramp(NamedTuple):
    """A sweep of one dimension up and down again, as it was asked for and as it was heard."""

    dimension: str
    touches: Array


class Player:
    """One simulated player at one controller, from sitting down to getting up.

    Players with equal seeds, families and streams play alike, take for take. A player gets
    steadier with each repeat of a kind, and tired with time.

    Parameters
    ----------
    stream
        Which of this player's sittings it is; noise differs between them, the player does not.
    worn
        How far the controller's response has drifted since it was measured, 0 or 1.
    """

    def __init__(self, seed: int, family: str, stream: int = 0, worn: float = 0.0) -> None:
        rng = np.random.default_rng([seed, 0])
        self.body = Body.draw(rng)
        self.grip = replace(Grip.draw(rng, family), worn=worn)
        self.wire = Wire.draw(rng)
        self.mind = Mind.draw(rng)
        self._rng = np.random.default_rng([seed, 1, stream])
        self._repeats: dict[str, int] = {}
        self._played_s = 0.0

    def imitate(self, target: Intention | Heard) -> Array:
        """Imitate what is heard: late, drifting, at times misread; touch rows.

        The target sounds from the player's own strike on, so that lateness begins after it.
        """
        heard = target if isinstance(target, Intention) else hear(target)
        task = self.mind.read(heard, self._rng)
        task = task.with_swing(self.body.own_swing(task, self._rng))
        delay_s = self.body.reaction(task.times_s, self._rng) + self.mind.late_s(self._rng)
        return self._play(task, delay_s)

    def perform(self, intention: Intention) -> Performance:
        """Play an intention of one's own, in one's own time and with one's own vibrato."""
        own = intention.with_swing(self.body.own_swing(intention, self._rng))
        return Performance(own, self._play(own, 0.0))

    def snapshot(self, target: Intention) -> Array:
        """Find the place for a still sound, and hold it."""
        return self._play(self.mind.read(target, self._rng), 0.0)

    def ramps(self, each: int = 1) -> list[Ramp]:
        """Press from nothing to all and back, `each` times, then slide from end to end as often."""
        asked = ["press"] * each + ["slide"] * each
        return [Ramp(dimension, self._play(self._sweep(dimension), 0.0)) for dimension in asked]

    def strikes(self, strengths: tuple[float, ...] = (0.2, 0.5, 0.9)) -> list[Array]:
        """Strike shortly with each strength."""
        return [self._play(_still("strike", 0.4, strike=s, loudness=s), 0.0) for s in strengths]

    def lifts(self, speeds: tuple[float, ...] = (0.1, 0.5, 0.9)) -> list[Array]:
        """Let go with each speed."""
        return [self._play(_still("lift", 0.4, lift=speed), 0.0) for speed in speeds]

    def holds(self, levels: tuple[float, ...] = (0.25, 0.5, 0.8)) -> list[Array]:
        """Hold each force as steadily as it goes."""
        return [self._play(_still("hold", 3.0, loudness=level), 0.0) for level in levels]

    def vibrato(self, held_s: float = 3.0, rate_hz: float = 6.0) -> Array:
        """Play one's own vibrato; `rate_hz` is only what is asked for."""
        still = _still("vibrato", held_s)
        return self.perform(still.with_swing(swing(still.times_s, rate_hz, 0.4, 0.0))).touches

    def choose(self, distance_a: float, distance_b: float) -> int:
        """Say which of two sounds is nearer to the wish: -1 the first, 1 the second, 0 neither."""
        return self.mind.choose(distance_a, distance_b, self._rng)

    def _play(self, task: Intention, delay_s: Array | float) -> Array:
        noise = practised(self._repeats.get(task.kind, 0), self._played_s)
        self._repeats[task.kind] = self._repeats.get(task.kind, 0) + 1
        self._played_s += task.held_s
        movement = self.body.move(task, self._rng, delay_s=delay_s, noise=noise)
        ends = (movement.strike, movement.lift, movement.held_s)
        return self.wire.carry(self.grip.sense(movement), task.note, ends, self._rng)

    def _sweep(self, dimension: str) -> Intention:
        still = _still(f"{dimension} ramp", LENGTH_S - TAIL_S)
        turn_s = still.held_s * (0.5 + self._rng.uniform(-TEMPO, TEMPO))
        knots = ([0.0, turn_s, still.held_s], [0.0, 1.0, 0.0])
        up_and_down = np.asarray(np.interp(still.times_s, *knots), np.float64)
        if dimension == "press":
            return replace(still, loudness=up_and_down)
        return replace(still, brightness=up_and_down)


def hear(target: Heard) -> Intention:
    """Hear in a target what a hand can play: how loud, how bright, how high."""
    loudness_db, brightness, cents = np.asarray(target.descriptors, np.float64).T
    level = np.clip((loudness_db - USUAL_FLOOR_DB) / (USUAL_TOP_DB - USUAL_FLOOR_DB), 0.0, 1.0)
    slow = _slow(cents)
    fast = cents - slow
    depth_cents = np.sqrt(2.0) * fast.std()
    return Intention(
        kind=target.kind,
        note=target.note,
        strike=target.strike,
        lift=0.5,
        loudness=np.expm1(level * np.log1p(LEVEL_CURVE)) / LEVEL_CURVE,
        brightness=np.clip(brightness, 0.0, 1.0),
        pitch_cents=slow,
        swing=fast / depth_cents if depth_cents > NOTICED_CENTS else np.zeros_like(fast),
        held_s=target.held_s,
    )


NOTICED_CENTS: Final = 8.0
SLOW_S: Final = 0.25


def _slow(cents: Array) -> Array:
    """Leave out what moves faster than about 3 Hz."""
    width = round(SLOW_S * RATE_HZ) | 1
    padded = np.pad(cents, width // 2, mode="edge")
    window = np.hanning(width + 2)[1:-1]
    return np.convolve(padded, window / window.sum(), mode="valid")


def _still(
    kind: str, held_s: float, *, loudness: float = 0.5, strike: float = 0.5, lift: float = 0.5
) -> Intention:
    """Mean one unmoving sound on the note where hands are measured."""
    n = round((held_s + TAIL_S) * RATE_HZ)
    return Intention(
        kind=kind,
        note=TONE_NOTE,
        strike=strike,
        lift=lift,
        loudness=np.full(n, loudness),
        brightness=np.full(n, 0.5),
        pitch_cents=np.zeros(n),
        swing=np.zeros(n),
        held_s=held_s,
    )
