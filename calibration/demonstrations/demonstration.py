"""Demonstration: the guide that lets a player teach a preset, by hearing sounds and imitating them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from calibration.demonstrations.blind import YOURS, Blind
from calibration.demonstrations.capture import Capture, shifted
from calibration.demonstrations.controls import NEXT, REDO, UNDO, Controls
from calibration.demonstrations.curves import Picture
from calibration.demonstrations.planning import Planner
from calibration.demonstrations.pupil import Pupil, Taught
from calibration.demonstrations.take import Take, TakeError, new_key, take_of
from calibration.demonstrations.take_store import TakeStore
from calibration.demonstrations.verdict import AGAIN, Verdict, judge
from calibration.guide import Click, Prompt, Say, Show, Silence, Sound, Tone
from calibration.script import Result, Script, Step
from calibration.targets.articulations import ARTICULATIONS
from calibration.targets.note_names import note_name
from calibration.targets.target import Target
from mapper.touch import Kind, TouchEvent
from presets.preset import Preset

N_TAKES: Final = 8
BEAT_S: Final = 0.5
N_BEATS: Final = 4
LEAD_S: Final = 0.25
"""Time between deciding that something sounds and its sound."""
BREATH_S: Final = 0.4
READ_S: Final = 1.5
"""Time to read a verdict before what follows sounds."""
MOST_TRIES: Final = 3
"""After so many takes of a target that teach nothing, another target's turn comes."""
BEND_SEMITONES: Final = 2.0
"""A bend that fills its meter."""
TAKE_BACK: Final = "Take the last one back"


@dataclass(frozen=True, kw_only=True)
class Demonstrated:
    """What a demonstration came to.

    `chosen` says what the player chose blindly, `yours` or `factory`; None where there was nothing
    to choose, or the player left before.
    """

    takes: tuple[Take, ...]
    taught: Taught | None
    chosen: str | None = None

    @property
    def preset(self) -> Preset | None:
        """The preset to keep; None where the one before is as good or was preferred."""
        is_better = self.taught is not None and self.taught.adopted
        return (
            self.taught.preset
            if self.taught and is_better and self.chosen in (None, YOURS)
            else None
        )


