"""A newcomer: the simulated player at the guide that measures a hand, doing what each page asks."""

from collections.abc import Callable, Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.demonstrations.imitator import N_MEMBERS, messages
from calibration.guide import Action, Click, Show
from calibration.simulation.intention import RATE_HZ, Intention
from calibration.simulation.player import TONE_NOTE, Player
from mapper.features import TOUCH_FIELDS
from mapper.performance import Played
from mapper.rpn import zone_messages

Array = NDArray[np.float64]

READ_S: Final = 1.0
"""From a page to the touch that it asks for."""
SCATTER_S: Final = 0.02
GLIDE_SEMITONES: Final = 2.0
NOTE: Final = TOUCH_FIELDS.index("note")


class Newcomer:
    """Plays in the rehearsal of a measurement."""

    def __init__(self, player: Player, seed: int = 0) -> None:
        self._player = player
        self._rng = np.random.default_rng(seed)
        self._waiting = [Played(0.0, 0, data) for data in zone_messages(0, N_MEMBERS)]
        self._free_s = 0.0

    def see(self, time_s: float, action: Action) -> None:
        """Answer clicks, and do what is asked unless still at something."""
        if isinstance(action, Click):
            for at_s in action.times_s:
                late_s = self._player.body.numbers["lag_s"] + self._rng.normal(0.0, SCATTER_S)
                self._send(self._player.strikes((0.5,))[0], at_s + max(late_s, 0.05))
        elif isinstance(action, Show) and action.title in ASKED and time_s >= self._free_s:
            self._send(ASKED[action.title](self._player), time_s + READ_S)

    def play(self, until_s: float) -> Iterable[Played]:
        """Send what is due."""
        while self._waiting and self._waiting[0].time_s <= until_s:
            yield self._waiting.pop(0)

    def _send(self, touches: Array, start_s: float) -> None:
        sent = messages(touches, start_s)
        self._waiting = sorted([*self._waiting, *sent], key=lambda one: one.time_s)
        self._free_s = self._waiting[-1].time_s + READ_S / 4


def _glide(player: Player) -> Array:
    """Glide to another key and stay there."""
    n = round(2.0 * RATE_HZ)
    way = np.interp(np.arange(n) / RATE_HZ, [0.0, 0.4, 0.9, 2.0], [0.0, 0.0, 1.0, 1.0])
    return player.perform(
        Intention(
            kind="glide",
            note=TONE_NOTE,
            strike=0.5,
            lift=0.5,
            loudness=np.full(n, 0.5),
            brightness=np.full(n, 0.5),
            pitch_cents=100.0 * GLIDE_SEMITONES * way,
            swing=np.zeros(n),
            held_s=1.7,
        )
    ).touches


def _arrive(player: Player) -> Array:
    (touches,) = player.strikes((0.5,))
    touches[:, NOTE] += GLIDE_SEMITONES
    return touches


ASKED: Final[dict[str, Callable[[Player], Array]]] = {
    "Swell": lambda player: player.ramps(2)[0].touches,
    "Swell again": lambda player: player.ramps(2)[1].touches,
    "Slide": lambda player: player.ramps(2)[2].touches,
    "Slide again": lambda player: player.ramps(2)[3].touches,
    "Strike softly": lambda player: player.strikes((0.2,))[0],
    "Strike medium": lambda player: player.strikes((0.5,))[0],
    "Strike hard": lambda player: player.strikes((0.9,))[0],
    "Lift slowly": lambda player: player.lifts((0.1,))[0],
    "Lift quickly": lambda player: player.lifts((0.9,))[0],
    "Hold softly": lambda player: player.holds((0.25,))[0],
    "Hold medium": lambda player: player.holds((0.5,))[0],
    "Hold strongly": lambda player: player.holds((0.8,))[0],
    "Vibrato": lambda player: player.vibrato(),
    "Glide to a key": _glide,
    "Strike that key": _arrive,
}
"""What each page of the measurement asks for."""
