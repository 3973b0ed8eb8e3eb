"""The songs: a setlist's presets, ready before they are asked for, and which of them is played."""

from embouchure.choice import Choice
from embouchure.errors import ProgramError
from embouchure.instrument import load_sound
from embouchure.wishes import Wishes
from mapper.touch import EVERY_ZONE, Kind, TouchEvent
from presets.refusal import PresetError
from presets.setlist import Setlist, SetlistEntry
from synth.space import Space


class Songs:
    """Goes through a setlist; an entry that cannot be played keeps its place and is passed over.

    Parameters
    ----------
    setlist
        What is played.
    space
        The one that the engine has.
    wishes
        What the player wishes of every preset.

    Raises
    ------
    ProgramError
        When none of its entries can be played.
    """

    def __init__(self, setlist: Setlist, space: Space, wishes: Wishes) -> None:
        self.name = setlist.name
        self.place: int | None = None
        self.missing: list[str] = []
        self._choices: list[Choice | None] = []
        for entry in setlist.entries:
            self._prepare(
                entry, f"{len(self._choices) + 1} of {len(setlist.entries)}", space, wishes
            )
        if wishes.cached:
            self.warm()
        if not any(self._choices):
            reasons = "; ".join(self.missing) or "add presets to it with embouchure setlist add"
            raise ProgramError(f"nothing of the setlist {setlist.name} can be played: {reasons}")

    def answer(self, event: TouchEvent) -> Choice | str:
        """Go to the next place or the one before, or to that of a program change, in every zone."""
        if event.kind is Kind.STEP:
            end = "last" if event.touch > 0 else "first"
            place = self._next(event.touch)
            return f"This is the {end} of the setlist." if place is None else self._go(place)
        if self.at(event.touch):
            return self._go(event.touch)
        return (
            f"The controller asked for {event.touch + 1} of the setlist, which has "
            f"{len(self._choices)} places, and there is nothing to be played."
        )

    def follow(self, preset: str) -> None:
        """Keep the place, whatever is played meanwhile."""

    def first(self) -> Choice:
        """Go to the first that can be played."""
        self.place = None
        place = self._next(1)
        assert place is not None
        return self._go(place)

    def at(self, place: int) -> Choice | None:
        """Go to a place, from 0; None where there is nothing to be played."""
        is_one = 0 <= place < len(self._choices) and self._choices[place]
        return self._go(place) if is_one else None

    def warm(self) -> None:
        """Map the caches of all that can be played into memory."""
        for choice in filter(None, self._choices):
            choice.sound.warm()

    def _go(self, place: int) -> Choice:
        choice = self._choices[place]
        assert choice
        self.place = place
        return choice

    def _next(self, step: int) -> int | None:
        """Find the nearest place in a direction at which something can be played."""
        place = (-1 if self.place is None else self.place) + step
        while 0 <= place < len(self._choices):
            if self._choices[place]:
                return place
            place += step
        return None

    def _prepare(self, entry: SetlistEntry, place: str, space: Space, wishes: Wishes) -> None:
        try:
            sound = load_sound(entry.preset, space, wishes).louder(entry.gain_db)
        except PresetError as error:
            self.missing.append(f"{place} of the setlist cannot be played: {error}")
            self._choices.append(None)
            return
        _ = sound.patch  # made now, not while the player waits
        told = f"{place}: {entry.called}."
        self._choices.append(Choice(sound, EVERY_ZONE, entry.transpose_semitones, told))
