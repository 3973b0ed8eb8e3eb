"""The guide that measures a hand: a player is led from step to step while a tone sounds."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np

from calibration.guide import Action, Click, Done, Heard, Say, Show, Sound, Tone, Work
from calibration.hand.drawing import Trace
from calibration.hand.measurement import measure, rewarm
from calibration.hand.portrait import portrait
from calibration.hand.sitting import Sitting
from calibration.hand.steps import ALL, MAX_TRIES, SWEEPS, TAPS, WARM, Step
from mapper.features import FEATURES
from mapper.gestures import Gesture, gather
from mapper.hand import Hand, HandError
from mapper.touch import Kind, TouchEvent
from presets.preset import Preset

FIRST_CLICK_S: Final = 2.0
GAPS_S: Final = (1.1, 1.5, 0.9, 1.3, 1.0, 1.6, 1.2)
"""Between clicks; nobody can count along."""
ANSWER_S: Final = (0.03, 0.8)
LEAST_ANSWERS: Final = 5
MOST_SCATTER_S: Final = 0.15
LAST_ANSWER_S: Final = 1.0
BACK: Final = "back"
SKIP: Final = "skip"
SHOWS_S: Final = 0.5
"""A touch that is shorter cannot show that the controller tells nothing by a dimension."""
LEAST_SHOWN: Final = 2
MOVING: Final = ("press", "slide")
"""What changes while a touch lasts."""
STILL: Final = {"strike": 0.6, "press": 0.5, "effort": 0.5, "level": 0.73, "slide": 0.5,
                "hold": 0.0, "press_rate": 0.0, "burst_40ms": 0.0, "burst_160ms": 0.0,
                "burst_640ms": 0.0, "vibrato_semitones": 0.0, "vibrato_depth_semitones": 0.0,
                "lift": 0.5}  # fmt: skip
"""What the tone is told of the hand, whatever the hand does."""


class Controller(NamedTuple):
    """What is known of a port's controller."""

    name: str
    slide_continues_press: bool


def steady(preset: Preset) -> Preset:
    """Make a preset deaf to all but the pitch, so that its sound cannot lead a hand."""
    mapping = preset.mapping
    low, high = mapping.feature_low.copy(), mapping.feature_high.copy()
    for name, value in STILL.items():
        place = FEATURES.index(name)
        low[place] = high[place] = np.clip(value, low[place], high[place])
    return replace(preset, mapping=replace(mapping, feature_low=low, feature_high=high))


