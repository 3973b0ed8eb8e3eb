"""The MIDI ports of this computer, through RtMidi."""

import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import rtmidi

from mapper.ports import OWN_NAME, Listen, PortError, find_input

OWN_THROUGH: Final = f"{OWN_NAME} through"
"""Name of the output that others can listen to."""
_SEQUENCER: Final = Path("/dev/snd/seq")
_LOOPBACKS: Final = ("midi through",)
_JACK_HARDWARE: Final = ("system:", "a2j:", "midi-bridge:")
"""Clients through which JACK and PipeWire show instruments; other programs connect themselves."""
_sent_to: set[str] = set()
"""Names of the outputs that this process plays to."""
_PASSING: Final = {rtmidi.API_LINUX_ALSA: r" \d+:\d+$", rtmidi.API_WINDOWS_MM: r" \d+$"}
"""What ends an input's name and may be another each time it is plugged in."""
_NO_MIDI: Final = {
    "linux": "no MIDI system answers; load ALSA's sequencer (snd-seq) or start a JACK server",
}


class RtMidiSystem:
    """The first that works of this platform's MIDI systems.

    One client lists the inputs and offers the virtual one, for as long as the system is in use.
    """

    def __init__(self) -> None:
        self._api, self._client = _first_client()

    def input_names(self) -> list[str]:
        """List everything that can be heard, this program's own ports left out."""
        names = _names(self._client)
        return [name for name in names if not name.startswith(OWN_NAME) and not _returns(name)]

    def controller_names(self) -> list[str]:
        """List the inputs that are instruments: no loop-backs, under JACK only hardware."""
        names = self.input_names()
        if self._api == rtmidi.API_UNIX_JACK:
            return [name for name in names if name.casefold().startswith(_JACK_HARDWARE)]
        return [name for name in names if not name.casefold().startswith(_LOOPBACKS)]

    def open(self, name: str) -> "RtMidiPort":
        """Open an input by its full name.

        Raises
        ------
        PortError
            When it is gone, or another program keeps it to itself.
        """
        client = _client(self._api)
        try:
            client.open_port(_names(client).index(name), name=_short(name))
        except (ValueError, rtmidi.RtMidiError) as error:
            client.delete()
            raise PortError(
                f"the MIDI input '{name}' cannot be opened; "
                "see that it is connected and that no other program keeps it to itself"
            ) from error
        return RtMidiPort(client, name)

    def open_virtual(self) -> "RtMidiPort | None":
        """Offer an input named `OWN_NAME`; None where the system cannot, as on Windows."""
        try:
            self._client.open_virtual_port(OWN_NAME)
        except (NotImplementedError, rtmidi.RtMidiError):
            return None
        return RtMidiPort(self._client, OWN_NAME, shares_client=True)

    def open_output(self, wanted: str | None) -> "RtMidiOutlet":
        """Open the output whose name contains what is wanted, or offer one of our own.

        Raises
        ------
        PortError
            When there is none, or another program keeps it to itself.
        """
        client = rtmidi.MidiOut(self._api, name=OWN_NAME)
        try:
            names = [name for name in _names(client) if not name.startswith(OWN_NAME)]
            name = OWN_THROUGH if wanted is None else find_input(names, wanted, "output")
            if wanted is None:
                client.open_virtual_port(OWN_THROUGH)
            else:
                client.open_port(_names(client).index(name), name=OWN_THROUGH)
                _sent_to.add(name)
        except PortError:
            client.delete()
            raise
        except (NotImplementedError, rtmidi.RtMidiError) as error:
            client.delete()
            raise PortError(
                "MIDI cannot be played through to it; see that no other program keeps it to itself, "
                "and on Windows choose the port of a loopback driver"
            ) from error
        return RtMidiOutlet(client, name)

    def close(self) -> None:
        """Give the client back; closing twice is allowed."""
        if self._client:
            self._client.delete()
            self._client = None

    def lasting_name(self, name: str) -> str:
        """Leave out the number under which ALSA or Windows lists an input this time."""
        return re.sub(_PASSING.get(self._api, "$"), "", name)


class RtMidiPort:
    """An open input; each message is stamped as it arrives, on RtMidi's own thread."""

    def __init__(self, client: Any, name: str, *, shares_client: bool = False) -> None:  # noqa: ANN401
        self.name = name
        self._shares_client = shares_client
        self._client = client
        client.ignore_types(sysex=True, timing=True, active_sense=True)

    def start(self, listen: Listen) -> None:
        """Hand every message to `listen` from now on."""

        def take(event: tuple[list[int], float], _: object) -> None:
            time_s = time.perf_counter()
            listen(time_s, bytes(event[0]))

        self._client.set_callback(take)

    def stop(self) -> None:
        """Hand on no more messages."""
        if self._client:
            self._client.cancel_callback()

    def close(self) -> None:
        """Give the port back; closing twice is allowed."""
        if self._client:
            self._client.close_port()
            if not self._shares_client:
                self._client.delete()
            self._client = None


class RtMidiOutlet:
    """An open output."""

    def __init__(self, client: Any, name: str) -> None:  # noqa: ANN401
        self.name = name
        self._client = client

    def send(self, message: bytes) -> None:
        """Send one whole message.

        Raises
        ------
        PortError
            When the output is gone.
        """
        try:
            self._client.send_message(message)
        except rtmidi.RtMidiError as error:
            raise PortError(
                f"the MIDI output '{self.name}' is gone; start again to play through to it"
            ) from error

    def close(self) -> None:
        """Give the output back; closing twice is allowed."""
        if self._client:
            self._client.delete()
            self._client = None
            _sent_to.discard(self.name)


def _returns(name: str) -> bool:
    """Whether an input only gives back what is sent to the output of the same name."""
    return name in _sent_to


def _client(api: int) -> Any:  # noqa: ANN401
    return rtmidi.MidiIn(api, name=OWN_NAME)


def _names(client: Any) -> list[str]:  # noqa: ANN401
    """List every input in RtMidi's order; macOS calls two controllers of one make the same."""
    names = client.get_ports()
    n_before = [names[:place].count(name) for place, name in enumerate(names)]
    return [f"{name} ({n + 1})" if n else name for name, n in zip(names, n_before, strict=True)]


def _candidates() -> list[int]:
    if sys.platform == "darwin":
        return [rtmidi.API_MACOSX_CORE]
    if sys.platform == "win32":
        return [rtmidi.API_WINDOWS_MM]
    alsa = [rtmidi.API_LINUX_ALSA] if _SEQUENCER.exists() else []
    return [*alsa, rtmidi.API_UNIX_JACK]


def _first_client() -> tuple[int, Any]:
    os.environ.setdefault("JACK_NO_START_SERVER", "1")  # libjack would start one by itself
    for api in _candidates():
        with suppress(rtmidi.RtMidiError), _quiet_stderr():
            return api, _client(api)
    raise PortError(_NO_MIDI.get(sys.platform, "this computer's MIDI system does not answer"))


@contextmanager
def _quiet_stderr() -> Iterator[None]:
    """Keep the C libraries' complaints about a missing server off the terminal."""
    kept = os.dup(2)
    try:
        with Path(os.devnull).open("wb") as nothing:
            os.dup2(nothing.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _short(name: str) -> str:
    return name.rpartition(":")[2]
