"""MIDI input ports: the controllers that can be heard, and the virtual port others can play to."""

from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Final, Protocol

OWN_NAME: Final = "Embouchure"
"""Name of the virtual port and of every client this program makes."""

Listen = Callable[[float, bytes], None]
"""Takes the arrival time (`time.perf_counter`, seconds) and the bytes of one message."""
Hear = Callable[[float, int, bytes], None]
"""Takes the arrival time, the number of the port and the bytes of one message."""


class PortError(RuntimeError):
    """A MIDI port or MIDI itself cannot be had; the message is a sentence for the player."""


class Port(Protocol):
    """An open input; nothing of it is heard before `start` or after `stop`."""

    name: str

    def start(self, listen: Listen) -> None:
        """Hand every message to `listen` from now on."""

    def stop(self) -> None:
        """Hand on no more messages."""

    def close(self) -> None:
        """Give the port back; closing twice is allowed."""


class Outlet(Protocol):
    """An open output."""

    name: str

    def send(self, message: bytes) -> None:
        """Send one whole message; raises PortError when the output is gone."""

    def close(self) -> None:
        """Give the output back."""


class MidiSystem(Protocol):
    """What an operating system offers: inputs to open, and perhaps virtual ones."""

    def input_names(self) -> list[str]:
        """List everything that can be heard, this program's own ports left out."""

    def controller_names(self) -> list[str]:
        """List the inputs that are instruments to play on, as far as their names tell."""

    def open(self, name: str) -> Port:
        """Open an input by its full name."""

    def open_virtual(self) -> Port | None:
        """Offer an input named `OWN_NAME`; None where the system cannot."""

    def open_output(self, wanted: str | None) -> Outlet:
        """Open the output whose name contains what is wanted, or offer one of our own.

        What another program gives back of what is sent there is never heard as an input.
        """

    def lasting_name(self, name: str) -> str:
        """Leave out of an input's name what may change while it is unplugged."""

    def close(self) -> None:
        """Use it no longer; its ports are closed before. Closing twice is allowed."""


def midi_system() -> MidiSystem:
    """Return this computer's MIDI system.

    Raises
    ------
    PortError
        When it has none.
    """
    try:
        from mapper.rtmidi_ports import RtMidiSystem
    except ImportError as error:  # its wheel needs ALSA's library, which a bare system may lack
        raise PortError(f"MIDI cannot be used ({error}); on Debian install libasound2") from error
    return RtMidiSystem()


def input_names() -> list[str]:
    """List every MIDI input of this computer, the program's own left out."""
    with closing(midi_system()) as system:
        return system.input_names()


def find_input(names: Sequence[str], wanted: str, kind: str = "input") -> str:
    """Choose the input whose name is `wanted`, or else the first that contains it.

    Upper and lower case are the same.

    >>> find_input(["Osmose Port 1", "Osmose Port 2"], "osmose")
    'Osmose Port 1'

    Raises
    ------
    PortError
        When no name contains `wanted`.
    """
    low = wanted.casefold()
    exact = [name for name in names if name.casefold() == low]
    for name in exact or [name for name in names if low in name.casefold()]:
        return name
    choice = f"choose one of: {', '.join(names)}" if names else "none is connected now"
    raise PortError(f"no MIDI {kind} is named like '{wanted}'; {choice}")


def close_all(ports: Sequence[Port]) -> None:
    """Stop listening to every port, then close them."""
    for port in ports:
        port.stop()
    for port in ports:
        port.close()


def find_inputs(system: MidiSystem, wanted: Sequence[str]) -> list[str]:
    """Choose the inputs whose names contain the wanted words, each once.

    Raises
    ------
    PortError
        When one that is wanted is not there.
    """
    names = system.input_names()
    return list(dict.fromkeys(find_input(names, one) for one in wanted))


def check_inputs(wanted: Sequence[str]) -> None:
    """See that every wanted input is there.

    Raises
    ------
    PortError
        When one is not, or there is no MIDI system.
    """
    with closing(midi_system()) as system:
        find_inputs(system, wanted)
