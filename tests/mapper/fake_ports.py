"""A MIDI system without hardware, for tests of everything that listens."""

from collections.abc import Sequence

from mapper.ports import OWN_NAME, Listen, PortError


class FakePort:
    """An open input that is played to by calling `send`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.is_open = True
        self._listen: Listen | None = None

    def send(self, data: bytes, time_s: float = 0.0) -> None:
        """Deliver one message as if it had arrived at `time_s`."""
        if self._listen:
            self._listen(time_s, data)

    def start(self, listen: Listen) -> None:
        """Hand every message to `listen` from now on."""
        self._listen = listen

    def stop(self) -> None:
        """Hand on no more messages."""
        self._listen = None

    def close(self) -> None:
        """Give the port back."""
        self.is_open = False


class FakeOutlet:
    """An open output; `sent` is what it was given. With `is_gone` it takes no more."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.sent: list[bytes] = []
        self.is_open = True
        self.is_gone = False

    def send(self, message: bytes) -> None:
        """Keep one message."""
        if self.is_gone:
            raise PortError(f"the MIDI output '{self.name}' is gone")
        self.sent.append(message)

    def close(self) -> None:
        """Give the output back."""
        self.is_open = False


class FakeMidiSystem:
    """Inputs with the given names; `opened` holds those in use, by name.

    Inputs named in `busy` are listed and cannot be opened. What ends a name after `#` is another
    each time the input is plugged in.
    """

    def __init__(
        self, names: Sequence[str] = (), *, offers_virtual: bool = True, busy: Sequence[str] = ()
    ) -> None:
        self.names = list(names)
        self._offers_virtual = offers_virtual
        self.busy = list(busy)
        self.opened: dict[str, FakePort] = {}
        self.outlet: FakeOutlet | None = None

    def input_names(self) -> list[str]:
        """List the names given."""
        return list(self.names)

    def controller_names(self) -> list[str]:
        """List the names given; all are instruments."""
        return list(self.names)

    def unplug(self, name: str) -> None:
        """Take an input away."""
        self.names.remove(name)

    def plug_in(self, name: str) -> None:
        """Add an input."""
        self.names.append(name)

    def open(self, name: str) -> FakePort:
        """Open an input by its full name."""
        if name in self.busy:
            raise PortError(f"the MIDI input '{name}' cannot be opened")
        self.opened[name] = FakePort(name)
        return self.opened[name]

    def open_virtual(self) -> FakePort | None:
        """Offer an input named `OWN_NAME`, if this system can."""
        return self.open(OWN_NAME) if self._offers_virtual else None

    def open_output(self, wanted: str | None) -> FakeOutlet:
        """Open the output whose name is that of an input, or one of our own."""
        if wanted is not None and wanted not in self.names:
            raise PortError(f"no MIDI output is named like '{wanted}'")
        self.outlet = FakeOutlet(wanted or OWN_NAME)
        return self.outlet

    def lasting_name(self, name: str) -> str:
        """Leave out the number after `#`."""
        return name.partition(" #")[0]

    def close(self) -> None:
        """Use it no longer."""
