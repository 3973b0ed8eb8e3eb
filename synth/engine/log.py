"""The log: which events acted, the player's and the engine's own, and at which frames."""

import numpy as np

from synth.engine.layout import BLOCK_FRAMES, OWN_EVENTS, RING_EVENTS, Records


class Log:
    """Reads what the audio thread has done with its events, behind its back.

    An event lies in its ring, with the frame at which it acted written into it, until the ring
    comes round to its place again; nothing is copied while it plays.
    """

    def __init__(self, state: Records, ring: Records, own: Records) -> None:
        self._state, self._ring, self._own = state, ring, own
        self._read = self._own_read = 0
        self.n_lost = 0
        """Events that nobody read before their places were taken."""

    def take(self) -> Records:
        """Take the events of every finished block that were not taken before, in order of action."""
        end_frame = int(self._state[0]["frame"])  # first: all events of blocks before it are known
        tail, head = int(self._state[0]["tail"][0]), int(self._state[0]["head"][0])
        own_head = int(self._state[0]["own_head"][0])
        theirs, self._read = self._since(self._ring, self._read, tail, head, end_frame)
        own, self._own_read = self._since(self._own, self._own_read, own_head, own_head, end_frame)
        both = np.concatenate([own, theirs])
        return both[np.argsort(both["frame"] // BLOCK_FRAMES, kind="stable")]

    def _since(
        self, ring: Records, first: int, end: int, head: int, end_frame: int
    ) -> tuple[Records, int]:
        """Copy events of a ring that acted before `end_frame`; return them and the next to read."""
        n_places = RING_EVENTS if ring is self._ring else OWN_EVENTS
        begin = max(first, head - n_places)
        self.n_lost += begin - first
        events = ring[np.arange(begin, end) % n_places]
        events = events[events["frame"] < end_frame]
        return events, begin + len(events)
