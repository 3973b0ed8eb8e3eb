"""A session: bytes from any number of MIDI ports become touches of one engine, and are kept."""

import threading
from collections import deque
from collections.abc import Callable

from mapper.performance import Played
from mapper.receiver import Receiver
from mapper.touch import TouchEvent
from mapper.zones import Mode
from synth.engine.engine import Engine, Event


def event_at(frame: int, event: TouchEvent) -> Event:
    """Say a touch event in the engine's terms, at one of its frames."""
    return Event(frame, event.touch, int(event.kind), *event[3:])


class Session:
    """What stands between the MIDI ports and the engine.

    Parameters
    ----------
    engine
        Sounds the touches.
    frame_at
        Gives the engine frame at which an event that arrives at a time in seconds must sound:
        `engine.frame_at` live.
    mode
        How every port's bytes are understood.
    """

    def __init__(
        self, engine: Engine, frame_at: Callable[[float], int], mode: Mode = Mode.MPE
    ) -> None:
        self._engine = engine
        self._frame_at = frame_at
        self._mode = mode
        self._receivers: dict[int, Receiver] = {}
        self._lock = threading.Lock()
        self._heard: deque[Played] = deque()

    def hear(self, time_s: float, port: int, data: bytes) -> None:
        """Play bytes that arrived at a port, and keep them for the journal; any thread."""
        self._heard.append(Played(time_s, port, data))
        self.perform(time_s, port, data)

    def perform(self, time_s: float, port: int, data: bytes) -> None:
        """Play bytes without keeping them; any thread."""
        with self._lock:
            self._push(self._receiver(port).receive(data, time_s))

    def release(self, time_s: float, port: int) -> None:
        """End every touch of a port, as when its controller is unplugged; any thread."""
        with self._lock:
            self._push(self._receiver(port).release_all(time_s))

    def panic(self, time_s: float) -> None:
        """Silence everything at once, tails and room too; any thread."""
        with self._lock:
            for receiver in self._receivers.values():
                self._push(receiver.panic(time_s))

    def flush(self) -> None:
        """Let events that found the engine's ring full move up; housekeeping thread."""
        with self._lock:
            self._engine.flush()

    def take_heard(self) -> list[Played]:
        """Hand over what was heard since the last call; housekeeping thread."""
        return [self._heard.popleft() for _ in range(len(self._heard))]

    def _receiver(self, port: int) -> Receiver:
        if port not in self._receivers:
            self._receivers[port] = Receiver(port, self._mode)
        return self._receivers[port]

    def _push(self, events: list[TouchEvent]) -> None:
        if events:
            frame = self._frame_at(events[0].time_s)
            for event in events:
                self._engine.push(event_at(frame, event))
