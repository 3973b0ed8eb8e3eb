"""Where OSC goes and comes from: a host and a port in one word."""

from dataclasses import dataclass
from typing import Final

from embouchure.errors import ProgramError

LOOPBACK: Final = "127.0.0.1"
DEFAULT_RATE_HZ: Final = 60.0
RATES_HZ: Final = (1.0, 500.0)


@dataclass(frozen=True, kw_only=True)
class Address:
    """A UDP port of a host."""

    host: str = LOOPBACK
    port: int

    @classmethod
    def parse(cls, text: str) -> "Address":
        """Read `PORT` on this computer, or `HOST:PORT`.

        >>> Address.parse("9000")
        Address(host='127.0.0.1', port=9000)

        Raises
        ------
        ProgramError
            When it is neither.
        """
        host, _, port = text.strip().rpartition(":")
        if not (port.isascii() and port.isdecimal() and 0 < int(port) < 2**16):
            raise ProgramError(
                f"{text!r} is no place for OSC; write a port such as 9000, or host:port"
            )
        return cls(host=host.strip("[]") or LOOPBACK, port=int(port))


@dataclass(frozen=True, kw_only=True)
class OscSettings:
    """What of OSC is wanted; None where nothing is."""

    listens_at: Address | None = None
    sends_to: Address | None = None
    rate_hz: float = DEFAULT_RATE_HZ

    def __post_init__(self) -> None:
        low_hz, high_hz = RATES_HZ
        if not low_hz <= self.rate_hz <= high_hz:
            raise ProgramError(
                f"OSC cannot be sent {self.rate_hz:g} times a second; choose from {low_hz:g} to "
                f"{high_hz:g}"
            )

    @classmethod
    def parse(cls, listens_at: str | None, sends_to: str | None, rate_hz: float) -> "OscSettings":
        """Read what a command line says.

        Raises
        ------
        ProgramError
            When it is no address, or an impossible rate.
        """
        places = [text and Address.parse(text) for text in (listens_at, sends_to)]
        return cls(listens_at=places[0] or None, sends_to=places[1] or None, rate_hz=rate_hz)

    def in_words(self) -> list[str]:
        """Say what is wanted, in sentences."""
        said = []
        if at := self.listens_at:
            said.append(f"OSC is heard at {at.host}:{at.port}.")
        if to := self.sends_to:
            said.append(f"OSC goes to {to.host}:{to.port}, {self.rate_hz:g} frames a second.")
        return said

    @property
    def is_wanted(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.listens_at or self.sends_to)
