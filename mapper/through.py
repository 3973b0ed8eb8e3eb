"""MIDI through: what is played goes on to another program, exactly, from a thread of its own."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable
from queue import SimpleQueue
from typing import Final

from mapper.bytestream import ByteStream
from mapper.ports import MidiSystem, Outlet, PortError

VIRTUAL: Final = "virtual"
"""Asks for an output of our own, which others can listen to."""
DRAIN_S: Final = 0.05
"""What was sent last is on its way for so long at most; closing sooner would lose it."""
_NOTE_OFF, _NOTE_ON, _CONTROL, _PEDAL, _LIFT_ALL = 0x80, 0x90, 0xB0, 64, 123


class Through:
    """Hands whole messages on in the order in which they were heard.

    Every method may be called from any thread and only puts something into a queue, so that no
    touch waits for the other program.

    Parameters
    ----------
    system
        Where the output is; it is closed in the end.
    name
        Any part of an output's name, or `VIRTUAL`.
    say
        Told in a sentence when the output is lost.

    Raises
    ------
    PortError
        When there is no such output.
    """

    def __init__(self, system: MidiSystem, name: str, say: Callable[[str], None]) -> None:
        self._system = system
        try:
            self._outlet: Outlet | None = system.open_output(None if name == VIRTUAL else name)
        except PortError:
            system.close()
            raise
        self.name = self._outlet.name
        self._say = say
        self._streams: dict[int, ByteStream] = defaultdict(ByteStream)
        self._held: dict[int, set[tuple[int, int]]] = defaultdict(set)
        self._pedals: dict[int, set[int]] = defaultdict(set)
        self._waiting: SimpleQueue[tuple[int | None, bytes | None] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="through", daemon=True)
        self._thread.start()

    def hear(self, port: int, data: bytes) -> None:
        """Hand on bytes that arrived at a port, cut anywhere."""
        self._waiting.put((port, data))

    def release(self, port: int | None = None) -> None:
        """End the notes that a port holds, its pedals' too, or without one all of them."""
        self._waiting.put((port, None))

    def close(self) -> None:
        """End every note, and hand on no more."""
        self._waiting.put(None)
        self._thread.join()
        if self._outlet:
            time.sleep(DRAIN_S)
            self._outlet.close()
        self._system.close()

    def _run(self) -> None:
        for port, data in iter(self._waiting.get, None):
            if port is None:
                self._silence()
            elif data is None:
                self._lift(port)
            else:
                for message in self._streams[port].feed(data):
                    self._follow(port, message)
                    self._send(message)
        self._silence()

    def _follow(self, port: int, message: bytes) -> None:
        """Remember which notes are held, by fingers or by a pedal."""
        kind, channel = message[0] & 0xF0, message[0] & 0x0F
        if kind == _NOTE_ON and message[2]:
            self._held[port].add((channel, message[1]))
        elif kind in (_NOTE_ON, _NOTE_OFF):
            self._held[port].discard((channel, message[1]))
        elif kind == _CONTROL and message[1] == _PEDAL:
            change = self._pedals[port].add if message[2] else self._pedals[port].discard
            change(channel)

    def _lift(self, port: int) -> None:
        for channel, note in sorted(self._held.pop(port, ())):
            self._send(bytes((_NOTE_OFF | channel, note, 64)))
        for channel in sorted(self._pedals.pop(port, ())):
            self._send(bytes((_CONTROL | channel, _PEDAL, 0)))

    def _silence(self) -> None:
        for port in sorted({*self._held, *self._pedals}):
            self._lift(port)
        for channel in range(16):
            self._send(bytes((_CONTROL | channel, _LIFT_ALL, 0)))

    def _send(self, message: bytes) -> None:
        try:
            if self._outlet:
                self._outlet.send(message)
        except PortError as error:
            self._outlet = None
            self._say(f"{error}.")
