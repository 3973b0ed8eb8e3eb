"""A distant hand: a simulated player's messages, played through the socket of a surface in real time."""

import time
from collections.abc import Sequence
from types import TracebackType
from typing import Final, Self

from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from calibration.demonstrations.imitator import LOWEST_KEY, N_MEMBERS, messages
from calibration.simulation.player import Player
from calibration.targets.target import Target
from embouchure.service.touch_frames import TouchFrame, pack
from mapper.listeners import Listeners
from mapper.performance import Played
from mapper.rpn import zone_messages
from mapper.surface import Finger, Phase
from mapper.touch import Kind, TouchEvent
from tests.page.visit import ADDRESS

FRAME_S: Final = 0.012
TAP: Final = (Played(0.0, 0, b"\x91\x1e\x40"), Played(0.15, 0, b"\x81\x1e\x40"))
PHASES: Final = {Kind.STRIKE: Phase.BEGAN, Kind.MOVE: Phase.MOVES}
assert TAP[0].data[1] == LOWEST_KEY


class DistantHand:
    """One surface, on which nothing lies between two pieces."""

    def __init__(self) -> None:
        address = ADDRESS.replace("http", "ws")
        self._connecting = connect(f"{address}/api/v1/touch", origin=Origin(ADDRESS))
        self._socket: ClientConnection
        self._sequence = 0

    def __enter__(self) -> Self:
        self._socket = self._connecting.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connecting.__exit__(kind, error, trace)

    def tap(self) -> None:
        """Tap the lowest key."""
        self.play(TAP)

    def imitate(self, player: Player, target: Target) -> None:
        """Let a simulated player imitate a target."""
        self.play(messages(player.imitate(target), 0.0))

    def play(self, played: Sequence[Played]) -> None:
        """Play messages at their times, as one frame after the other tells them."""
        events = _events(played)
        fingers: dict[int, Finger] = {}
        began_s = time.monotonic()
        while events or fingers:
            now_s = time.monotonic() - began_s
            ended: list[Finger] = []
            while events and events[0].time_s <= now_s:
                event = events.pop(0)
                if event.kind in PHASES:
                    fingers[event.touch] = _finger(event)
                elif lifted := fingers.pop(event.touch, None):
                    ended.append(lifted._replace(phase=Phase.ENDED))
            self._send([*fingers.values(), *ended])
            fingers = {touch: one._replace(phase=Phase.MOVES) for touch, one in fingers.items()}
            time.sleep(FRAME_S)

    def _send(self, fingers: list[Finger]) -> None:
        self._sequence += 1
        self._socket.send(pack(TouchFrame(self._sequence, 0, tuple(fingers))))
        self._socket.recv(timeout=5.0)


def _finger(event: TouchEvent) -> Finger:
    return Finger(
        event.touch,
        PHASES[event.kind],
        event.note,
        event.glide_semitones,
        event.press,
        event.slide,
        event.strike,
    )


def _events(played: Sequence[Played]) -> list[TouchEvent]:
    """Hear messages as an MPE controller's touches."""
    listeners = Listeners()
    for data in zone_messages(0, N_MEMBERS):
        listeners.hear(data, 0.0, 0)
    heard = [one for time_s, port, data in played for one in listeners.hear(data, time_s, port)]
    return [one for one in heard if one.kind in (Kind.STRIKE, Kind.MOVE, Kind.LIFT)]
