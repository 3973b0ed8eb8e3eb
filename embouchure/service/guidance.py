"""Guidance: the player of the live session is led from the page, by one guide at a time."""

import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Final

from embouchure.cues import PROMPT_ZONE, pack_events, pack_tone
from embouchure.engine_link import Report
from embouchure.errors import ProgramError
from embouchure.leader import Leader
from embouchure.parcel import unpack
from embouchure.service.excursion import Excursion
from embouchure.service.guide_page import GuidePage
from embouchure.service.refusals import sentence
from embouchure.service.setup import HANDS, Command
from embouchure.service.stage import Stage
from embouchure.service.watch import Watch

if TYPE_CHECKING:
    from embouchure.service.courses import Course, Outcome

LEAD_S: Final = 0.2
"""Time between deciding that something sounds and its sound."""
LEAVE: Final = "leave"


def lead(stage: Stage) -> "Guidance":
    """Make the guidance of a stage; `stage.shared` gives the same to everybody."""
    guidance = Guidance(stage)
    stage.attach(guidance)
    return guidance


class Guidance:
    """Leads, as a guest of the stage; what is asked of it by other threads waits for its turn.

    Parameters
    ----------
    stage
        The live session, whose `guide` shows what the player sees.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._page = GuidePage(stage)
        self._excursion = Excursion(stage)
        self._awaited: tuple[Course, int] | None = None
        self._errands: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._course: Course | None = None
        self._leader: Leader | None = None
        self._outcome: Outcome | None = None
        self._before: list[Command] = []

    # Any thread

    def open(self, kind: str, about: str, make: Callable[[], "Course"]) -> None:
        """Begin a course, once it is made, which may take a while.

        Raises
        ------
        ProgramError
            When a guide is at work, or the instrument cannot be played.
        """
        phase = self._stage.live["phase"]
        if phase["name"] != "playing":
            raise ProgramError(f"nobody can be led while nothing can be played: {phase['text']}")
        number = self._page.reserve(kind, about)
        try:
            course = make()
        except BaseException:
            self._page.clear(number)
            raise
        self._errands.put(lambda: self._open(course, number))

    def choose(self, word: str) -> None:
        """Answer the page that is shown; `LEAVE` is always an answer.

        Raises
        ------
        ProgramError
            When the page offers nothing of the kind.
        """
        offers = self._page.offers()
        if word not in offers:
            raise ProgramError(
                f"{word!r} is no answer now; choose one of {', '.join(offers)}"
                if offers
                else "no guide is at work; begin one with POST /api/v1/calibration/hand, "
                "/demonstration or /refinement"
            )
        self._errands.put(lambda: self._choose(word))

    def try_sound(self, name: str, *, plays: bool) -> None:
        """Let the player strike one of the sounds that a course came to, and hear their own moves.

        Raises
        ------
        ProgramError
            When there is no such sound.
        """
        sounds = self._outcome.sounds if self._outcome else {}
        if name not in sounds:
            raise ProgramError(
                f"there is nothing to compare by {name!r}; "
                + (f"choose one of {', '.join(sounds)}")
                if sounds
                else "there is nothing to compare yet; be led to the end first"
            )
        self._errands.put(lambda: self._try_sound(name, plays=plays))

    def keep(self, name: str) -> int:
        """Keep what was learned as a preset, play it, and return its version.

        Raises
        ------
        PresetError, ProgramError
            When there is nothing to keep, or not under this name.
        """
        outcome = self._outcome
        if not (outcome and outcome.keep):
            raise ProgramError("there is nothing to keep; be led to the end first")
        version = outcome.keep(name)
        self._errands.put(lambda: self._kept(name))
        return version

    def end(self) -> None:
        """Leave the guide, or put away what it came to; the sound is again what it was before."""
        self._errands.put(self._end)

    # The thread that follows the session

    def hear(self, report: Report) -> None:
        """Take a report of the engine process."""
        leader = self._leader
        if leader:
            with self._watched():
                if report["report"] == "heard":
                    leader.hear(list(unpack(report)))
                elif report["report"] == "told":
                    leader.take_told(report)
        if report["report"] == "playable":
            with self._watched():
                self._resume()

    def turn(self) -> None:
        """Do what was asked, let the guide go on, and show where it is."""
        while True:
            try:
                errand = self._errands.get_nowait()
            except Empty:
                break
            with self._watched():
                errand()
        if leader := self._leader:
            with self._watched():
                leader.turn()
            if leader is self._leader and leader.is_done and not leader.is_busy:
                self._finish(leader.result)
        self._page.publish(is_working=self._leader is not None and self._leader.is_busy)

    def _watched(self) -> "Watch":
        return Watch(self._fail)

    def _open(self, course: "Course", number: int) -> None:
        """Begin a course, unless the player has left meanwhile, where its preset can be played."""
        if not self._page.awaits(number):
            return
        if self._excursion.go(course.preset):
            self._awaited = course, number
        else:
            self._begin(course)

    def _arrive(self, course: "Course", number: int) -> None:
        if not self._stage.plays_space_of(course.preset):
            raise ProgramError(f"{course.preset} cannot be played now, so nobody can be led to it")
        if self._page.awaits(number):
            self._begin(course)
        else:
            self._restore()

    def _begin(self, course: "Course") -> None:
        setup = self._stage.setup
        sounds = [] if self._excursion.is_away else self._stage.sounds()
        found = [*sounds, *(setup.commands(HANDS) if course.is_bare else ())]
        kept = {one["command"] for one in self._before}  # of a course that was not put away
        self._before += [one for one in found if one["command"] not in kept]
        self._course = course
        if course.is_bare:
            self._stage.command("hand", port=None, hand=None)
        listeners = setup.listeners(is_bare=course.is_bare)
        guide = course.guide(listeners)
        self._leader = Leader(guide, listeners, self._stage.command, self._page)
        self._page.begin()
        self._leader.begin()

    def _choose(self, word: str) -> None:
        if not self._leader:
            if word == LEAVE and self._page.is_opening:
                self._end()
            return
        if word == LEAVE:
            self._stage.command("silence")
            self._leader.leave()
        else:
            self._leader.choose(word)

    def _finish(self, result: Any) -> None:  # noqa: ANN401
        """Show what a course came to; its sounds can be played until it is put away."""
        assert self._leader
        self._leader.complete()
        self._leader = None
        with self._watched():
            assert self._course
            self._outcome = self._course.outcome(result)
            self._page.end(self._outcome)
            if self._outcome.sounds:
                self._try_sound(list(self._outcome.sounds)[-1], plays=False)
            else:
                self._restore()

    def _fail(self, said: str) -> None:
        """End a course that cannot go on."""
        from embouchure.service.courses import Outcome

        if self._leader:
            self._leader.abandon()
        self._leader = self._awaited = None
        self._outcome = Outcome(sentences=(sentence(said),))
        self._page.end(self._outcome, has_failed=True)
        self._restore()

    def _restore(self) -> None:
        """Let it sound as before the course, and then as the course wants."""
        commands = [*self._before, *(self._outcome.commands if self._outcome else ())]
        self._before = []
        self._excursion.end(commands)

    def _resume(self) -> None:
        """Give an engine that takes over what the course had set, or begin what waited for it."""
        self._excursion.arrive()
        awaited, self._awaited = self._awaited, None
        if awaited:
            self._arrive(*awaited)
            return
        if self._leader and self._course and self._course.is_bare:
            self._stage.command("hand", port=None, hand=None)
        if self._leader:
            self._leader.sound_again()
        elif self._page.heard:
            self._try_sound(self._page.heard, plays=False)

    def _try_sound(self, name: str, *, plays: bool) -> None:
        if not self._outcome or name not in self._outcome.sounds:
            return
        tone = pack_tone(self._outcome.sounds[name])
        self._stage.command("silence")
        self._stage.command("sound", tone=tone)
        if plays and self._outcome.phrase:
            events = pack_events(self._outcome.phrase.at(time.perf_counter() + LEAD_S))
            self._stage.command("prompt", events=events, tone=tone, zone=PROMPT_ZONE)
        self._page.hears(name)

    def _kept(self, name: str) -> None:
        self._before = []
        self._excursion.stay()
        self._page.keeps(name)
        self._stage.select(name)

    def _end(self) -> None:
        """Leave whatever there is of a course; where there is none, all sounds on."""
        if self._leader:
            if not self._leader.is_done:
                self._choose(LEAVE)
            return
        if self._outcome or self._awaited:
            self._stage.command("silence")
            self._awaited = None
            self._restore()
        self._course = self._outcome = None
        self._page.clear()