class Demonstration(Script):
    """Hear, count in, imitate; then hear both; and so on, at last a blind choice.

    In a take the target sounds from the player's own strike on, and the present mapping does not.

    Parameters
    ----------
    pupil
        What is taught.
    kept
        Where takes are kept.
    n_takes
        How many targets are played before the blind choice.
    earlier
        Takes that were played before and count too.
    seed
        Decides which of the two sounds of the blind choice is A.

    Attributes
    ----------
    history
        What was learned so far each time anything was, and when.
    """

    def __init__(
        self,
        pupil: Pupil,
        kept: TakeStore,
        *,
        n_takes: int = N_TAKES,
        earlier: Sequence[Take] = (),
        seed: int = 0,
    ) -> None:
        super().__init__()
        self._pupil = pupil
        self._kept = kept
        self._n_takes = n_takes
        self._seed = seed
        self._takes = list(earlier)
        self._n_earlier = len(earlier)
        self._played: list[Target] = [take.target for take in earlier]
        self._taught: Taught | None = None
        self.history: list[tuple[float, Taught]] = []
        self._fitting: Result | None = None
        self._controls = Controls()
        self._capture = Capture(self._controls.owns)

    def _lead(self) -> Step:
        candidates = self.worked(self._pupil.targets)
        yield from self._welcome(candidates)
        planner = Planner(candidates.value)
        for number in range(1, self._n_takes + 1):
            target = planner.next_target(self._played)
            yield from self._lesson(target, f"{number} of {self._n_takes}")
            self._played.append(target)
        yield from self._fitted()
        chosen = yield from self._choose()
        return Demonstrated(takes=tuple(self._takes), taught=self._taught, chosen=chosen)

    def _leave(self) -> Demonstrated:
        if self._taught and self._taught.adopted:
            self.do(Say("You leave early; what was learned so far is better than before."))
        else:
            self.do(Say("You leave early; nothing is better than before yet. Your takes are kept."))
        return Demonstrated(takes=tuple(self._takes), taught=self._taught)

    def _welcome(self, candidates: Result) -> Step:
        """Let something sound at once, and find out which key steps."""
        own = Tone(name=self._pupil.preset.card.name, preset=self._pupil.preset)
        self.do(
            Sound(own),
            Show(
                "LOWEST KEY",
                "Play your lowest key once. From now on it steps, as your pedal does.",
                offers={NEXT: "Only the pedal steps"},
            ),
        )
        self._capture.begin()
        while not self._capture.is_finished:
            if (yield from self._heard()) == NEXT:
                break
        if self._capture.has_begun:
            self._controls.note = self._capture.newest.note
        self.do(Say("A tap on it, or on the pedal, means next; held for a second, again."))
        self._capture.forget()
        while not candidates.is_there:
            yield from self._heard()

    def _lesson(self, target: Target, place: str) -> Step:
        """Teach one target, as often as the player wishes or it is needed."""
        n_tries = 0
        while n_tries < MOST_TRIES:
            picture = Picture(target)
            yield from self._listen(target, place, picture)
            if (yield from self._record(target, picture)) == REDO:
                continue  # the player hears it again first
            if not self._capture.is_finished:
                return  # the player steps on
            n_tries += 1
            yield from self._fitted()
            take, verdict = self._judged(target)
            before = self._sounding
            if take:
                picture.draw_sound("before", before, self._pupil.composer, take)
            self._show(picture, verdict.word, verdict.sentence, {NEXT: "Go on"})
            yield from self._read()
            if take is None or verdict.word == AGAIN:
                continue
            if (yield from self._review(take, target, picture)) != REDO:
                return
            self._undo(take)

    def _listen(self, target: Target, place: str, picture: Picture) -> Step:
        """Let the target be heard, then count in; a strike after that begins the take."""
        about = ARTICULATIONS[target.kind].about if target.kind in ARTICULATIONS else target.name
        words = f"{place}: {about}, near {note_name(target.note)}."
        while (yield from self._sounded(target, words, picture)) == UNDO:
            if self._can_undo:
                self._undo(self._takes[-1])
        first_s = self.now_s + LEAD_S
        self.do(Click(tuple(first_s + BEAT_S * beat for beat in range(N_BEATS))))
        self._capture.begin()
        while not self._capture.has_begun and self.now_s < first_s + BEAT_S * N_BEATS:
            beat = max(int((self.now_s - first_s) / BEAT_S), 0)
            self._show(picture, str(N_BEATS - beat), "Then play; it begins when you do.")
            yield from self._heard()

    def _sounded(self, target: Target, words: str, picture: Picture) -> Step:
        """Let the target be heard to its end, or until the player steps; return the step."""
        tone = self._tone(target)
        began_s = self.now_s + LEAD_S
        self.do(Sound(tone), Prompt(target_events(target, began_s), tone))
        offers = {NEXT: "Start"} | ({UNDO: TAKE_BACK} if self._can_undo else {})
        page = Show("LISTEN", words, offers=offers, drawing=picture)
        step = yield from self._showing(page, began_s, began_s + target.length_s)
        if step:
            self.do(Silence())
        return step

    def _record(self, target: Target, picture: Picture) -> Step:
        """Wait for the strike, and follow the touch to its end.

        NEXT steps on without, and REDO lets the target be heard again; both are returned.
        """
        capture, offers = self._capture, {NEXT: "Leave this one out", REDO: "Hear it again"}
        words = "It begins when you do, and you hear it as it should become."
        while not capture.has_begun:
            self._show(picture, "PLAY", words, offers)
            step = yield from self._heard()
            if step in (NEXT, REDO) and not capture.has_begun:
                return step
        picture.follow(capture.events)
        while not capture.is_finished:
            self.do(replace(self._meters(target), drawing=picture))
            yield from self._heard()
        return None

    def _show(
        self, picture: Picture, title: str, text: str, offers: Mapping[str, str] | None = None
    ) -> None:
        self.do(Show(title, text, offers=offers or {}, drawing=picture))

    @property
    def _sounding(self) -> Preset:
        """The preset as far as it is taught."""
        return self._taught.preset if self._taught else self._pupil.preset

    @property
    def _can_undo(self) -> bool:
        """Whether anything was played in this session that counts."""
        return len(self._takes) > self._n_earlier

    def _meters(self, target: Target) -> Show:
        progress = (self.now_s - self._capture.began_s) / target.held_s
        newest = self._capture.newest
        bend = 0.5 + self._capture.glide_semitones / (2.0 * BEND_SEMITONES)
        return Show(
            "MOVE" if progress < 1.0 else "LET GO",
            progress=min(progress, 1.0),
            meters={"press": newest.press, "slide": newest.slide, "bend": bend},
        )

    def _judged(self, target: Target) -> tuple[Take | None, Verdict]:
        """Judge what was just played; keep it, and learn from it, if it is a take at all."""
        played = self._capture.taken()
        try:
            take = take_of(target, self._capture.gesture(), played, new_key())
        except TakeError as error:
            return None, Verdict(word=AGAIN, sentence=f"{error}.")
        verdict = judge(take)
        take = replace(take, weight=verdict.weight)
        self.worked(partial(self._kept.keep, take))
        if take.weight > 0.0:
            self._takes.append(take)
            self._learn()
        return take, verdict

    def _learn(self) -> None:
        self._fitting = self.worked(partial(self._pupil.teach, tuple(self._takes)))

    def _fitted(self) -> Step:
        """Wait for what is being learned, and say what came of it."""
        while self._fitting and not self._fitting.is_there:
            yield from self._heard()
        if self._fitting:
            taught: Taught = self._fitting.value
            self._fitting, self._taught = None, taught
            self.history.append((self.now_s, taught))
            self.do(Say(taught.in_words()))

    def _undo(self, take: Take) -> None:
        self._takes.remove(take)
        self.worked(partial(self._kept.undo, take.key))
        self.do(Say("That take counts no more."))
        if self._takes:
            self._learn()
        else:
            self._taught = self._fitting = None

    def _review(self, take: Take, target: Target, picture: Picture) -> Step:
        """Let the target be heard, then the same moves with what was learned; REDO takes it back."""
        began_s = self.now_s + LEAD_S
        tone = self._tone(target)
        self.do(Prompt(target_events(target, began_s), tone))
        offers = {NEXT: "Next", REDO: "Play it again"}
        page = Show("TARGET", offers=offers, drawing=picture)
        step = yield from self._showing(page, began_s, began_s + target.length_s)
        if step:
            self.do(Silence())
            return step
        yield from self._fitted()
        preset = self._sounding
        picture.draw_sound("after", preset, self._pupil.composer, take)
        began_s = self.now_s + LEAD_S
        ends_s = began_s + float(take.touches[-1, 6])
        yours = Tone(name=preset.card.name, preset=preset)
        self.do(Prompt(shifted(self._capture.events, began_s), yours))
        page = Show("YOURS", "A tap: next. Held: again.", offers=offers, drawing=picture)
        step = yield from self._showing(page, began_s, ends_s)
        if step:
            self.do(Silence())
        return step

    def _choose(self) -> Step:
        """Let the player choose blindly between before and after."""
        if not self._taught or not self._taught.adopted:
            self.do(Say("Nothing was learned that is better than before, so that stays."))
            return None
        blind = Blind(self, self._controls, self._seed)
        return (yield from blind.choose(self._pupil.preset, self._taught.preset))

    def _tone(self, target: Target) -> Tone:
        return Tone(name=target.name, preset=self._pupil.preset, target=target)

    def _read(self) -> Step:
        """Let a page be read from when it is seen: to work out what it says may take a while."""
        if (yield from self._heard()):
            return
        until_s = self.now_s + READ_S
        while self.now_s < until_s:
            if (yield from self._heard()):
                return

    def _showing(self, page: Show, began_s: float, ends_s: float) -> Step:
        """Show how far something that sounds is; return what the player steps by, if they do."""
        while self.now_s < ends_s + BREATH_S:
            progress = (self.now_s - began_s) / (ends_s - began_s)
            self.do(replace(page, progress=min(max(progress, 0.0), 1.0)))
            if step := (yield from self._heard()):
                return step
        return None

    def _heard(self) -> Step:
        """Wait for what happens next; return NEXT, REDO or UNDO if the player steps."""
        moment = yield
        if not moment.heard:
            return moment.word
        step = self._controls.hear(moment.heard)
        self._capture.hear(moment.heard)
        return step


def target_events(target: Target, start_s: float) -> tuple[TouchEvent, TouchEvent]:
    """Strike a target at its own key, and let go when it does."""
    strike = TouchEvent(start_s, Kind.STRIKE, 0, 0, target.note, target.strike)
    return strike, strike._replace(time_s=start_s + target.held_s, kind=Kind.LIFT, lift=0.5)
