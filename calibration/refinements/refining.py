"""Refining: the guide that lets a player choose between pairs of sounds, blind, until one is right."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from calibration.demonstrations.controls import NEXT
from calibration.guide import Prompt, Say, Show, Sound, Tone
from calibration.refinements.audibility import Audibility
from calibration.refinements.gains import HIGH_PLACES, LOW_PLACES, Gains
from calibration.refinements.judgement import Answer, Judged
from calibration.refinements.phrase import Phrase
from calibration.refinements.preference import Preference
from calibration.refinements.refinement import WOBBLE, Refinement
from calibration.refinements.refusal import RefinementError
from calibration.refinements.taps import HELD, Taps
from calibration.refinements.versions import Version
from calibration.script import Script, Step
from presets.preset import Preset
from synth.space import Space

Array = NDArray[np.float64]

N_ANSWERS: Final = 15
PHRASE_S: Final = 6.0
"""So much of what was played is compared."""
SHORTEST_S: Final = 0.5
LEAD_S: Final = 0.25
"""Time between deciding that something sounds and its sound."""
PAUSE_S: Final = 0.6
"""Between the two sounds of a pair."""
MARKED_S: Final = 3.0
"""So much of what was played last is meant by a mark."""
MARKS: Final = {
    1: ("louder", "loud", 1.0),
    2: ("softer", "loud", -1.0),
    3: ("brighter", "bright", 1.0),
    4: ("duller", "bright", -1.0),
    5: ("more wobble", WOBBLE, 1.0),
    6: ("less wobble", WOBBLE, -1.0),
}
"""What taps say of a marked stretch: in words, and as a step of refinement."""
PLAY: Final = (
    "Play a few seconds as you want to hear them. A tap: compare. Held: mark the last seconds."
)
ANSWERS: Final = {1: Answer.FIRST, 2: Answer.SECOND}
HOW: Final = "One tap: the first. Two: the second. Held: no difference. Three: again."
PLAYED: Final = {"1": "Compare", str(HELD): f"Mark the last {MARKED_S:g} seconds"}
OFFERED: Final = {
    "1": "The first, A",
    "2": "The second, B",
    str(HELD): "No difference",
    "3": "Again",
}


@dataclass(frozen=True, kw_only=True)
class Refined:
    """What the choices came to; `version` is None where nothing was chosen."""

    version: Version | None
    n_answers: int
    is_settled: bool


class Refining(Script):
    """Play a phrase; hear it twice, each time by other gains; say which is better; and so on.

    Taps on the lowest key or the pedal answer. However the guide ends, the best gains known by then
    are a version of the preset.

    Parameters
    ----------
    refinement
        The preset in work.
    space
        Whose sounds are compared.
    n_answers
        How many pairs at most.
    """

    def __init__(
        self, refinement: Refinement, space: Space, *, n_answers: int = N_ANSWERS, seed: int = 0
    ) -> None:
        super().__init__()
        self._refinement = refinement
        self._space = space
        self._n_answers = n_answers
        self._seed = seed
        self._taps = Taps(self)
        self._preference: Preference | None = None

    def _lead(self) -> Step:
        self.do(Sound(self._tone("now", self._refinement.preset)))
        text = "Play your lowest key once. From now on it answers, as your pedal does."
        self.do(Show("LOWEST KEY", text, offers={NEXT: "Only the pedal answers"}))
        yield from self._taps.find_key()
        phrase = yield from self._phrase()
        self._preference = yield from self._listen(phrase)
        for number in range(1, self._n_answers + 1):
            yield from self._ask(self._preference, phrase, number)
            if self._preference.is_settled():
                self.do(Say("Nothing audible is left to gain."))
                break
        return self._settle()

    def _leave(self) -> Refined:
        return self._settle()

    def _settle(self) -> Refined:
        """Keep the best gains that are known."""
        known = self._preference
        if known is None or not known.judged:
            self.do(Say("Nothing was chosen, so nothing changes."))
            return Refined(version=None, n_answers=0, is_settled=False)
        count = len(known.judged)
        version = self._refinement.turn(Gains.at(known.best()), f"Chosen by {count} comparisons")
        self.do(Sound(self._tone("yours", self._refinement.preset)))
        self.do(Say(f"Kept as version {version.number}, after {count} comparisons."))
        return Refined(version=version, n_answers=count, is_settled=known.is_settled())

    def _phrase(self) -> Step:
        """Let the player play what is to be compared; stretches of it may be marked before."""
        while True:
            self.do(Show("PLAY", PLAY, offers=PLAYED))
            count = yield from self._taps.counted()
            phrase = self._taps.lately.phrase(PHRASE_S)
            if not self._taps.lately.is_still or phrase.length_s < SHORTEST_S:
                continue
            if count != HELD:
                return phrase
            yield from self._mark(phrase)

    def _mark(self, phrase: Phrase) -> Step:
        """Let the player say what should be otherwise in what they played last."""
        meanings = {str(count): text.capitalize() for count, (text, _, _) in MARKS.items()}
        words = " ".join(f"{count}: {text}." for count, (text, _, _) in MARKS.items())
        self.do(Show("MARKED", words, offers=meanings))
        count = yield from self._taps.counted()
        if count not in MARKS:
            return
        text, word, steps = MARKS[count]
        marked = phrase.length_s - MARKED_S
        more = partial(self._refinement.more, word, steps, phrase, marked, phrase.length_s)
        version = yield from self._done(partial(_tried, more))
        if isinstance(version, RefinementError):
            self.do(Say(f"{version}."))
            return
        preset = self._refinement.preset
        self.do(Sound(Tone(name="now", preset=preset)))
        self.do(
            Say(f"Version {version.number}: {text} in your last {MARKED_S:g} s. Play it again.")
        )

    def _listen(self, phrase: Phrase) -> Step:
        """Find out how the gains sound in this phrase."""
        self.do(Show("LISTENING", "Trying out what can be changed ...", 0.0))
        untuned = self._refinement.untuned
        features = phrase.features(untuned.card.manner.strike_share)
        of = partial(Audibility.of, self._space, untuned.mapping, features, self._seed)
        audibility = yield from self._done(of)
        start = self._refinement.gains.places()
        return Preference(audibility.heard, start, LOW_PLACES, HIGH_PLACES, self._seed)

    def _ask(self, preference: Preference, phrase: Phrase, number: int) -> Step:
        """Let a pair be heard, and learn from the answer."""
        first, second = yield from self._done(preference.next_pair)
        said = None
        while said is None:
            for letter, place in (("A", first), ("B", second)):
                yield from self._sound(letter, place, phrase, number)
            self.do(Show("A or B?", HOW, number / self._n_answers, offers=OFFERED))
            count = yield from self._taps.counted()
            said = Answer.SAME if count == HELD else ANSWERS.get(count)
        yield from self._done(partial(preference.tell, Judged(first, second, said)))

    def _sound(self, letter: str, place: Array, phrase: Phrase, number: int) -> Step:
        tone = self._tone(letter.lower(), self._refinement.with_gains(Gains.at(place)))
        progress = (number - 1) / self._n_answers
        self.do(Show(letter, f"Comparison {number} of at most {self._n_answers}", progress))
        self.do(Prompt(phrase.at(self.now_s + LEAD_S), tone))
        yield from self.pause(LEAD_S + phrase.length_s + PAUSE_S)

    def _done(self, run: Any) -> Step:  # noqa: ANN401
        """Do something slow and wait for its result."""
        result = self.worked(run)
        while not result.is_there:
            yield
        return result.value

    def _tone(self, name: str, preset: Preset) -> Tone:
        return Tone(name=name, preset=preset)


def _tried(step: Callable[[], Version]) -> Version | RefinementError:
    """Take a step beside the session, or tell why not."""
    try:
        return step()
    except RefinementError as error:
        return error
