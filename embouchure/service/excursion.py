"""An excursion: what is played on another space meanwhile, and then the player's own preset again."""

from collections.abc import Iterable

from embouchure.errors import player_errors
from embouchure.service.refusals import sentence
from embouchure.service.setup import Command
from embouchure.service.stage import Stage


class Excursion:
    """Goes to the space that a preset needs and back home; for the thread that follows the session.

    Going and returning each take a new engine process, whose first report `arrive` waits for.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._home: str | None = None
        self._owed: list[Command] = []

    @property
    def is_away(self) -> bool:
        """Whether another space is played than the player's own."""
        return self._home is not None

    def go(self, preset: str) -> bool:
        """Go where a preset can be played; return whether the way there has to be waited for.

        Raises
        ------
        PresetError, ProgramError
            When there is no such preset, or it cannot be played.
        """
        if self._stage.plays_space_of(preset):
            return False
        home = self._home or self._stage.live["preset"]
        self._stage.select(preset)
        self._home = home
        return True

    def stay(self) -> None:
        """Be at home where it has gone."""
        self._home = None

    def end(self, commands: Iterable[Command]) -> None:
        """Return, if away, and tell the engine that plays then."""
        home, self._home = self._home, None
        self._owed = list(commands)
        try:
            has_returned = home is None or self._stage.plays_space_of(home)
            if home is not None:
                self._stage.select(home)
        except player_errors() as error:
            has_returned = True
            self._complain(error)
        if has_returned:
            self.arrive()

    def arrive(self) -> None:
        """Tell the engine that plays from now on what is left to tell."""
        owed, self._owed = self._owed, []
        for one in owed:
            try:
                self._stage.obey(one)
            except player_errors() as error:
                self._complain(error)

    def _complain(self, error: Exception) -> None:
        self._stage.notice(sentence(str(error)), "fault")
