"""The programs: presets that a controller asks for by number, ready before they are asked for."""

from embouchure.choice import Choice
from embouchure.instrument import Sound, load_sound
from embouchure.wishes import Wishes
from mapper.touch import EVERY_ZONE, Kind, TouchEvent
from presets.refusal import PresetError
from presets.store import names
from synth.space import Space

N_PROGRAMS = 128
"""A program change can ask for no more."""


class Programs:
    """The presets in the order of `embouchure presets list`, from 0."""

    name: str | None = None
    place: int | None = None

    def __init__(self, space: Space, wishes: Wishes) -> None:
        self._sounds: list[Sound | None] = []
        self._names = names()[:N_PROGRAMS]
        self._at: int | None = None
        for name in self._names:
            try:
                self._sounds.append(load_sound(name, space, wishes))
            except PresetError:  # its number stays its own, and the others theirs
                self._sounds.append(None)

    def __len__(self) -> int:
        return len(self._sounds)

    def sound(self, number: int) -> Sound | None:
        """Return the preset with this number; None when there is none that can be played."""
        return self._sounds[number] if number < len(self._sounds) else None

    def follow(self, preset: str) -> None:
        """Take note of the preset that is played in every zone."""
        self._at = self._names.index(preset) if preset in self._names else None

    def answer(self, event: TouchEvent) -> Choice | str:
        """Choose a preset for the zone that asks for it, or with a step the next in every zone."""
        if event.kind is Kind.STEP:
            return self._step(event.touch)
        if sound := self.sound(event.touch):
            return Choice(sound, event.zone)
        return (
            f"The controller asked for preset {event.touch + 1}, and there are {len(self)} to "
            "choose from; see embouchure presets list."
        )

    def _step(self, step: int) -> Choice | str:
        """Go to the nearest in a direction that can be played, and on from the other end."""
        n_sounds = len(self._sounds)
        start = self._at if self._at is not None else (-1 if step > 0 else n_sounds)
        for count in range(1, n_sounds + 1):
            if sound := self._sounds[(start + step * count) % n_sounds]:
                return Choice(sound, EVERY_ZONE)
        return "No preset can be played here; see embouchure presets list."

    def at(self, place: int) -> Choice | None:
        """Choose nothing: programs are chosen by zone."""
        return None

    def warm(self) -> None:
        """Map the caches of all presets into memory."""
        for sound in filter(None, self._sounds):
            sound.warm()
