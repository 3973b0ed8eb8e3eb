"""Trying a found sound: it is played until what was played before is wanted back, or something else."""

import threading
from collections.abc import Callable
from typing import Any

from embouchure.engine_link import Report
from embouchure.service.setup import Command
from embouchure.service.stage import Stage
from mapper.touch import EVERY_ZONE


class Trying:
    """Remembers what was played before, as a guest for as long as a sound is tried; any thread."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._lock = threading.Lock()
        self._names: set[str] = set()
        self._before: list[Command] = []
        self._leave: Callable[[], None] | None = None
        self._n_stops = 0

    def ask(self) -> int:
        """Return what tells a sound asked for now, which may take a while, from a later one."""
        return self._n_stops

    def is_wanted(self, asked: int) -> bool:
        """Tell whether nobody has stopped since something was asked for."""
        return asked == self._n_stops

    def play(self, tone: dict[str, Any], asked: int) -> None:
        """Let every strike from now on sound so, if that is still wanted."""
        with self._lock:
            if not self.is_wanted(asked):
                return
            if not self._leave:
                self._before = self._stage.sounds()
                self._leave = self._stage.attach(self)
            self._names.add(tone["name"])
            self._stage.sound(tone)

    def stop(self) -> None:
        """Let strikes sound as before."""
        with self._lock:
            self._n_stops += 1
        for one in self._forget():
            self._stage.obey(one)

    def hear(self, report: Report) -> None:
        """Bring nothing back once the player has chosen something else."""
        if report["report"] == "told" and report["fields"].get("call") == "select":
            chosen, zone = report["fields"]["preset"], report["fields"]["zone"]
            if zone == EVERY_ZONE and chosen not in self._names:
                self._forget()

    def turn(self) -> None:
        """Do nothing between reports."""

    def _forget(self) -> list[Command]:
        """Try no longer, and return what was played before."""
        with self._lock:
            if self._leave:
                self._leave()
            before, self._before, self._leave = self._before, [], None
            self._names.clear()
        return before
