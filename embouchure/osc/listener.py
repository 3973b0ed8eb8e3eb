"""The listener: takes OSC that comes in, and answers what was wrong with a sentence."""

import threading
from collections.abc import Callable, Mapping
from typing import Any, Final

from pythonosc.dispatcher import Dispatcher
from pythonosc.osc_server import OSCUDPServer

from embouchure.errors import ProgramError, player_errors
from embouchure.osc.address import Address
from embouchure.osc.frames import ROOT
from embouchure.osc.words import Word

ERROR: Final = f"{ROOT}/error"
WEKINATOR: Final = "/wek/inputs"
N_MACROS: Final = 4


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
            dispatcher.map(name, self._obey)
        dispatcher.map(WEKINATOR, self._turn_macros)
        dispatcher.set_default_handler(self._refuse)
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
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _serve(self) -> None:
        self._server.serve_forever(poll_interval=0.1)

    def _obey(self, address: str, *arguments: Any) -> Any:  # noqa: ANN401
        """Do what a message asks; what is returned goes to its sender."""
        try:
            self._words[address].say(address, arguments)
        except player_errors() as error:
            return self._answer(str(error))
        return None

    def _turn_macros(self, address: str, *arguments: Any) -> Any:  # noqa: ANN401
        """Take the numbers that were sent to Wekinator before as macros."""
        for number, value in enumerate(arguments[:N_MACROS], 1):
            try:
                self._words[f"{ROOT}/macro"].say(address, (number, value))
            except player_errors() as error:
                return self._answer(str(error))
        return None

    def _refuse(self, address: str, *_: Any) -> Any:  # noqa: ANN401
        return self._answer(f"{address[:60]} is not understood; docs/osc.md lists what is")

    def _answer(self, sentence: str) -> tuple[str, str]:
        text = f"{sentence}."
        self._complain(text)
        return ERROR, text


class _Server(OSCUDPServer):
    """A server that no packet can end."""

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """Drop a packet that is no OSC."""
