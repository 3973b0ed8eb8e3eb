"""A watch: listens to controllers without sounding them, and knows where every finger is."""

import time
from collections.abc import Iterator, Sequence
from queue import Empty, SimpleQueue

from mapper.ports import MidiSystem, close_all, open_inputs
from mapper.receiver import Receiver
from mapper.sounding import SoundingTouch
from mapper.touch import TouchEvent
from mapper.zones import Mode


class Watch:
    """Receivers for every port, fed on the caller's own thread.

    Raises
    ------
    PortError
        When there is no MIDI system or no such input.
    """

    def __init__(
        self, midi: Sequence[str] | None, mode: str, system: MidiSystem | None = None
    ) -> None:
        self._mode = Mode(mode)
        self._receivers: dict[int, Receiver] = {}
        self._heard: SimpleQueue[tuple[float, int, bytes]] = SimpleQueue()
        self._ports = open_inputs(self._hear, midi, system)

    @property
    def names(self) -> list[str]:
        """Names of the ports listened to."""
        return [port.name for port in self._ports]

    def touches(self) -> list[SoundingTouch]:
        """Every touch that sounds now."""
        return [touch for one in self._receivers.values() for touch in one.touches()]

    def listen(self, seconds: float) -> list[TouchEvent]:
        """Follow the fingers for some time and return what happened."""
        until_s = time.monotonic() + seconds
        events: list[TouchEvent] = []
        while (left_s := until_s - time.monotonic()) > 0:
            try:
                time_s, port, data = self._heard.get(timeout=left_s)
            except Empty:
                break
            receiver = self._receivers.setdefault(port, Receiver(port, self._mode))
            events += receiver.receive(data, time_s)
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
