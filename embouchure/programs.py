"""The programs: presets that a controller asks for by number, ready before they are asked for."""

from embouchure.choice import Choice
from embouchure.instrument import Sound, load_sound
from embouchure.wishes import Wishes
from mapper.touch import Kind, TouchEvent
from presets.refusal import PresetError
from presets.store import names
from synth.space import Space

N_PROGRAMS = 128
"""A program change can ask for no more."""


class Programs:
    """The presets in the order of `embouchure presets list`, from 0."""

    place: int | None = None

    def __init__(self, space: Space, wishes: Wishes) -> None:
        self._sounds: list[Sound | None] = []
        for name in names()[:N_PROGRAMS]:
            try:
                self._sounds.append(load_sound(name, space, wishes))
            except PresetError:  # its number stays its own, and the others theirs
                self._sounds.append(None)

    def __len__(self) -> int:
        return len(self._sounds)

    def sound(self, number: int) -> Sound | None:
        """Return the preset with this number; None when there is none that can be played."""
        return self._sounds[number] if number < len(self._sounds) else None

    def answer(self, event: TouchEvent) -> Choice | str:
        """Choose a preset for the zone that asks for it; there is nothing to step through."""
        if event.kind is Kind.STEP:
            return "There is no setlist to step through; see embouchure setlist."
        if sound := self.sound(event.touch):
            return Choice(sound, event.zone)
        return (
            f"The controller asked for preset {event.touch + 1}, and there are {len(self)} to "
            "choose from; see embouchure presets list."
        )

    def at(self, place: int) -> Choice | None:
        """Choose nothing: programs are chosen by zone."""
        return None
