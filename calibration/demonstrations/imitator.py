"""An imitator: the simulated player at a guide's pages, imitating, stepping and choosing as asked."""

from collections.abc import Callable, Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.demonstrations.blind import LETTERS
from calibration.demonstrations.controls import HOLD_S
from calibration.guide import Action, Show, Sound, Tone
from calibration.simulation.player import Player
from calibration.targets.target import Target
from mapper.performance import Played
from mapper.ratios import ratio_to_bend, ratio_to_pressure, ratio_to_slide, ratio_to_velocity
from mapper.rpn import zone_messages

CHANNEL: Final = 1
N_MEMBERS: Final = 15
RANGE_SEMITONES: Final = 48.0
LOWEST_KEY: Final = 30
READ_S: Final = 2.0
"""Time to read a page that was not seen before."""
READY_S: Final = 0.4
"""From the end of the count-in to the strike."""
TAP_S: Final = 0.15
TRY_S: Final = 4.0
"""How long each of two sounds is tried."""


class Imitator:
    """Plays in the rehearsal of a demonstration.

    Parameters
    ----------
    player
        Imitates what it hears.
    dislike
        How far a sound is from what the player wishes.
    choosing
        Decides between two of these.
    """

    def __init__(
        self,
        player: Player,
        dislike: Callable[[Tone], float],
        choosing: Callable[[float, float], int] | None = None,
    ) -> None:
        self._player = player
        self._dislike = dislike
        self._choosing = choosing or player.choose
        self._tone: Tone | None = None
        self._title = ""
        self._busy_until_s = 0.0
        self._tried: list[float] = []
        self._waiting = [Played(0.0, 0, data) for data in zone_messages(0, N_MEMBERS)]

    def see(self, time_s: float, action: Action) -> None:
        """Follow what sounds, and do what a page asks when it is new."""
        if isinstance(action, Sound):
            self._tone = action.tone
        elif isinstance(action, Show) and action.title != self._title:
            self._title = action.title
            self._turn_to(time_s, action.title)

    def play(self, until_s: float) -> Iterable[Played]:
        """Send what is due."""
        while self._waiting and self._waiting[0].time_s <= until_s:
            yield self._waiting.pop(0)

    def _turn_to(self, time_s: float, title: str) -> None:
        if title == "LOWEST KEY":
            self._tap(time_s + READ_S, TAP_S)
        elif title == "PLAY" and self._tone and self._tone.target:
            self._imitate(time_s + READY_S, self._tone.target)
        elif title in LETTERS and self._tone:
            self._try(time_s, self._tone)

    def _imitate(self, start_s: float, target: Target) -> None:
        if start_s > self._busy_until_s:
            self._send(messages(self._player.imitate(target), start_s))

    def _try(self, time_s: float, tone: Tone) -> None:
        """Try each sound once, then take the one that is nearer to the wish."""
        self._tried.append(self._dislike(tone))
        is_chosen = False
        if len(self._tried) >= len(LETTERS):
            is_chosen = self._choosing(*self._tried[-2:]) >= 0
        self._tap(time_s + TRY_S, 2.0 * HOLD_S if is_chosen else TAP_S)

    def _tap(self, at_s: float, held_s: float) -> None:
        status = 0x90 | CHANNEL
        down, up = bytes((status, LOWEST_KEY, 64)), bytes((status - 0x10, LOWEST_KEY, 64))
        self._send([Played(at_s, 0, down), Played(at_s + held_s, 0, up)])

    def _send(self, played: list[Played]) -> None:
        self._busy_until_s = max(one.time_s for one in played)
        self._waiting = sorted([*self._waiting, *played], key=lambda one: one.time_s)


def messages(touches: NDArray[np.floating], start_s: float) -> list[Played]:
    """Send touch rows as an MPE controller does, up to the lift.

    Parameters
    ----------
    touches
        Shape (n_frames, len(TOUCH_FIELDS)).
    """
    sent: list[Played] = []
    known: dict[int, bytes] = {}
    key = round(float(touches[0, 5]))
    for row in touches.tolist():
        strike, press, slide, glide_semitones, lift, _, age_s, since_lift_s, dt_s = row
        if since_lift_s >= 0.0:
            off = bytes((0x80 | CHANNEL, key, round(127 * lift)))
            return [*sent, Played(start_s + age_s, 0, off)]
        for data in _expression(press, slide, glide_semitones):
            if known.get(data[0]) != data:
                known[data[0]] = data
                sent.append(Played(start_s + age_s, 0, data))
        if dt_s <= 0.0:
            on = bytes((0x90 | CHANNEL, key, ratio_to_velocity(strike)))
            sent.append(Played(start_s + age_s, 0, on))
    return sent


def _expression(press: float, slide: float, glide_semitones: float) -> tuple[bytes, ...]:
    bend = ratio_to_bend(float(np.clip(glide_semitones / RANGE_SEMITONES, -1.0, 1.0)))
    return (
        bytes((0xE0 | CHANNEL, bend & 0x7F, bend >> 7)),
        bytes((0xB0 | CHANNEL, 74, ratio_to_slide(slide))),
        bytes((0xD0 | CHANNEL, ratio_to_pressure(press))),
    )
