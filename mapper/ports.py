"""MIDI input ports: the controllers that can be heard, and the virtual port others can play to."""

from collections.abc import Callable, Sequence
from functools import partial
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
    hear: Hear,
    wanted: Sequence[str] | None = None,
    system: MidiSystem | None = None,
    *,
    spare: Callable[[PortError], None] | None = None,
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
    spare
        Told of each controller that cannot be opened, and the others are; without it, or for an
        input in `wanted`, the first such is an error.

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
    ports = _open(system, _names_to_open(system, wanted), spare if wanted is None else None)
    for number, port in enumerate(ports):
        port.start(partial(_hear, hear, number))
    return ports


def close_all(ports: Sequence[Port]) -> None:
    """Stop listening to every port, then close them."""
    for port in ports:
        port.stop()
    for port in ports:
        port.close()


def _open(
    system: MidiSystem, names: Sequence[str], spare: Callable[[PortError], None] | None
) -> list[Port]:
    """Open the ports without listening yet.

    While one is opened or closed, Python may be held up; a message arriving at another would then
    hold up the MIDI system in turn.
    """
    virtual = system.open_virtual()
    ports = [virtual] if virtual else []
    for name in names:
        try:
            ports.append(system.open(name))
        except PortError as error:
            if spare is None:
                close_all(ports)
                raise
            spare(error)
    return ports


def _names_to_open(system: MidiSystem, wanted: Sequence[str] | None) -> list[str]:
    if wanted is None:
        return system.controller_names()
    names = system.input_names()
    return list(dict.fromkeys(find_input(names, one) for one in wanted))


def _hear(hear: Hear, number: int, time_s: float, data: bytes) -> None:
    hear(time_s, number, data)
