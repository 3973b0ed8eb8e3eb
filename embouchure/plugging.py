"""Plugging: the MIDI inputs of a session, followed while controllers come and go."""

import time
from collections.abc import Callable, Sequence
from typing import Final

from embouchure.session import Session
from mapper.inputs import Change, Inputs
from mapper.ports import OWN_NAME, PortError

LOOK_EVERY_S: Final = 0.25
"""Sooner than a hand can pull a plug and put it back."""
SEEK_EVERY_S: Final = 5.0
"""How often it tries again where the computer has no MIDI at all."""


class Plugging:
    """Opens the inputs, and from then on is to be asked to `look` by one thread that has time.

    Parameters
    ----------
    session
        Plays what they send; what an unplugged one held is ended.
    wanted
        Parts of the names of the inputs to open; empty means every controller.
    known
        Names, by number, of the inputs that an earlier process had.
    say
        Told each change, in a sentence for the player.

    Raises
    ------
    PortError
        When there is no MIDI and some was asked for, or no input that was.
    """

    def __init__(
        self,
        session: Session,
        wanted: Sequence[str],
        known: Sequence[str],
        say: Callable[[str], None],
    ) -> None:
        self._session = session
        self._wanted = wanted
        self._known = known
        self._say = say
        self._looked_s = time.monotonic()
        self._inputs: Inputs | None = None
        try:
            self._inputs = self._open()
        except PortError as error:
            if wanted and not known:
                raise
            say(f"{error}.")

    @property
    def names(self) -> list[str]:
        """Name of each number's input, plugged in or not."""
        return self._inputs.names if self._inputs else list(self._known)

    @property
    def open_names(self) -> list[str]:
        """Names of the inputs that are heard now."""
        return self._inputs.open_names if self._inputs else []

    def look(self) -> bool:
        """See what was plugged in or unplugged, a few times a second; whether anything was."""
        every_s = LOOK_EVERY_S if self._inputs else SEEK_EVERY_S
        if time.monotonic() - self._looked_s < every_s:
            return False
        self._looked_s = time.monotonic()
        if not self._inputs:
            return self._seek()
        changes = self._inputs.look()
        for change in changes:
            self._follow(change)
        return bool(changes)

    def _seek(self) -> bool:
        """Open the inputs after all, where there was no MIDI before."""
        try:
            self._inputs = self._open()
        except PortError:
            return False
        self._say(f"Listening to {', '.join(self.open_names)}.")
        return True

    def close(self) -> None:
        """Listen no more."""
        if self._inputs:
            self._inputs.close()

    def _open(self) -> Inputs:
        return Inputs(
            self._session.hear,
            self._wanted or None,
            name=self._session.name,
            spare=lambda error: self._say(f"{error}."),
            known=self._known,
        )

    def _follow(self, change: Change) -> None:
        if change.is_plugged:
            self._say(f"Listening to {change.name}.")
            return
        has_ended = self._session.release(time.perf_counter(), change.number)
        if self.names[change.number] != OWN_NAME:
            self._say(
                f"{change.name} was unplugged; its notes are ended, "
                "and it can be played again as soon as it returns."
            )
        elif has_ended:
            self._say(f"{change.name} is gone; the notes held through Embouchure are ended.")
