"""A rehearsal: a guide run without devices, on a clock of its own and with a player of any kind."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from calibration.guide import Action, Done, Guide, Heard, Prompt, Sound, Work
from mapper.listeners import Listeners
from mapper.performance import Played
from mapper.touch import Kind

TICK_S: Final = 0.05
LONGEST_S: Final = 3600.0


class RehearsingPlayer(Protocol):
    """Whoever plays in a rehearsal."""

    def see(self, time_s: float, action: Action) -> None:
        """See or hear what the guide does."""

    def play(self, until_s: float) -> Iterable[Played]:
        """Play on until a time, and return the messages that were sent, in order."""


class Score:
    """A player who plays given messages at given times, whatever the guide does."""

    def __init__(self, messages: Sequence[Played]) -> None:
        self._left = list(messages)

    def see(self, time_s: float, action: Action) -> None:
        """Take no notice."""

    def play(self, until_s: float) -> Iterable[Played]:
        """Play what is due."""
        while self._left and self._left[0].time_s <= until_s:
            yield self._left.pop(0)


@dataclass(frozen=True)
class Rehearsed:
    """How a rehearsal went.

    `actions` are all that the guide did, with their times; `first_sound_s` is when something first
    sounded, None if nothing did. Work took as long as it really did.
    """

    result: Any
    seconds: float
    first_sound_s: float | None
    actions: tuple[tuple[float, Action], ...]
    has_ended: bool


class Rehearsal:
    """Runs one guide with one player."""

    def __init__(
        self, guide: Guide, player: RehearsingPlayer, listeners: Listeners | None = None
    ) -> None:
        self._guide = guide
        self._player = player
        self._listeners = listeners or Listeners()
        self._actions: list[tuple[float, Action]] = []
        self._done: Done | None = None
        self._can_sound = False
        self._first_sound_s: float | None = None
        self.now_s = 0.0

    def run(self, until_s: float = LONGEST_S) -> Rehearsed:
        """Run the guide to its end, or until the player leaves it at `until_s`."""
        self._do(self._guide.start(self.now_s))
        while not self._done and self.now_s < until_s:
            self.now_s += TICK_S
            for played in self._player.play(self.now_s):
                self._hear(played)
            self._do(self._guide.tick(self.now_s))
        has_ended = self._done is not None
        if not has_ended:
            self._do(self._guide.leave())
        return self._rehearsed(has_ended=has_ended)

    def _hear(self, played: Played) -> None:
        events = self._listeners.hear(played.data, played.time_s, played.port)
        if self._can_sound and any(event.kind is Kind.STRIKE for event in events):
            self._sound_at(played.time_s)
        self._do(self._guide.hear(Heard(*played, tuple(events))))

    def _sound_at(self, time_s: float) -> None:
        if self._first_sound_s is None:
            self._first_sound_s = time_s

    def _do(self, actions: Sequence[Action]) -> None:
        for action in actions:
            if self._done:
                return
            self._actions.append((self.now_s, action))
            self._player.see(self.now_s, action)
            self._obey(action)

    def _obey(self, action: Action) -> None:
        if isinstance(action, Work):
            self._work(action)
        elif isinstance(action, Done):
            self._done = action
        elif isinstance(action, Sound):
            self._can_sound = True
        elif isinstance(action, Prompt):
            self._sound_at(action.events[0].time_s)

    def _work(self, work: Work) -> None:
        started_s = time.perf_counter()
        result = work.run()
        self.now_s += time.perf_counter() - started_s
        self._do(work.then(self.now_s, result))

    def _rehearsed(self, *, has_ended: bool) -> Rehearsed:
        return Rehearsed(
            result=self._done.result if self._done else None,
            seconds=self.now_s,
            first_sound_s=self._first_sound_s,
            actions=tuple(self._actions),
            has_ended=has_ended,
        )
