"""A stand-in: a player made to order, who does whatever a measuring guide asks.

What such a hand is like is known exactly, so that it can be told how well it was measured. It is
no model of people; `calibration.simulation` is that.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.guide import Action, Click, Show
from mapper.performance import Played
from mapper.profile import LINNSTRUMENT_MPE, Profile
from mapper.traffic import Stroke, perform, still

Array = NDArray[np.float64]
Sense = Callable[[float], float]

PAUSE_S: Final = 0.6
NOTE: Final = 60
RAMP_S: Final = 3.0
SWEEP_S: Final = 2.0
LEAD_S: Final = 0.05
FAINT: Final = 0.05
RELIEF: Final = 0.35
"""Force of a finger that is asked for something else."""


def power(exponent: float) -> Sense:
    """Sense force as a power of it."""
    return lambda force: force**exponent


STRAIGHT: Final = power(1.0)
CENTRE: Final = still(0.5)
NOTHING: Final = still(0.0)


def logarithm(strength: float) -> Sense:
    """Sense force as its logarithm, so most of it early."""
    return lambda force: float(np.log1p(strength * force) / np.log1p(strength))


def sigmoid(strength: float) -> Sense:
    """Sense the middle of force most."""
    low, high = 1.0 / (1.0 + np.exp(strength)), 1.0 / (1.0 + np.exp(-strength))
    return lambda force: float(
        (1.0 / (1.0 + np.exp(-strength * (2.0 * force - 1.0))) - low) / (high - low)
    )


@dataclass(frozen=True, kw_only=True)
class StandInHand:
    """What is to be found out: how the controller senses, and how the player moves."""

    name: str = "plain"
    profile: Profile = LINNSTRUMENT_MPE
    press: Sense = STRAIGHT
    dead_zone: float = 0.0
    gain: float = 1.0
    strike: Sense = STRAIGHT
    lift: Sense = STRAIGHT
    slide_ends: tuple[float, float] = (0.0, 1.0)
    """What is said at the near end of a key and at the far one."""
    press_by_slide: float = 0.0
    slide_by_press: float = 0.0
    glide_by_press_semitones: float = 0.0
    noise: float = 0.03
    tremor: float = 0.004
    vibrato_hz: float = 5.5
    vibrato_semitones: float = 0.25
    press_wobble: float = 0.02
    lag_s: float = 0.15
    bend_ratio: float = 1.0
    """How far a glide arrives, for one semitone."""

    def sensed_press(self, force: float, place: float = 0.5) -> float:
        """Tell what is said of a force, 0-1."""
        leaked = force + self.press_by_slide * (place - 0.5) if force > 0.0 else 0.0
        loaded = (self.gain * leaked - self.dead_zone) / (1.0 - self.dead_zone)
        return float(min(max(self.press(min(max(loaded, 0.0), 1.0)), 0.0), 1.0))

    def sensed_slide(self, place: float, force: float = 0.0) -> float:
        """Tell what is said of a place from the near end, 0, to the far one, 1."""
        near, far = self.slide_ends
        return float(min(max(near + (far - near) * place + self.slide_by_press * force, 0.0), 1.0))


@dataclass
class StandIn:
    """Plays in a rehearsal; the seed gives the noise of the finger."""

    hand: StandInHand
    seed: int = 1
    _waiting: list[Played] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._rng = np.random.default_rng(self.seed)

    def see(self, time_s: float, action: Action) -> None:
        """Begin what is asked, unless still at something."""
        if isinstance(action, Click):
            for at_s in action.times_s:
                self._play(self._tap(at_s + self.hand.lag_s + self._rng.normal(0.0, 0.012)))
        elif isinstance(action, Show) and not self._waiting and action.title in _ASKED:
            self._play(_ASKED[action.title](self, time_s + PAUSE_S))

    def play(self, until_s: float) -> Iterable[Played]:
        """Send what is due."""
        while self._waiting and self._waiting[0].time_s <= until_s:
            yield self._waiting.pop(0)

    def _play(self, stroke: Stroke) -> None:
        """Send a stroke; what the controller announces first comes just before it."""
        first_s = stroke.start_s - LEAD_S
        sent = perform(self.hand.profile, [stroke])
        self._waiting += [Played(max(time_s, first_s), 0, data) for time_s, data in sent]
        self._waiting.sort(key=lambda played: played.time_s)

    def _finger(
        self,
        start_s: float,
        length_s: float,
        force: Callable[[float], float],
        place: Callable[[float], float] = CENTRE,
        glide: Callable[[float], float] = NOTHING,
    ) -> Stroke:
        hand, wander = self.hand, self._wander(length_s)

        def forced(age_s: float) -> float:
            own = force(age_s)
            return min(
                max(own * (1.0 + hand.noise * wander(age_s)) + self._shake(age_s, own), 0.0), 1.0
            )

        def pressed(age_s: float) -> float:
            return hand.sensed_press(forced(age_s), place(age_s))

        def bent(age_s: float) -> float:
            leaked = hand.glide_by_press_semitones * pressed(age_s)
            return hand.bend_ratio * glide(age_s) + leaked

        return Stroke(
            note=NOTE,
            strike=hand.strike(0.4),
            start_s=start_s,
            length_s=length_s,
            press=pressed,
            slide=lambda age_s: hand.sensed_slide(place(age_s), force(age_s)),
            glide_semitones=bent,
            lift=0.5,
        )

    def _wander(self, length_s: float) -> Callable[[float], float]:
        knots = self._rng.normal(0.0, 1.0, int(length_s / 0.12) + 3)
        return lambda age_s: float(np.interp(age_s / 0.12, np.arange(len(knots)), knots))

    def _shake(self, age_s: float, force: float) -> float:
        return self.hand.tremor * float(np.sin(2 * np.pi * 9.5 * age_s)) if force > 0.0 else 0.0

    def _tap(self, start_s: float, strength: float = 0.4, lift: float = 0.5) -> Stroke:
        said = max(self.hand.strike(strength * (1.0 + self._rng.normal(0.0, 0.04))), 0.01)
        stroke = self._finger(start_s, 0.3, still(strength))
        return replace(stroke, strike=min(said, 1.0), lift=self.hand.lift(lift))

    def _swell(self, start_s: float) -> Stroke:
        turn_s = RAMP_S * (1.0 + self._rng.uniform(-0.1, 0.1))
        length_s = 2.0 * RAMP_S
        way = ([0.0, turn_s, length_s], [0.0, 1.0, 0.0])
        stroke = self._finger(start_s, length_s, lambda age_s: float(np.interp(age_s, *way)))
        return replace(stroke, strike=FAINT)

    def _sweep(self, start_s: float) -> Stroke:
        way = ([0.0, SWEEP_S, 2.0 * SWEEP_S], [0.0, 1.0, 0.0])
        return self._finger(
            start_s, 2.0 * SWEEP_S, still(RELIEF), place=lambda age_s: float(np.interp(age_s, *way))
        )

    def _hold(self, start_s: float, force: float) -> Stroke:
        return self._finger(start_s, 2.3, still(force))

    def _vibrato(self, start_s: float) -> Stroke:
        hand = self.hand

        def swing(age_s: float) -> float:
            return float(np.sin(2 * np.pi * hand.vibrato_hz * age_s)) * min(age_s / 0.3, 1.0)

        return self._finger(
            start_s,
            3.2,
            lambda age_s: 0.5 + hand.press_wobble * swing(age_s),
            glide=lambda age_s: hand.vibrato_semitones * swing(age_s),
        )

    def _glide(self, start_s: float) -> Stroke:
        way = ([0.4, 0.9], [0.0, 12.0])
        return self._finger(
            start_s, 1.6, still(RELIEF), glide=lambda age_s: float(np.interp(age_s, *way))
        )

    def _arrive(self, start_s: float) -> Stroke:
        return replace(self._tap(start_s), note=NOTE + 12)


_ASKED: Final[dict[str, Callable[[StandIn, float], Stroke]]] = {
    "Swell": StandIn._swell,
    "Swell again": StandIn._swell,
    "Slide": StandIn._sweep,
    "Slide again": StandIn._sweep,
    "Strike softly": lambda one, at_s: one._tap(at_s, 0.2),
    "Strike medium": lambda one, at_s: one._tap(at_s, 0.5),
    "Strike hard": lambda one, at_s: one._tap(at_s, 0.9),
    "Lift slowly": lambda one, at_s: one._tap(at_s, lift=0.2),
    "Lift quickly": lambda one, at_s: one._tap(at_s, lift=0.8),
    "Hold softly": lambda one, at_s: one._hold(at_s, 0.25),
    "Hold medium": lambda one, at_s: one._hold(at_s, 0.5),
    "Hold strongly": lambda one, at_s: one._hold(at_s, 0.8),
    "Vibrato": StandIn._vibrato,
    "Glide to a key": StandIn._glide,
    "Strike that key": StandIn._arrive,
}
