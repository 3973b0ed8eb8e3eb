"""Sharing: a tablet on the same network may join by a code that is good for one visit."""

import io
import secrets
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from embouchure.errors import ProgramError
from embouchure.service.port import bind

TOKEN_S: Final = 600.0
"""How long a code can be used."""
MAX_TABLETS: Final = 8
SOMEWHERE: Final = ("192.0.2.1", 9)
"""An address that nobody has; nothing is sent there."""

Open = Callable[[socket.socket, "Sharing"], Callable[[], None]]


class Sharing:
    """Off until it is asked for; every method from any thread.

    Parameters
    ----------
    open_door
        Serves the network from a socket, and returns what ends that.
    """

    def __init__(self, open_door: Open) -> None:
        self._open_door = open_door
        self._lock = threading.Lock()
        self._close: Callable[[], None] | None = None
        self._address = ""
        self._token = ""
        self._made_s = 0.0
        self._passes: list[str] = []

    def begin(self, host: str | None = None) -> None:
        """Let tablets join at this computer's address on the network.

        Raises
        ------
        ProgramError
            When it is on no network.
        """
        with self._lock:
            if self._close:
                return
            listening = bind(host or own_address(), 0)
            at, port = listening.getsockname()
            self._address = f"http://{at}:{port}"
            self._renew()
            self._close = self._open_door(listening, self)

    def end(self) -> None:
        """Let nobody join, and part with those who did."""
        with self._lock:
            close, self._close = self._close, None
            self._passes.clear()
            self._token = ""
        if close:
            close()

    def describe(self) -> dict[str, Any]:
        """Say whether tablets may join, where, how many did, and give the code as a picture."""
        with self._lock:
            if not self._close:
                return {"on": False, "address": None, "tablets": 0, "qr_svg": None}
            if not self._token or time.monotonic() - self._made_s > TOKEN_S:
                self._renew()
            address = f"{self._address}/join?token={self._token}"
            n_tablets = len(self._passes)
        return {"on": True, "address": address, "tablets": n_tablets, "qr_svg": qr_svg(address)}

    def redeem(self, token: str) -> str | None:
        """Take a code and give a pass for it; None for one that is wrong, old or used."""
        with self._lock:
            is_good = bool(self._token) and secrets.compare_digest(
                token.encode(), self._token.encode()
            )
            self._token = "" if is_good else self._token
            if not is_good or time.monotonic() - self._made_s > TOKEN_S:
                return None
            one = secrets.token_urlsafe(32)
            self._passes = [*self._passes, one][-MAX_TABLETS:]
            return one

    def admits(self, one: str) -> bool:
        """Whether a pass is good."""
        with self._lock:
            matches = [
                secrets.compare_digest(one.encode(), known.encode()) for known in self._passes
            ]
            return any(matches)

    def _renew(self) -> None:
        self._token, self._made_s = secrets.token_urlsafe(16), time.monotonic()


def qr_svg(text: str) -> str:
    """Draw a text as a QR code, dark on light so that cameras find it on any page.

    It is an image of its own, so it names what it is written in.
    """
    import segno

    code = segno.make(text, error="m", micro=False)
    drawn = io.BytesIO()
    colours = {"light": "#fff", "dark": "#000"}
    code.save(drawn, kind="svg", xmldecl=False, omitsize=True, title="QR code", **colours)
    return drawn.getvalue().decode()


def own_address() -> str:
    """Tell this computer's address on its network.

    Raises
    ------
    ProgramError
        When it is on none.
    """
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(SOMEWHERE)
        found = str(probe.getsockname()[0])
        if not found.startswith("127."):
            return found
    raise ProgramError("this computer is on no network; join one, and share again")
