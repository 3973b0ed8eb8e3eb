"""A choice: the preset that the controller asked for, and how it is played."""

from typing import NamedTuple, Protocol

from embouchure.instrument import Sound
from mapper.touch import TouchEvent


class Choice(NamedTuple):
    """What sounds from the next strike on in `zone`; `told` is what the player is to know of it."""

    sound: Sound
    zone: int
    transpose_semitones: int = 0
    told: str = ""


class Chooser(Protocol):
    """Answers program changes and steps."""

    @property
    def name(self) -> str | None:
        """Name of the setlist that is gone through, if one is."""

    @property
    def place(self) -> int | None:
        """Where in an order of presets the player is, from 0; None where there is no order."""

    def answer(self, event: TouchEvent) -> Choice | str:
        """Choose what an event asks for, or say in a sentence why there is nothing."""

    def follow(self, preset: str) -> None:
        """Take note of the preset that is played in every zone."""

    def at(self, place: int) -> Choice | None:
        """Choose by a place in the order; None where nothing can be played."""

    def warm(self) -> None:
        """Map the caches of all that can be chosen into memory, before anything waits for them."""
