"""A leader: does what a guide asks in a live session, and tells the guide what happens there."""

import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any, Final, Protocol

from calibration.guide import (
    Action,
    Click,
    Done,
    Guide,
    Heard,
    Prompt,
    Say,
    Show,
    Silence,
    Sound,
    Tone,
    Work,
)
from embouchure.cues import CLICK_ZONE, PROMPT_ZONE, pack_events, pack_tone
from embouchure.engine_link import Report
from mapper.hand import Hand
from mapper.listeners import Listeners
from mapper.performance import Played
from mapper.touch import Kind, TouchEvent
from presets.store import load

CLICK_PRESET: Final = "mallet"
CLICK_NOTE: Final = 96.0
CLICK_S: Final = 0.04
CLICK_STRIKE: Final = 0.6


Tell = Callable[..., None]
"""Gives the engine process a command by its name and fields."""


class Pages(Protocol):
    """Where a guide's sentences and pages are shown."""

    def say(self, text: str) -> None:
        """Say one sentence that stays."""

    def turn_to(self, page: Show) -> None:
        """Show a page in place of the one before."""


class Leader:
    """One guide at work; every method is for the thread that follows the session.

    Parameters
    ----------
    guide
        Leads the player.
    listeners
        Hear the ports for the guide, as the session's own do.
    tell
        Gives the engine process commands.
    pages
        Where the guide's pages are shown.

    Attributes
    ----------
    result
        What the guide ended with, None before.
    is_done
        Whether it has ended.
    """

    def __init__(self, guide: Guide, listeners: Listeners, tell: Tell, pages: Pages) -> None:
        self.result: Any = None
        self.is_done = False
        self._guide = guide
        self._listeners = listeners
        self._tell = tell
        self._pages = pages
        self._has_begun = False
        self._tone: Tone | None = None
        self._worker = ThreadPoolExecutor(1, "work")
        self._works: deque[tuple[Future[Any], Work]] = deque()

    @property
    def is_busy(self) -> bool:
        """Whether there is work that was not finished: it may be a take that is kept."""
        return bool(self._works)

    def begin(self) -> None:
        """Let the guide begin, as soon as the instrument can be played."""
        self._has_begun = True
        self._do(self._guide.start(time.perf_counter()))

    def hear(self, heard: Sequence[Played]) -> None:
        """Tell the guide what was played; before it begins only what the ports stand at is learned."""
        for played in heard:
            events = self._listeners.hear(played.data, played.time_s, played.port)
            self._lead(Heard(*played, tuple(events)))

    def take_told(self, report: Report) -> None:
        """Learn what the session did by itself: of ports, of hands, and what ended touches."""
        fields = report["fields"]
        if report["word"] == "port":
            self._listeners.name(fields["number"], fields["name"])
        elif report["word"] == "hand":
            hand = fields["hand"]
            self._listeners.set_hand(hand and Hand.model_validate(hand), fields["port"])
        elif fields.get("call") == "release":
            ended = self._listeners.release(fields["time_s"], fields["port"])
            self._lead(Heard(fields["time_s"], fields["port"], b"", tuple(ended)))

    def _lead(self, heard: Heard) -> None:
        if self._has_begun:
            self._do(self._guide.hear(heard))

    def choose(self, word: str) -> None:
        """Tell the guide what the player chose."""
        if self._has_begun:
            self._do(self._guide.choose(time.perf_counter(), word))

    def turn(self) -> None:
        """Tell the guide the time, and of work that is done."""
        self._take_results()
        if self._has_begun:
            self._do(self._guide.tick(time.perf_counter()))

    def sound_again(self) -> None:
        """Give an engine that takes over the sound that the player had."""
        if self._tone:
            self._do_sound(Sound(self._tone))

    def leave(self) -> None:
        """End early, because the player does."""
        if self._has_begun and not self.is_done:
            self._do(self._guide.leave())

    def complete(self) -> None:
        """Let all work be done to its end, however long that takes."""
        while self._works:
            self._works[0][0].exception()
            self._take_results()
        self._worker.shutdown()

    def abandon(self) -> None:
        """Let work that was begun end by itself, and begin no other."""
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _do(self, actions: Sequence[Action]) -> None:
        for action in actions:
            if self.is_done:
                return
            getattr(self, f"_do_{type(action).__name__.lower()}")(action)

    def _do_say(self, action: Say) -> None:
        self._pages.say(action.text)

    def _do_show(self, action: Show) -> None:
        self._pages.turn_to(action)

    def _do_sound(self, action: Sound) -> None:
        self._tone = action.tone
        self._listeners.set_manner(action.tone.preset.card.manner)
        self._tell("sound", tone=pack_tone(action.tone))

    def _do_prompt(self, action: Prompt) -> None:
        self._prompt(action.events, action.tone, PROMPT_ZONE)

    def _do_click(self, action: Click) -> None:
        self._prompt(clicks(action.times_s), self._click_tone(), CLICK_ZONE)

    def _prompt(self, events: Sequence[TouchEvent], tone: Tone, zone: int) -> None:
        self._tell("prompt", events=pack_events(events), tone=pack_tone(tone), zone=zone)

    def _click_tone(self) -> Tone:
        """Give the click the room that is heard already: there is but one, and one space."""
        preset = load(CLICK_PRESET)
        if self._tone:
            heard = self._tone.preset
            preset = preset if preset.card.space.sha256 == heard.card.space.sha256 else heard
            card = preset.card.model_copy(update={"room": heard.card.room})
            preset = replace(preset, card=card)
        return Tone(name="click", preset=preset)

    def _do_silence(self, _: Silence) -> None:
        self._listeners.panic(time.perf_counter())
        self._tell("silence")

    def _do_work(self, action: Work) -> None:
        self._works.append((self._worker.submit(action.run), action))

    def _do_done(self, action: Done) -> None:
        self.result = action.result
        self.is_done = True

    def _take_results(self) -> None:
        while self._works and self._works[0][0].done():
            future, work = self._works.popleft()
            self._do(work.then(time.perf_counter(), future.result()))


def clicks(times_s: Sequence[float]) -> tuple[TouchEvent, ...]:
    """Make a short touch for each time; the first of them, where the count begins, is higher."""
    return tuple(event for count, at_s in enumerate(times_s) for event in _click(count, at_s))


def _click(count: int, at_s: float) -> tuple[TouchEvent, TouchEvent]:
    note = CLICK_NOTE if count else CLICK_NOTE + 5.0
    strike = TouchEvent(at_s, Kind.STRIKE, count, CLICK_ZONE, note, CLICK_STRIKE)
    return strike, strike._replace(time_s=at_s + CLICK_S, kind=Kind.LIFT, lift=1.0)
