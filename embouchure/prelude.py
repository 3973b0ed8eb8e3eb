"""The prelude: what still holds of a session, for a journal that goes on with it to begin with."""

from typing import Final

import numpy as np

from embouchure.journal import Details, Journal
from synth.engine.layout import EVENT, LEVEL, MACRO, PACE, SELECT, ZONE_GLIDE

LASTING: Final = {"port": "number", "hand": "port", "preset": "slot"}
"""Words whose lines hold until the next, and the field that tells apart which of several it holds
for."""
LASTING_KINDS: Final = (ZONE_GLIDE, LEVEL, MACRO, SELECT, PACE)
"""Kinds of event of which the newest holds on."""


class Prelude:
    """Remembers the latest of everything that holds on, for the engine that sounds now."""

    def __init__(self) -> None:
        self._segment: Details = {}
        self._told: dict[tuple[str, object], Details] = {}
        self._events: dict[tuple[int, ...], bytes] = {}
        self._frame = 0

    def tell(self, word: str, fields: Details) -> None:
        """Take what the journal was told; with a segment all begins anew."""
        if word == "segment":
            self._segment, self._frame = fields, 0
            self._told.clear()
            self._events.clear()
        elif word in LASTING:
            self._told[word, fields.get(LASTING[word])] = fields

    def act(self, records: bytes) -> None:
        """Take events that acted."""
        events = np.frombuffer(records, EVENT)
        self._frame = int(events["frame"].max(initial=self._frame))
        for event in events[np.isin(events["kind"], LASTING_KINDS)]:
            kind, zone = int(event["kind"]), int(event["zone"])
            what = (kind, zone, int(event["touch"])) if kind == MACRO else (kind, zone)
            self._events.pop(what, None)  # it must come after what it overrules
            self._events[what] = event.tobytes()

    def write(self, journal: Journal) -> None:
        """Let a journal begin with it, as one from which something is missing."""
        journal.tell("segment", self._segment)
        journal.count("begin", self._frame)
        for (word, _), fields in self._told.items():
            journal.tell(word, fields)
        journal.count("lost", 1)
        if self._events:
            journal.write_events(b"".join(self._events.values()))
