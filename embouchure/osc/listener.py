"""The listener: takes OSC that comes in, and answers what was wrong with a sentence."""

import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final

from pythonosc.dispatcher import Dispatcher
from pythonosc.osc_message_builder import build_msg
from pythonosc.osc_server import OSCUDPServer

from embouchure.errors import NOT_THE_PLAYERS, ProgramError, player_errors
from embouchure.osc.address import Address
from embouchure.osc.frames import ROOT
from embouchure.osc.waiting_room import WaitingRoom
from embouchure.osc.words import Word

ERROR: Final = f"{ROOT}/error"
WEKINATOR: Final = "/wek/inputs"
N_MACROS: Final = 4

MAX_WAITING: Final = 16
"""So many messages that take long wait at most."""

Place = tuple[str, int]
"""Host and port of a sender."""
Message = tuple[Place, str, tuple[Any, ...]]


class Listener:
    """Obeys what comes to an address, on a thread of its own.

    Parameters
    ----------
    address
        Where it listens.
    words
        What is understood, by address below the root.
    complain
        Told of every error too.

    Raises
    ------
    ProgramError
        When the address cannot be had.
    """

    def __init__(
        self, address: Address, words: Mapping[str, Word], complain: Callable[[str], None]
    ) -> None:
        self._words = {f"{ROOT}/{name}": word for name, word in words.items()}
        self._complain = complain
        dispatcher = Dispatcher(strict_timing=False)  # a sender's clock may be wrong by years
        for name in self._words:
            dispatcher.map(name, self._hear, needs_reply_address=True)
        dispatcher.map(WEKINATOR, self._turn_macros, needs_reply_address=True)
        dispatcher.set_default_handler(self._refuse, needs_reply_address=True)
        self._long: WaitingRoom[Message] = WaitingRoom(MAX_WAITING)
        try:
            self._server = _Server((address.host, address.port), dispatcher)
        except OSError as error:
            raise ProgramError(
                f"OSC cannot be heard at {address.host}:{address.port} ({error.strerror}); choose "
                "another port with --osc-in"
            ) from None
        self._thread = threading.Thread(target=self._serve, name="osc-in", daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """Where it listens in fact."""
        return int(self._server.server_address[1])

    def close(self) -> None:
        """Listen no more; what takes long goes on to its end by itself."""
        self._server.shutdown()
        self._long.close()
        self._thread.join()
        self._server.server_close()

    def _serve(self) -> None:
        threading.Thread(target=self._do_long, name="osc-long", daemon=True).start()
        self._server.serve_forever(poll_interval=0.1)

    def _do_long(self) -> None:
        while message := self._long.take():
            self._obey(*message)

    def _hear(self, sender: Place, address: str, *arguments: Any) -> None:  # noqa: ANN401
        """Do what a message asks, now or as soon as what takes long is done."""
        word = self._words[address]
        if not word.takes_long:
            self._obey(sender, address, arguments)
        elif not self._long.put(address, (sender, address, arguments), replaces=word.newest_counts):
            self._answer(sender, f"too much waits before {address}; send it again in a moment")

    def _obey(self, sender: Place, address: str, arguments: tuple[Any, ...]) -> None:
        try:
            self._words[address].say(address, arguments)
        except player_errors() as error:
            self._answer(sender, str(error))
        except Exception:
            logging.getLogger(__name__).exception("an OSC message failed")
            self._answer(sender, NOT_THE_PLAYERS)

    def _turn_macros(self, sender: Place, _: str, *values: Any) -> None:  # noqa: ANN401
        """Take the numbers that were sent to Wekinator before as macros."""
        for number, value in enumerate(values[:N_MACROS], 1):
            self._obey(sender, f"{ROOT}/macro", (number, value))

    def _refuse(self, sender: Place, address: str, *_: Any) -> None:  # noqa: ANN401
        self._answer(sender, f"{address[:60]} is not understood; docs/osc.md lists what is")

    def _answer(self, sender: Place, sentence: str) -> None:
        """Say what was wrong, to the sender and to whoever listens."""
        text = f"{sentence}."
        self._complain(text)
        with suppress(OSError):
            self._server.socket.sendto(build_msg(ERROR, text).dgram, sender)


class _Server(OSCUDPServer):
    """A server that no packet can end."""

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """Drop a packet that is no OSC."""
