"""A stage for tests: a session on a real engine, a fake device and clock, and a journal."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embouchure.instrument import load_sound, silent_engine
from embouchure.journal import Journal
from embouchure.session import Session
from embouchure.space_file import load_space
from embouchure.wishes import Wishes
from mapper.manner import Manner
from synth.engine.layout import BLOCK_FRAMES
from tests.synth.strained import Strained

RATE_HZ = 48_000
PORT = 0
LEAD_FRAMES = 128
EVERY_BLOCKS = 37
"""How often the housekeeping comes round."""


class Stage:
    """Plays at given times; the device asks for one block after the other, as time goes on.

    The engine's own callback is what it asks, and how long that takes is the device's to say.
    """

    def __init__(self, path: Path, preset: str) -> None:
        self.path = path
        self._space = load_space()
        self.engine = silent_engine(self._space, RATE_HZ)
        self.session = Session(self.engine, self._frame_at, Wishes(mode="mpe").listeners())
        self.device = Strained(self.engine, BLOCK_FRAMES)
        self._journal = Journal(path, {})
        self._journal.tell("segment", self.session.describe())
        self._heard: list[NDArray[np.float32]] = []
        self._hangs = False
        self.select(0.0, preset)

    def _frame_at(self, time_s: float) -> int:
        return round(time_s * RATE_HZ) + LEAD_FRAMES

    def _until(self, time_s: float) -> None:
        while not self._hangs and self.engine.frame < time_s * RATE_HZ:
            self._heard.append(self.device.ask())
            if len(self._heard) % EVERY_BLOCKS == 0:
                self.keep_house()

    def keep_house(self) -> None:
        """Write down what was played, as the housekeeping does."""
        self.session.flush()
        played = self.session.take_played()
        for told in played.told:
            self._journal.tell(*told)
        self._journal.write(played.heard)
        if played.events:
            self._journal.write_events(played.events)
        if played.n_lost:
            self._journal.count("lost", played.n_lost)

    def hear(self, time_s: float, data: bytes, port: int = PORT) -> None:
        """Let a message arrive."""
        self._until(time_s)
        self.session.hear(time_s, port, data)

    def select(self, time_s: float, preset: str) -> None:
        """Choose another preset."""
        self._until(time_s)
        self.session.select(time_s, load_sound(preset, self._space))

    def set_manner(self, time_s: float, manner: Manner) -> None:
        """Choose another manner of playing."""
        self._until(time_s)
        self.session.set_manner(time_s, manner)

    def panic(self, time_s: float) -> None:
        """Silence everything."""
        self._until(time_s)
        self.session.panic(time_s)

    def run_ahead(self, time_s: float) -> None:
        """Let the device ask for sound before what was played until then arrives."""
        self._until(time_s)

    @contextmanager
    def hung(self) -> Iterator[None]:
        """Let the device hang meanwhile."""
        self._hangs = True
        yield
        self._hangs = False

    def end(self, after_s: float = 0.5) -> NDArray[np.float32]:
        """Play out, finish the journal and return everything that the device was given."""
        self._until(self.engine.frame / RATE_HZ + after_s)
        self.keep_house()
        self._journal.count("end", self.engine.frame)
        self._journal.close()
        return np.concatenate(self._heard)
