"""The link of a live session to other programs by OSC, for as long as the session lasts."""

import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from embouchure.errors import ProgramError
from embouchure.osc.address import OscSettings
from embouchure.osc.listener import Listener
from embouchure.osc.notes import Notes
from embouchure.osc.sender import Sender
from embouchure.osc.stage_words import stage_words
from embouchure.osc.words import words

if TYPE_CHECKING:
    from embouchure.service.stage import Stage

LOOK_EVERY_S: Final = 0.05


class OscLink:
    """Listens and sends as the settings say.

    Raises
    ------
    ProgramError
        When an address cannot be had.
    """

    def __init__(self, settings: OscSettings, stage: "Stage") -> None:
        self._notes = Notes(stage.perform_bytes)
        self._sender: Sender | None = None
        self._listener: Listener | None = None
        self._ended = threading.Event()
        if settings.sends_to:
            rate_hz, look = settings.rate_hz, stage.look
            self._sender = Sender(settings.sends_to, rate_hz, look, stage.state)
        if settings.listens_at:
            understood = {**words(stage, self._notes), **stage_words(stage)}
            self._listener = Listener(settings.listens_at, understood, self._complain)
        self._thread = threading.Thread(target=self._look, name="osc-notes", daemon=True)
        self._thread.start()

    @property
    def port(self) -> int | None:
        """Where it listens in fact, if it does."""
        return self._listener.port if self._listener else None

    def close(self) -> None:
        """Listen and send no more."""
        self._ended.set()
        self._thread.join()
        if self._listener:
            self._listener.close()
        if self._sender:
            self._sender.close()

    def _complain(self, sentence: str) -> None:
        if self._sender:
            self._sender.say("error", sentence)

    def _look(self) -> None:
        while not self._ended.wait(LOOK_EVERY_S):
            with suppress(ProgramError):  # the instrument is still starting: nothing sounds
                self._notes.look()
