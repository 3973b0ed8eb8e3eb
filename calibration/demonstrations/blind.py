"""A blind choice: two sounds to play, neither of which says what it is."""

from typing import TYPE_CHECKING, Final

import numpy as np

from calibration.demonstrations.controls import NEXT, REDO, Controls
from calibration.guide import Say, Show, Sound, Tone
from presets.preset import Preset

if TYPE_CHECKING:
    from calibration.script import Script, Step

FACTORY: Final = "factory"
YOURS: Final = "yours"
LETTERS: Final = ("A", "B")


class Blind:
    """Part of a script: the player plays A and B in turn, and chooses by holding.

    Parameters
    ----------
    script
        Waits and shows.
    controls
        A tap changes to the other sound, a long one chooses the sound that is heard.
    seed
        Decides which is A.
    """

    def __init__(self, script: "Script", controls: Controls, seed: int) -> None:
        self._script = script
        self._controls = controls
        self._order = np.random.default_rng(seed).permutation([FACTORY, YOURS]).tolist()

    def choose(self, before: Preset, after: Preset) -> "Step":
        """Let the player choose; returns `FACTORY` or `YOURS`."""
        sounds = {FACTORY: before, YOURS: after}
        turn, heard = 0, set()
        while True:
            heard.add(turn)
            self._offer(turn, sounds[self._order[turn]], can_choose=len(heard) == len(LETTERS))
            step = None
            while step not in (NEXT, REDO) or (step == REDO and len(heard) < len(LETTERS)):
                moment = yield
                step = self._controls.hear(moment.heard) if moment.heard else moment.word
            if step == REDO:
                return self._chosen(turn)
            turn = 1 - turn

    def _offer(self, turn: int, preset: Preset, *, can_choose: bool) -> None:
        words = "Play. A tap on your lowest key or the pedal: the other sound."
        offers = {NEXT: "The other sound"}
        if can_choose:
            words += " Held for a second: choose this one."
            offers[REDO] = "Choose this one"
        tone = Tone(name=LETTERS[turn].lower(), preset=preset)
        self._script.do(Sound(tone), Show(LETTERS[turn], words, offers=offers))

    def _chosen(self, turn: int) -> str:
        chosen = str(self._order[turn])
        if chosen == YOURS:
            self._script.do(Say(f"You chose {LETTERS[turn]}: yours, learned from your takes."))
        else:
            self._script.do(
                Say(f"You chose {LETTERS[turn]}: the sound as it was. It suits you, and it stays.")
            )
        return chosen
