"""MIDI input ports: the controllers that can be heard, and the virtual port others can play to."""

from collections.abc import Callable, Sequence
from typing import Final, Protocol

OWN_NAME: Final = "Embouchure"
"""Name of the virtual port and of every client this program makes."""

Listen = Callable[[float, bytes], None]
"""Takes the arrival time (`time.perf_counter`, seconds) and the bytes of one message."""
Hear = Callable[[float, int, bytes], None]
"""Takes the arrival time, the number of the port and the bytes of one message."""


class PortError(Exception):
    """A MIDI port or MIDI itself cannot be had; the message is a sentence for the player."""


class Port(Protocol):
    """An open input, heard until it is closed."""

    name: str

    def close(self) -> None:
        """Stop listening and give the port back."""


class MidiSystem(Protocol):
    """What an operating system offers: inputs to open, and perhaps virtual ones."""

    def input_names(self) -> list[str]:
        """List everything that can be heard, this program's own ports left out."""

    def controller_names(self) -> list[str]:
        """List the inputs that are instruments to play on, as far as their names tell."""

    def open(self, name: str, listen: Listen) -> Port:
        """Open an input by its full name."""

    def open_virtual(self, listen: Listen) -> Port | None:
        """Offer an input named `OWN_NAME`; None where the system cannot."""


def midi_system() -> MidiSystem:
    """Return this computer's MIDI system.

    Raises
    ------
    PortError
        When it has none.
    """
    from mapper.rtmidi_ports import RtMidiSystem

    return RtMidiSystem()


def input_names() -> list[str]:
    """List every MIDI input of this computer, the program's own left out."""
    return midi_system().input_names()


def find_input(names: Sequence[str], wanted: str) -> str:
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
    raise PortError(f"no MIDI input is named like '{wanted}'; {choice}")


def open_inputs(
    hear: Hear, wanted: Sequence[str] | None = None, system: MidiSystem | None = None
) -> list[Port]:
    """Open the virtual input, then controllers; each message goes to `hear` as it arrives.

    Parameters
    ----------
    hear
        Called from the MIDI system's own threads, one per port.
    wanted
        Parts of the names of the inputs to open; without it every controller is opened.
    system
        Where to look; without it this computer.

    Returns
    -------
    list of Port
        In the order of the numbers that `hear` is given, from 0. Where a virtual port cannot
        be offered, the controllers begin at 0.

    Raises
    ------
    PortError
        When there is no MIDI system or no such input; nothing is left open then.
    """
    system = system or midi_system()
    names = _names_to_open(system, wanted)
    ports: list[Port] = []
    if virtual := system.open_virtual(_numbered(hear, 0)):
        ports.append(virtual)
    try:
        for name in names:
            ports.append(system.open(name, _numbered(hear, len(ports))))
    except PortError:
        close_all(ports)
        raise
    return ports


def close_all(ports: Sequence[Port]) -> None:
    """Close every port."""
    for port in ports:
        port.close()


def _names_to_open(system: MidiSystem, wanted: Sequence[str] | None) -> list[str]:
    if wanted is None:
        return system.controller_names()
    names = system.input_names()
    return list(dict.fromkeys(find_input(names, one) for one in wanted))


def _numbered(hear: Hear, port: int) -> Listen:
    return lambda time_s, data: hear(time_s, port, data)
