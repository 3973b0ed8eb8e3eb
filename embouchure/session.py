"""A session: bytes from any number of MIDI ports become touches of one engine, and are kept."""

import base64
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

from embouchure.instrument import Sound
from embouchure.kernel_cache import kernel_version
from mapper.performance import Played
from mapper.receiver import Receiver
from mapper.touch import TouchEvent
from mapper.zones import Mode
from synth.engine.engine import BLOCK_FRAMES, Engine, Event
from synth.engine.layout import EVENT


def event_at(frame: int, event: TouchEvent) -> Event:
    """Say a touch event in the engine's terms, at one of its frames."""
    return Event(frame, event.touch, int(event.kind), *event[3:])


class Told(NamedTuple):
    """Something other than a message that the journal must know: a line's first word and fields."""

    word: str
    fields: dict[str, Any]


class Kept(NamedTuple):
    """What was played, for the journal; `told` comes before `events`, which may need its presets."""

    heard: list[Played]
    told: list[Told]
    events: bytes
    n_lost: int


class Session:
    """What stands between the MIDI ports and the engine.

    One lock orders everything, so what is handed over for the journal is in the order in which it
    was pushed to the engine.

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
        self._told: deque[Told] = deque()
        self._n_unlogged = 0

    def hear(self, time_s: float, port: int, data: bytes) -> None:
        """Play bytes that arrived at a port, and keep them for the journal; any thread."""
        with self._lock:
            self._heard.append(Played(time_s, port, data))
            self._push(self._receiver(port).receive(data, time_s))

    def perform(self, time_s: float, port: int, data: bytes) -> None:
        """Play bytes without keeping them; any thread."""
        with self._lock:
            self._push(self._receiver(port).receive(data, time_s))

    def release(self, time_s: float, port: int) -> None:
        """End every touch of a port, as when its controller is unplugged; any thread."""
        with self._lock:
            self._tell_call(time_s, "release", port=port)
            self._push(self._receiver(port).release_all(time_s))

    def panic(self, time_s: float) -> None:
        """Silence everything at once, tails and room too; any thread."""
        with self._lock:
            self._tell_call(time_s, "panic")
            for receiver in self._receivers.values():
                self._push(receiver.panic(time_s))

    def select(self, time_s: float, sound: Sound) -> None:
        """Let what is struck from now on sound by another preset; any thread but the audio thread.

        Raises
        ------
        RuntimeError
            When sounding voices hold every slot of the engine.
        """
        with self._lock:
            slot = self._engine.install(sound.patch)
            packed = base64.b64encode(sound.packed).decode()
            self._told.append(Told("preset", {"slot": slot, "name": sound.name, "file": packed}))
            self._tell_call(time_s, "select", preset=sound.name)
            self._engine.select(slot, self._frame_at(time_s))

    def flush(self) -> None:
        """Let events that found the engine's ring full move up; housekeeping thread."""
        with self._lock:
            self._engine.flush()

    def take_played(self) -> Kept:
        """Hand over what was played since the last call; housekeeping thread, and only one."""
        records = self._engine.applied_events()
        n_lost = self._engine.n_unlogged - self._n_unlogged
        self._n_unlogged += n_lost
        told = [self._told.popleft() for _ in range(len(self._told))]  # after the events: a
        heard = [self._heard.popleft() for _ in range(len(self._heard))]  # preset comes first
        return Kept(heard, told, records.tobytes(), n_lost)

    def describe(self) -> dict[str, Any]:
        """Tell what a replay of this session needs to know of its engine."""
        space = self._engine.space
        return {
            "rate_hz": self._engine.rate_hz,
            "block_frames": BLOCK_FRAMES,
            "kernels": kernel_version(),
            "space": space.card.name,
            "space_sha256": space.sha256,
            "event": EVENT.descr,
        }

    def _tell_call(self, time_s: float, call: str, **fields: Any) -> None:  # noqa: ANN401
        self._told.append(Told("call", {"time_s": time_s, "call": call, **fields}))

    def _receiver(self, port: int) -> Receiver:
        if port not in self._receivers:
            self._receivers[port] = Receiver(port, self._mode)
        return self._receivers[port]

    def _push(self, events: list[TouchEvent]) -> None:
        if events:
            frame = self._frame_at(events[0].time_s)
            for event in events:
                self._engine.push(event_at(frame, event))
