"""A guided session: the live instrument, led by a guide from its start to the guide's end."""

from typing import Any

from calibration.guide import Guide
from embouchure.engine_link import Report
from embouchure.guided_view import GuidedView
from embouchure.leader import Leader
from embouchure.play_settings import PlaySettings
from embouchure.player import Player
from embouchure.view import playable_lines
from mapper.listeners import Listeners
from mapper.performance import Played
from mapper.ports import OWN_NAME


class GuidedSession(Player):
    """One live session with a guide; everything played is kept as in any other.

    Parameters
    ----------
    settings
        What the player chose; its preset sounds until the guide wants another sound.
    view
        Where the guide's pages are shown.
    guide
        Leads the player.
    listeners
        Hear the ports for the guide; without them as the player wishes.
    """

    def __init__(
        self,
        settings: PlaySettings,
        view: GuidedView,
        guide: Guide,
        listeners: Listeners | None = None,
    ) -> None:
        super().__init__(settings, view, demo=False)
        heard = listeners or settings.wishes.listeners()
        self._leader = Leader(guide, heard, self._relay.tell, view)

    @property
    def result(self) -> Any:  # noqa: ANN401
        """What the guide ended with, None before."""
        return self._leader.result

    def _follow(self) -> None:
        try:
            super()._follow()
            self._leader.leave()
        finally:
            self._leader.complete()

    def _introduce(self, report: Report) -> None:
        for line in playable_lines(report, self._settings.rate_hz):
            self._view.say(line)
        if set(report["ports"]) <= {OWN_NAME}:
            self._view.say("No controller is connected; connect one, and it is heard at once.")
        self._leader.begin()

    def _on_playable(self, report: Report) -> None:
        """Begin, or give an engine that takes over the sound that the player had."""
        super()._on_playable(report)
        self._leader.sound_again()

    def _on_told(self, report: Report) -> None:
        super()._on_told(report)
        self._leader.take_told(report)

    def _hear(self, heard: list[Played]) -> None:
        self._leader.hear(heard)

    def _turn(self) -> None:
        self._leader.turn()
        self._stopped = self._stopped or self._leader.is_done
