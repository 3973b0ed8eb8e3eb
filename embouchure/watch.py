"""A watch: listens to controllers without sounding them, and knows where every finger is."""

import time
from collections.abc import Callable, Iterator, Sequence
from queue import Empty, SimpleQueue
from typing import Final

from mapper.inputs import Inputs
from mapper.listeners import Listeners
from mapper.ports import MidiSystem, PortError
from mapper.sounding import SoundingTouch
from mapper.touch import TouchEvent

LOOK_EVERY_S: Final = 1.0
"""How often it looks for inputs that were plugged in or unplugged."""


class Watch:
    """Listeners for every port, fed on the caller's own thread.

    Parameters
    ----------
    midi
        Parts of the names of the inputs to listen to; without it every controller.
    listeners
        How their bytes are understood.
    spare
        Told of each controller that cannot be opened.
    system
        Where to look; without it this computer.

    Raises
    ------
    PortError
        When there is no MIDI system or no such input.
    """

    def __init__(
        self,
        midi: Sequence[str] | None,
        listeners: Listeners,
        *,
        spare: Callable[[PortError], None],
        system: MidiSystem | None = None,
    ) -> None:
        self._listeners = listeners
        self._heard: SimpleQueue[tuple[float, int, bytes]] = SimpleQueue()
        self._inputs = Inputs(self._hear, midi, name=listeners.name, spare=spare, system=system)
        self._looked_s = time.monotonic()

    @property
    def names(self) -> list[str]:
        """Names of the ports listened to."""
        return self._inputs.open_names

    def touches(self) -> list[SoundingTouch]:
        """Every touch that sounds now."""
        return self._listeners.touches()

    def listen(self, seconds: float) -> list[TouchEvent]:
        """Follow the fingers for some time and return what happened."""
        until_s = time.monotonic() + seconds
        events = self._look()
        while (left_s := until_s - time.monotonic()) > 0:
            try:
                time_s, port, data = self._heard.get(timeout=left_s)
            except Empty:
                break
            events += self._listeners.hear(data, time_s, port)
        return events

    def _look(self) -> list[TouchEvent]:
        """Follow what is plugged in, now and then; unplugging ends touches."""
        now_s = time.monotonic()
        if now_s - self._looked_s < LOOK_EVERY_S:
            return []
        self._looked_s = now_s
        lost = [change.number for change in self._inputs.look() if not change.is_plugged]
        ended = [self._listeners.release(time.perf_counter(), number) for number in lost]
        return [event for events in ended for event in events]

    def events(self) -> Iterator[TouchEvent]:
        """Yield what happens, without end."""
        while True:
            yield from self.listen(0.02)

    def close(self) -> None:
        """Stop listening."""
        self._inputs.close()

    def _hear(self, time_s: float, port: int, data: bytes) -> None:
        self._heard.put((time_s, port, data))
