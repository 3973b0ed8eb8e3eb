"""The inputs: every MIDI port that is played on, by number, while controllers come and go."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, NamedTuple

from mapper.ports import (
    OWN_NAME,
    Hear,
    MidiSystem,
    Port,
    PortError,
    close_all,
    find_inputs,
    midi_system,
)
from mapper.profile import recognise

MAX_INPUTS: Final = 10
"""Numbers there are for them; the program's own inputs have those from here to 15."""


class Change(NamedTuple):
    """An input that was plugged in, or unplugged, under a number.

    With the virtual input's number it tells of a program or controller that is gone, by its name:
    nothing says who plays to the virtual input, so whoever vanishes may have held notes on it.
    """

    number: int
    name: str
    is_plugged: bool


@dataclass
class _Socket:
    """What has one number: an input's name, and its port while it is plugged in."""

    name: str
    port: Port | None = None


class Inputs:
    """The virtual input and the controllers; each message goes to `hear` as it arrives.

    An unplugged input keeps its number and is heard under it again when it returns. Controllers
    plugged in later are heard too, unless `wanted` names others.

    Parameters
    ----------
    hear
        Called from the MIDI system's own threads, one per port.
    wanted
        Parts of the names of the inputs to open; without it every controller is opened.
    name
        Told the number and name of each input before it is heard.
    spare
        Told once of each input that cannot be opened, while the others are.
    known
        Names, by number, of the inputs that an earlier process had; what is missing is waited for.
    system
        Where to look; without it this computer.

    Raises
    ------
    PortError
        When there is no MIDI system, or a wanted input that was not known before cannot be had.
    """

    def __init__(
        self,
        hear: Hear,
        wanted: Sequence[str] | None = None,
        *,
        name: Callable[[int, str], None],
        spare: Callable[[PortError], None],
        known: Sequence[str] = (),
        system: MidiSystem | None = None,
    ) -> None:
        self._hear = hear
        self._name = name
        self._takes_all = wanted is None
        self._system = system or midi_system()
        self._spare = spare
        self._refused: set[str] = set()
        asked_for = [] if known or wanted is None else self._find(wanted)
        self._needed = set(asked_for)
        virtual = self._system.open_virtual()
        self._sockets = [_Socket(OWN_NAME, virtual)] if virtual else []
        self._sockets += [_Socket(name) for name in known or asked_for if name != OWN_NAME]
        del self._sockets[MAX_INPUTS:]
        self._plug_in(self._system.input_names())
        self._needed.clear()
        self._strangers = self._unheard(self._system.input_names())
        for number in range(len(self._sockets)):
            self._start(number)

    @property
    def names(self) -> list[str]:
        """Name of each number's input, plugged in or not."""
        return [socket.name for socket in self._sockets]

    @property
    def open_names(self) -> list[str]:
        """Names of the inputs that are heard now."""
        return [socket.name for socket in self._sockets if socket.port]

    def look(self) -> list[Change]:
        """Let go of what was unplugged and open what was plugged in; not for a MIDI thread."""
        names = self._system.input_names()
        unplugged = [self._change(number) for number in self._unplug(names)]
        unplugged += self._vanished(names)
        plugged = self._plug_in(names)
        for number in plugged:
            self._start(number)
        self._refused &= set(names)
        self._strangers = self._unheard(names)
        return unplugged + [self._change(number) for number in plugged]

    def close(self) -> None:
        """Listen no more."""
        close_all([socket.port for socket in self._sockets if socket.port])
        self._system.close()

    def _find(self, wanted: Sequence[str]) -> list[str]:
        try:
            return find_inputs(self._system, wanted)
        except PortError:
            self._system.close()
            raise

    def _change(self, number: int) -> Change:
        socket = self._sockets[number]
        return Change(number, self._system.lasting_name(socket.name), socket.port is not None)

    def _unplug(self, names: Collection[str]) -> list[int]:
        """Close the ports of inputs that are gone, and return their numbers."""
        gone = [
            number
            for number, socket in enumerate(self._sockets)
            if socket.port and socket.name != OWN_NAME and socket.name not in names
        ]
        for number in gone:
            port = self._sockets[number].port
            self._sockets[number].port = None
            close_all([port] if port else [])
        return gone

    def _unheard(self, names: Collection[str]) -> set[str]:
        """List those who can play to the virtual input only."""
        return set(names) - set(self.open_names)

    def _vanished(self, names: Collection[str]) -> list[Change]:
        """Tell of those who may have played to the virtual input and are gone."""
        if OWN_NAME not in self.open_names:
            return []
        number = self.names.index(OWN_NAME)
        gone = sorted(self._strangers - set(names))
        return [Change(number, self._system.lasting_name(name), is_plugged=False) for name in gone]

    def _plug_in(self, names: Sequence[str]) -> list[int]:
        """Open the inputs that are new without listening yet, and return their numbers.

        While one is opened, Python may be held up; at the start no other is listened to meanwhile.
        """
        new = [name for name in names if name not in self.open_names]
        controllers = self._controllers() if new and self._takes_all else []
        welcome = {*controllers, *self._needed}
        opened = [self._open(name, is_welcome=name in welcome) for name in new]
        return [number for number in opened if number is not None]

    def _controllers(self) -> list[str]:
        """List what to open unasked; a port that repeats another's notes would double them."""
        names = self._system.controller_names()
        return [name for name in names if not recognise(name).is_spoken_for]

    def _open(self, name: str, *, is_welcome: bool) -> int | None:
        """Open an input under the number it had, or under a new one where it is welcome."""
        number = self._number(name)
        if number is None and not is_welcome:
            return None
        try:
            if number is None:
                self._check_room(name)
            socket = _Socket(name, self._system.open(name))
        except PortError as error:
            if name in self._needed:
                self.close()
                raise
            self._refuse(name, error)
            return None
        if number is None:
            self._sockets.append(socket)
            return len(self._sockets) - 1
        self._sockets[number] = socket
        return number

    def _check_room(self, name: str) -> None:
        if len(self._sockets) >= MAX_INPUTS:
            raise PortError(
                f"the MIDI input '{name}' is left closed, since {MAX_INPUTS} others, the most that "
                "can be heard, came before; start again, naming the inputs to play on"
            )

    def _refuse(self, name: str, error: PortError) -> None:
        if name not in self._refused:
            self._refused.add(name)
            self._spare(error)

    def _number(self, name: str) -> int | None:
        """Find the number that waits for an input of this name."""
        lasting = self._system.lasting_name
        for number, socket in enumerate(self._sockets):
            if not socket.port and lasting(socket.name) == lasting(name):
                return number
        return None

    def _start(self, number: int) -> None:
        if port := self._sockets[number].port:
            self._name(number, port.name)
            port.start(partial(self._deliver, number))

    def _deliver(self, number: int, time_s: float, data: bytes) -> None:
        self._hear(time_s, number, data)
