"""An acquaintance with a controller: a guest that looks at one input for as long as somebody asks."""

import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Final

from embouchure.engine_link import Report
from embouchure.parcel import unpack
from embouchure.service.stage import Stage
from mapper.advice import Advice, advise, advise_octave
from mapper.portrait import Portrait
from mapper.profile import recognise

FORGOTTEN_AFTER_S: Final = 10.0
"""Nobody asked for so long: it looks no more, for looking takes time from the journal."""


class Acquaintance:
    """Looks at one input at a time; any thread.

    Parameters
    ----------
    stage
        The live session that is looked at.
    now_s
        Tells the time.
    """

    def __init__(self, stage: Stage, now_s: Callable[[], float] = time.monotonic) -> None:
        self._stage = stage
        self._now_s = now_s
        self._lock = threading.Lock()
        self._leave: Callable[[], None] | None = None
        self._portrait: Portrait | None = None
        self._port = 0
        self._asked_s = 0.0

    def begin(self, port: int, name: str) -> None:
        """Look at an input anew; what its controller announced while being looked at stays."""
        with self._lock:
            self._asked_s = self._now_s()
            if self._portrait and self._leave and self._port == port:
                self._portrait.forget()
                return
            self._port, self._portrait = port, Portrait(recognise(name))
            self._leave = self._leave or self._stage.attach(self)

    def seen(self, *, octave: bool = False) -> dict[str, Any] | None:
        """Tell what was seen and what that means, None when nobody looks; with `octave` the glide."""
        with self._lock:
            if not self._portrait or not self._leave:
                return None
            self._asked_s = self._now_s()
            profile, traits = self._portrait.profile, self._portrait.traits()
            advice: list[Advice] = advise(profile, traits)
            if octave:
                advice.append(advise_octave(profile, traits))
            return {
                "port": self._port,
                "controller": profile.name,
                "traits": asdict(traits),
                "advice": [one._asdict() for one in advice],
            }

    def hear(self, report: Report) -> None:
        """Look at what came, if it came from this input."""
        if report["report"] == "heard":
            with self._lock:
                for time_s, port, data in unpack(report):
                    if port == self._port and self._portrait:
                        self._portrait.hear(data, time_s)

    def turn(self) -> None:
        """Look no more once nobody asks."""
        with self._lock:
            if self._leave and self._now_s() - self._asked_s > FORGOTTEN_AFTER_S:
                self._leave()
                self._leave = None
