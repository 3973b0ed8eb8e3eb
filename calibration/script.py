"""A script: a guide written as one thing after another, each `yield` waiting for what happens next."""

from abc import ABC, abstractmethod
from collections.abc import Generator, Sequence
from typing import Any, NamedTuple

from calibration.guide import Action, Done, Heard, Work


class Moment(NamedTuple):
    """What a script waits for: something heard or chosen, or only that time went on."""

    time_s: float
    heard: Heard | None = None
    word: str | None = None


Step = Generator[None, Moment, Any]


class Script(ABC):
    """A guide whose course is a generator; what it does between two yields happens at once."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self._actions: list[Action] = []
        self._course = self._lead()
        self._has_ended = False

    @abstractmethod
    def _lead(self) -> Step:
        """Lead from the beginning to the end, and return the result."""

    @abstractmethod
    def _leave(self) -> Any:  # noqa: ANN401
        """Say what is left when the player goes early, and return the result."""

    def start(self, time_s: float) -> Sequence[Action]:
        """Begin."""
        self.now_s = time_s
        try:
            next(self._course)
        except StopIteration as end:
            self._end(end.value)
        return self._taken()

    def hear(self, heard: Heard) -> Sequence[Action]:
        """Go on by what the player did."""
        return self._go_on(Moment(heard.time_s, heard))

    def choose(self, time_s: float, word: str) -> Sequence[Action]:
        """Go on by what the player chose."""
        return self._go_on(Moment(time_s, word=word))

    def tick(self, time_s: float) -> Sequence[Action]:
        """Go on by the time."""
        return self._go_on(Moment(time_s))

    def leave(self) -> Sequence[Action]:
        """End early."""
        if not self._has_ended:
            self._end(self._leave())
        return self._taken()

    def _go_on(self, moment: Moment) -> Sequence[Action]:
        if self._has_ended:
            return []
        self.now_s = max(self.now_s, moment.time_s)
        try:
            self._course.send(moment)
        except StopIteration as end:
            self._end(end.value)
        return self._taken()

    def _end(self, result: Any) -> None:  # noqa: ANN401
        self._has_ended = True
        self.do(Done(result))

    def _taken(self) -> Sequence[Action]:
        actions, self._actions = self._actions, []
        return actions

    def do(self, *actions: Action) -> None:
        """Do something before the next wait."""
        self._actions += actions

    def pause(self, seconds: float) -> Step:
        """Wait so long."""
        until_s = self.now_s + seconds
        while self.now_s < until_s:
            yield

    def worked(self, run: Any) -> "Result":  # noqa: ANN401
        """Do something slow, and return what will have its result."""
        result = Result()
        self.do(Work(run, result.take))
        return result


class Result:
    """What work gave, once `is_there`."""

    def __init__(self) -> None:
        self.is_there = False
        self.value: Any = None

    def take(self, _: float, value: Any) -> Sequence[Action]:  # noqa: ANN401
        """Take the result."""
        self.is_there, self.value = True, value
        return []
