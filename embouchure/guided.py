"""A guided session: the live instrument, led by a guide that hears every touch and says what sounds."""

import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any, Final

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
from embouchure.guided_view import GuidedView
from embouchure.play_settings import PlaySettings
from embouchure.player import Player
from embouchure.view import playable_lines
from mapper.hand import Hand
from mapper.listeners import Listeners
from mapper.performance import Played
from mapper.ports import OWN_NAME
from mapper.touch import Kind, TouchEvent
from presets.store import load

CLICK_PRESET: Final = "mallet"
CLICK_NOTE: Final = 96.0
CLICK_S: Final = 0.04
CLICK_STRIKE: Final = 0.6


class GuidedSession(Player):
    """One live session with a guide; everything played is kept as in any other.

    Parameters
    ----------
    settings
        What the player chose; its preset sounds until the guide wants another sound.
    view
        Where the guide's pages are shown.
    guide
        Leads the player.

    Attributes
    ----------
    result
        What the guide ended with, None before.
    """

    def __init__(self, settings: PlaySettings, view: GuidedView, guide: Guide) -> None:
        super().__init__(settings, view, demo=False)
        self.result: Any = None
        self._pages = view
        self._guide = guide
        self._listeners: Listeners = settings.wishes.listeners()
        self._tone: Tone | None = None
        self._is_led = False
        self._is_done = False
        self._worker = ThreadPoolExecutor(1, "work")
        self._works: deque[tuple[Future[Any], Work]] = deque()

    @property
    def listeners(self) -> Listeners:
        """What hears the ports for the guide."""
        return self._listeners

    def _follow(self) -> None:
        with self._worker:
            super()._follow()
            if self._is_led and not self._is_done:
                self._do(self._guide.leave())
            self._complete()

    def _introduce(self, report: Report) -> None:
        for line in playable_lines(report):
            self._pages.say(line)
        if set(report["ports"]) <= {OWN_NAME}:
            self._pages.say("No controller is connected; connect one, and it is heard at once.")
        self._is_led = True
        self._do(self._guide.start(time.perf_counter()))

    def _on_playable(self, report: Report) -> None:
        """Begin, or give an engine that takes over the sound that the player had."""
        super()._on_playable(report)
        if self._tone:
            self._do([Sound(self._tone)])

    def _on_told(self, report: Report) -> None:
        super()._on_told(report)
        fields = report["fields"]
        if report["word"] == "port":
            self._listeners.name(fields["number"], fields["name"])
        elif report["word"] == "hand":
            hand = fields["hand"]
            self._listeners.set_hand(hand and Hand.model_validate(hand), fields["port"])
        elif fields.get("call") == "release":
            ended = self._listeners.release(fields["time_s"], fields["port"])
            self._lead(Heard(fields["time_s"], fields["port"], b"", tuple(ended)))

    def _hear(self, heard: list[Played]) -> None:
        for played in heard:
            events = self._listeners.hear(played.data, played.time_s, played.port)
            self._lead(Heard(*played, tuple(events)))

    def _lead(self, heard: Heard) -> None:
        if self._is_led:
            self._do(self._guide.hear(heard))

    def _turn(self) -> None:
        self._take_results()
        if self._is_led:
            self._do(self._guide.tick(time.perf_counter()))

    def _do(self, actions: Sequence[Action]) -> None:
        for action in actions:
            if self._is_done:
                return
            getattr(self, f"_do_{type(action).__name__.lower()}")(action)

    def _do_say(self, action: Say) -> None:
        self._pages.say(action.text)

    def _do_show(self, action: Show) -> None:
        self._pages.turn_to(action)

    def _do_sound(self, action: Sound) -> None:
        self._tone = action.tone
        self._listeners.set_manner(action.tone.preset.card.manner)
        self._relay.tell("sound", tone=pack_tone(action.tone))

    def _do_prompt(self, action: Prompt) -> None:
        self._prompt(action.events, action.tone, PROMPT_ZONE)

    def _do_click(self, action: Click) -> None:
        self._prompt(clicks(action.times_s), self._click_tone(), CLICK_ZONE)

    def _prompt(self, events: Sequence[TouchEvent], tone: Tone, zone: int) -> None:
        packed = pack_events(events)
        self._relay.tell("prompt", events=packed, tone=pack_tone(tone), zone=zone)

    def _click_tone(self) -> Tone:
        """Give the click the room that is heard already: there is but one."""
        preset = load(CLICK_PRESET)
        if self._tone:
            room = self._tone.preset.card.room
            preset = replace(preset, card=preset.card.model_copy(update={"room": room}))
        return Tone(name="click", preset=preset)

    def _do_silence(self, _: Silence) -> None:
        self._listeners.panic(time.perf_counter())
        self._relay.tell("silence")

    def _do_work(self, action: Work) -> None:
        self._works.append((self._worker.submit(action.run), action))

    def _do_done(self, action: Done) -> None:
        self.result = action.result
        self._is_done = self._stopped = True

    def _take_results(self) -> None:
        while self._works and self._works[0][0].done():
            future, work = self._works.popleft()
            self._do(work.then(time.perf_counter(), future.result()))

    def _complete(self) -> None:
        """Let all work be done to its end: it may be a take that is kept."""
        while self._works:
            self._works[0][0].exception()
            self._take_results()


def clicks(times_s: Sequence[float]) -> tuple[TouchEvent, ...]:
    """Make a short touch for each time; the first of them, where the count begins, is higher."""
    return tuple(event for count, at_s in enumerate(times_s) for event in _click(count, at_s))


def _click(count: int, at_s: float) -> tuple[TouchEvent, TouchEvent]:
    note = CLICK_NOTE if count else CLICK_NOTE + 5.0
    strike = TouchEvent(at_s, Kind.STRIKE, count, CLICK_ZONE, note, CLICK_STRIKE)
    return strike, strike._replace(time_s=at_s + CLICK_S, kind=Kind.LIFT, lift=1.0)
