"""The whereabouts: on which device a session sounds, where it belongs, and what is tried last."""

import time
from typing import Final

from synth.outputs import Place

AVOIDED_S: Final = 60.0
"""How long a device that did not ask for sound is tried last."""


class Whereabouts:
    """Devices by the names that last while they come and go.

    Parameters
    ----------
    place
        Where the first process opened its device: the player's own choice, the home.
    """

    def __init__(self, place: Place) -> None:
        self.home = place
        self.place = place
        self._avoided: dict[Place, float] = {}

    @property
    def is_away(self) -> bool:
        """Whether another device than the player's own is in use."""
        return self.place != self.home

    def avoid(self) -> None:
        """Try the device in use last, for a while."""
        self._avoided[self.place] = time.monotonic() + AVOIDED_S

    def avoided(self) -> tuple[Place, ...]:
        """List what is to be tried last now."""
        now_s = time.monotonic()
        return tuple(place for place, until_s in self._avoided.items() if until_s > now_s)

    def home_returns(self, found: set[Place]) -> bool:
        """Whether the player's own device is among those just found, and may work.

        One that was avoided may, once it has been away: by itself it would only fail again.
        """
        if found and self.home not in found:
            self._avoided.pop(self.home, None)
        return self.home in found and self.home not in self._avoided

    def in_words(self) -> str:
        """Say where it sounds again."""
        if self.is_away:
            return f"Sounding on {in_words(self.place)} until {in_words(self.home)} is back."
        return f"Sounding on {in_words(self.place)} again."


def in_words(place: Place) -> str:
    """Name a device and its sound system."""
    return f"{place.name} ({place.host_api})"
