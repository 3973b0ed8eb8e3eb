"""The inputs of the program's own: surfaces and OSC, which the service plays into the engine process."""

import threading
import time
from collections.abc import Callable
from typing import Final, Protocol

from mapper.bytestream import ByteStream
from mapper.inputs import MAX_INPUTS

OSC: Final = "OSC"
SURFACES: Final = ("Surface 1", "Surface 2", "Surface 3", "Surface 4")
PORTS: Final = {name: MAX_INPUTS + place for place, name in enumerate((OSC, *SURFACES))}
"""Numbers that no controller has: always the same, so that what takes over knows them too."""
OLD_S: Final = 0.5
"""What waited for so long, as while a device was opened, is no longer played."""
SILENT_S: Final = 0.75
"""An input that holds touches must be heard of so often, else the service hangs."""


class Listening(Protocol):
    """What of a session these inputs need."""

    def name(self, port: int, name: str) -> None:
        """Say what a port is called."""

    def hear(self, time_s: float, port: int, data: bytes) -> None:
        """Play bytes that arrived at a port."""

    def release(self, time_s: float, port: int) -> bool:
        """End every touch of a port."""


class OwnInputs:
    """Plays what the service sends into a session; of an input that falls silent all is ended.

    Every method may be called from any thread.

    Parameters
    ----------
    session
        What is played.
    say
        Tells the player what happened, in a sentence.
    clock
        Tells the time in seconds, as the session counts it.
    """

    def __init__(
        self,
        session: Listening,
        say: Callable[[str], None],
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._session = session
        self._say = say
        self._clock = clock
        self._heard_s: dict[str, float] = {}
        self._lock = threading.Lock()

    def hear(self, name: str, time_s: float, data: bytes) -> None:
        """Play whole messages that reached the service at `time_s`; none at all are a sign of life."""
        now_s = self._clock()
        with self._lock:
            if name not in self._heard_s:
                self._session.name(PORTS[name], name)
            self._heard_s[name] = now_s
            if now_s - time_s < OLD_S:
                for message in ByteStream().feed(data):
                    self._session.hear(min(time_s, now_s), PORTS[name], message)

    def close(self, name: str) -> None:
        """End what an input holds; it may be heard again."""
        with self._lock:
            if self._heard_s.pop(name, None) is not None:
                self._session.release(self._clock(), PORTS[name])

    def look(self) -> None:
        """End what silent inputs hold, a few times a second."""
        now_s = self._clock()
        with self._lock:
            silent = [name for name, at_s in self._heard_s.items() if now_s - at_s > SILENT_S]
            for name in silent:
                del self._heard_s[name]
                if self._session.release(now_s, PORTS[name]):
                    self._say(f"{name} is heard of no more; its notes are ended.")
