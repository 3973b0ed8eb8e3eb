"""The port where the page is served, taken before anything else is started."""

import socket
from typing import Final

from embouchure.errors import ProgramError

HOST: Final = "127.0.0.1"


class PortTakenError(ProgramError):
    """Somebody else serves there."""


def bind(host: str, port: int) -> socket.socket:
    """Take a port; 0 takes any that is free.

    Raises
    ------
    PortTakenError
        When it cannot be had.
    """
    # asyncio lets small answers go at once only where the protocol is named
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # on Windows others could take it as well
        made.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
        made.listen()
    except OSError as error:
        made.close()
        raise PortTakenError(
            f"port {port} cannot be used for the page ({error.strerror}); end what uses it, or "
            "choose another with --port"
        ) from None
    return made