class HandGuide:
    """Measures one player on the controller that they strike first.

    Everything is decided by the times of the touches, so that a take of a measurement, played to
    another guide, gives the same hand.

    Parameters
    ----------
    player
        Their name.
    tone
        What sounds, see `steady`.
    controller_of
        Tells of the controller on a port.
    known
        A hand to bring up to date by two swells and a hold; without it everything is measured.

    Attributes
    ----------
    reason
        Why the last touch, or step, was of no use; nothing after one that was.
    """

    def __init__(
        self,
        player: str,
        tone: Tone,
        controller_of: Callable[[int], Controller],
        known: Hand | None = None,
    ) -> None:
        self.reason = ""
        self._player = player
        self._tone = tone
        self._controller_of = controller_of
        self._known = known
        self._steps: list[Step] = list(WARM if known else ALL)
        self._done: list[Step] = []
        self._absent: list[Step] = []
        self._sitting = Sitting()
        self._port: int | None = None
        self._turn = 0
        self._n_refused = 0
        self._refused: list[Gesture] = []
        self._events: list[TouchEvent] = []
        self._held: dict[int, float] = {}
        self._trace = Trace()
        self._clicks_s: list[float] = []
        self._is_over = False

    @property
    def is_unfinished(self) -> bool:
        """Whether there are steps that were not done."""
        return not self._is_over

    @property
    def port(self) -> int | None:
        """The port that is measured, once one was struck."""
        return self._port

    @property
    def step(self) -> Step:
        """What is asked now."""
        return self._steps[0]

    @property
    def title(self) -> str:
        """The same in a word or two."""
        return self.step.titles[self._turn]

    def start(self, time_s: float) -> Sequence[Action]:
        """Let the tone sound and ask for the first touch."""
        return [Sound(self._tone), self._page()]

    def hear(self, heard: Heard) -> Sequence[Action]:
        """Follow the touches of the first port that strikes."""
        actions: list[Action] = []
        for event in heard.events:
            if event.kind is Kind.STRIKE and self._port is None:
                self._port = heard.port
                actions += self._meet(self._controller_of(heard.port))
            if heard.port == self._port and not self._is_over:
                actions += self._follow(event)
        return actions

    def choose(self, time_s: float, word: str) -> Sequence[Action]:
        """Go back to the step before, or begin this one again, or leave it out."""
        if self._is_over or word not in self._offers():
            return []
        if word == SKIP:
            self.step.clear(self._sitting)
            return self._go_on(time_s)
        if not self._turn and self._done:
            self._steps.insert(0, self._done.pop())
        return self._begin(time_s)

    def tick(self, time_s: float) -> Sequence[Action]:
        """Move the meter, and end the clicks in time."""
        if self._is_over:
            return []
        if self._clicks_s and time_s > self._clicks_s[-1] + LAST_ANSWER_S:
            return self._take_answers()
        return [self._page()]

    def leave(self) -> Sequence[Action]:
        """End with what was measured so far, where that is something."""
        done = self._sitting
        if not self._is_over:
            self.step.clear(done)  # what is unfinished was not judged as a whole
        if self._is_over or not (done.swells or all(done.strikes)):
            return [] if self._is_over else [Done(None)]
        return [Done(self._measured())]

    def _meet(self, controller: Controller) -> list[Action]:
        if self._known and self._known.controller != controller.name:
            raise HandError(
                f"this hand was measured on {self._known.controller}, and you play "
                f"{controller.name}; measure it there with embouchure calibrate hand"
            )
        if controller.slide_continues_press and SWEEPS in self._steps:
            self._steps.remove(SWEEPS)
        return [Say(f"Measuring {self._player} on {controller.name}.")]

    def _follow(self, event: TouchEvent) -> list[Action]:
        self._events.append(event)
        self._trace.hear(event)
        if event.kind is Kind.STRIKE:
            self._held[event.touch] = event.press
            return self._answer(event.time_s) if self.step is TAPS else []
        if event.kind is Kind.MOVE and event.touch in self._held:
            self._held[event.touch] = event.press
        if event.kind not in (Kind.LIFT, Kind.STOP) or event.touch not in self._held:
            return []
        del self._held[event.touch]
        if self._held:
            return []
        touches, self._events = gather(self._events), []
        return [] if self.step is TAPS else self._take(touches)

    def _take(self, touches: list[Gesture]) -> list[Action]:
        """Take or refuse what was played from silence to silence."""
        step = self.step
        why = "play one key at a time" if len(touches) > 1 else step.judge(touches[0])
        if why:
            return self._refuse(why, touches)
        step.place(self._sitting, self._turn).append(touches[0])
        self._turn += 1
        self.reason = ""
        said = self._recall(touches[0])
        if self._turn < len(step.titles):
            return [*said, self._page()]
        if why := step.check(self._sitting):
            played = [one for turn in range(self._turn) for one in step.place(self._sitting, turn)]
            step.clear(self._sitting)
            self._turn = 0
            return [*said, *self._refuse(why, played)]
        return [*said, *self._go_on(touches[-1].end_s)]

    def _recall(self, touch: Gesture) -> list[Action]:
        """Ask at the end for what was left out as never told, once it is told after all."""
        told = [step for step in self._absent if _moves(touch, step.dimension)]
        self._absent = [step for step in self._absent if step not in told]
        self._steps += told
        names = dict.fromkeys(step.dimension for step in told)
        return [
            Say(f"Your controller does tell {name}, so that is asked after all.") for name in names
        ]

    def _refuse(self, why: str, touches: Sequence[Gesture]) -> list[Action]:
        self.reason = why
        self._n_refused += 1
        self._refused += touches
        step, end_s = self.step, touches[-1].end_s if touches else 0.0
        if step.dimension and self._n_refused >= 2 and _is_absent(self._refused, step.dimension):
            step.clear(self._sitting)
            self._absent.append(step)
            said = f"Your controller tells nothing by {step.dimension}, so that is left as it is."
            return [Say(said), *self._go_on(end_s)]
        if step.is_optional and self._n_refused >= MAX_TRIES:
            step.clear(self._sitting)
            return [Say("That is left out for now."), *self._go_on(end_s)]
        return [Say(f"Again: {why}."), self._page()]

    def _go_on(self, time_s: float) -> list[Action]:
        """Ask for the next step, or end."""
        self._done.append(self._steps.pop(0))
        if not self._steps:
            self._is_over = True
            return [Show("Thank you"), Work(self._measured, self._end)]
        return self._begin(time_s)

    def _begin(self, time_s: float) -> list[Action]:
        """Ask for a step from its beginning."""
        self._turn = self._n_refused = 0
        self._refused, self.reason, self._clicks_s = [], "", []
        self.step.clear(self._sitting)
        if self.step is TAPS:
            self._sitting.answers_s.clear()
            return [self._page(), self._click(time_s)]
        return [self._page()]

    def _click(self, time_s: float) -> Click:
        first_s = time_s + FIRST_CLICK_S
        self._clicks_s = [first_s + sum(GAPS_S[:n]) for n in range(len(GAPS_S) + 1)]
        return Click(tuple(self._clicks_s))

    def _answer(self, time_s: float) -> list[Action]:
        late_s = [time_s - at_s for at_s in self._clicks_s if at_s <= time_s]
        if late_s and ANSWER_S[0] <= late_s[-1] <= ANSWER_S[1]:
            self._sitting.answers_s.append(late_s[-1])
        return []

    def _take_answers(self) -> list[Action]:
        """Judge the answers once the last click is over."""
        end_s, answers_s = self._clicks_s[-1] + LAST_ANSWER_S, self._sitting.answers_s
        self._clicks_s = []
        why = ""
        if len(answers_s) < LEAST_ANSWERS:
            why = f"only {len(answers_s)} of {len(GAPS_S) + 1} clicks were answered at once"
        elif float(np.subtract(*np.quantile(answers_s, (0.75, 0.25)))) > MOST_SCATTER_S:
            why = "some answers were much later than others; strike as soon as you hear the click"
        if not why:
            return self._go_on(end_s)
        answers_s.clear()
        refused = self._refuse(why, [])
        return [*refused, self._click(end_s)] if self._steps and self.step is TAPS else refused

    def _measured(self) -> Hand:
        if self._known:
            return rewarm(self._known, self._sitting)
        port = 0 if self._port is None else self._port
        controller = self._controller_of(port)
        return measure(
            self._sitting,
            player=self._player,
            controller=controller.name,
            slide_continues_press=controller.slide_continues_press,
        )

    def _end(self, _: float, hand: Hand) -> Sequence[Action]:
        return [*map(Say, portrait(hand)), Done(hand)]

    def _page(self) -> Show:
        done = len(self._done) + self._turn / len(self.step.titles)
        press = max(self._held.values(), default=0.0)
        self._trace.step = self.step
        return Show(
            self.title,
            self._text(),
            progress=done / (len(self._done) + len(self._steps)),
            meters={"press": press},
            offers=self._offers(),
            drawing=self._trace,
        )

    def _offers(self) -> dict[str, str]:
        """Say what may be chosen: the first swells cannot be left out, as a hand is nothing without."""
        back = {BACK: "Begin this again" if self._turn else "Back to the step before"}
        can_go_back = self._turn or self._done
        can_skip = self._done and len(self._steps) > 1
        return (back if can_go_back else {}) | ({SKIP: "Leave this out"} if can_skip else {})

    def _text(self) -> str:
        """Say what was wrong with the last touch, or that it was good, and what to do."""
        if self.reason:
            return f"{self.reason[:1].upper()}{self.reason[1:]}."
        if self._turn:
            return f"Good, {self._turn} of {len(self.step.titles)}. {self.step.text}"
        return self.step.text


def _is_absent(touches: Sequence[Gesture], dimension: str) -> bool:
    """Whether a dimension never said anything but one value, in touches that would have shown it."""
    said = [
        np.atleast_1d(getattr(one, dimension)) for one in touches if _could_show(one, dimension)
    ]
    return len(said) >= LEAST_SHOWN and float(np.ptp(np.concatenate(said))) == 0.0


def _could_show(touch: Gesture, dimension: str) -> bool:
    return dimension not in MOVING or touch.end_s - touch.start_s >= SHOWS_S


def _moves(touch: Gesture, dimension: str) -> bool:
    """Whether a dimension that lasts changed during a touch."""
    return dimension in MOVING and float(np.ptp(getattr(touch, dimension))) > 0.0
