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

    @property
    def is_wanted(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.listens_at or self.sends_to)
