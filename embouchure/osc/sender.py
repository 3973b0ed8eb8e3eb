"""The sender: frames of every voice at a steady rate, and whatever of the session has changed."""

import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

from pythonosc.osc_message_builder import build_msg

from embouchure.errors import ProgramError
from embouchure.osc.address import Address
from embouchure.osc.frames import ROOT, Frames
from synth.engine.telemetry import Snapshot

Look = Callable[[], Snapshot | None]
State = Callable[[], Mapping[str, Any]]
LONGEST_TEXT: Final = 400


class Sender:
    """Sends to one address, on a thread of its own.

    Parameters
    ----------
    address
        Where to.
    rate_hz
        How many frames a second.
    look
        Reads the engine's telemetry.
    state
        Reads the session's state; presets, macros and notices are told when they change.

    Raises
    ------
    ProgramError
        When there is no such host.
    """

    def __init__(self, address: Address, rate_hz: float, look: Look, state: State) -> None:
        self._look, self._state = look, state
        self._every_s = 1.0 / rate_hz
        try:
            found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_DGRAM)
        except OSError as error:
            raise ProgramError(
                f"OSC cannot be sent to {address.host} ({error.strerror}); check its name"
            ) from None
        family, _, _, _, to = found[0]
        self._to: Any = to
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        self._socket.settimeout(0.0)
        self._frames = Frames()
        self._told: dict[str, Any] = {}
        self._notice = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="osc-out", daemon=True)
        self._thread.start()

    def say(self, address: str, *values: Any) -> None:  # noqa: ANN401
        """Send one message below the root; any thread."""
        self._send(build_msg(f"{ROOT}/{address}", list(values)).dgram)

    def close(self) -> None:
        """Send no more; voices that sounded are told as over."""
        self._ended.set()
        self._thread.join()
        self._send(self._frames.bundle(None, time.time()))
        self._socket.close()

    def _run(self) -> None:
        next_s = time.monotonic()
        while not self._ended.wait(max(0.0, next_s - time.monotonic())):
            next_s = max(next_s + self._every_s, time.monotonic())
            self._send(self._frames.bundle(self._look(), time.time()))
            for name, *values in self._changes(self._state()):
                self.say(name, *values)

    def _changes(self, state: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
        if self._is_new("preset", state["preset"]):
            yield "preset", state["preset"] or ""
        for number, value in enumerate(state["macros"], 1):
            if self._is_new(f"macro {number}", value):
                yield "macro", number, float(value)
        guide = state["guide"]
        said = (guide["phase"], guide["title"], guide["text"]) if guide else ("", "", "")
        if self._is_new("guide", said):
            yield "guide", *(text[:LONGEST_TEXT] for text in said)
        for notice in state["notices"]:
            if notice["id"] > self._notice:
                self._notice = notice["id"]
                yield "notice", notice["text"][:LONGEST_TEXT]

    def _is_new(self, name: str, value: object) -> bool:
        is_new = name not in self._told or self._told[name] != value
        self._told[name] = value
        return is_new

    def _send(self, datagram: bytes) -> None:
        """Send, or leave it: nobody need listen, and the next frame comes soon."""
        with suppress(OSError):
            self._socket.sendto(datagram, self._to)
