"""A watch: listens to controllers without sounding them, and knows where every finger is."""

import time
from collections.abc import Iterator, Sequence
from queue import Empty, SimpleQueue

from mapper.listeners import Listeners
from mapper.ports import MidiSystem, close_all, open_inputs
from mapper.sounding import SoundingTouch
from mapper.touch import TouchEvent


class Watch:
    """Listeners for every port, fed on the caller's own thread.

    Raises
    ------
    PortError
        When there is no MIDI system or no such input.
    """

    def __init__(
        self, midi: Sequence[str] | None, listeners: Listeners, system: MidiSystem | None = None
    ) -> None:
        self._listeners = listeners
        self._heard: SimpleQueue[tuple[float, int, bytes]] = SimpleQueue()
        self._ports = open_inputs(self._hear, midi, system)
        for number, port in enumerate(self._ports):
            listeners.name(number, port.name)

    @property
    def names(self) -> list[str]:
        """Names of the ports listened to."""
        return [port.name for port in self._ports]

    def touches(self) -> list[SoundingTouch]:
        """Every touch that sounds now."""
        return self._listeners.touches()

    def listen(self, seconds: float) -> list[TouchEvent]:
        """Follow the fingers for some time and return what happened."""
        until_s = time.monotonic() + seconds
        events: list[TouchEvent] = []
        while (left_s := until_s - time.monotonic()) > 0:
            try:
                time_s, port, data = self._heard.get(timeout=left_s)
            except Empty:
                break
            events += self._listeners.hear(data, time_s, port)
        return events

    def events(self) -> Iterator[TouchEvent]:
        """Yield what happens, without end."""
        while True:
            yield from self.listen(0.02)

    def close(self) -> None:
        """Stop listening."""
        close_all(self._ports)

    def _hear(self, time_s: float, port: int, data: bytes) -> None:
        self._heard.put((time_s, port, data))
