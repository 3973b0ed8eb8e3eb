"""The tape: runs while the player plays, and never stops the music when the disk fails."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from embouchure.journal import Details, Journal
from embouchure.prelude import Prelude
from embouchure.takes import finish_take, recover_takes, start_journal
from mapper.performance import Played

RETRY_S: Final = 5.0
"""So long after the disk failed it is tried again."""


class Tape:
    """Keeps one session, whatever number of engines sounds it one after another.

    When the disk fails it lets its journal go and tries again every `RETRY_S`; what is played
    from then on becomes a take of its own.

    Parameters
    ----------
    folder
        Where takes are kept.
    say
        Tells the player what became of a take, or why there is none.
    now_s
        The clock by which it waits.
    """

    def __init__(
        self,
        folder: Path,
        say: Callable[[str], None],
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder = folder
        self._say = say
        self._now_s = now_s
        self._journal: Journal | None = None
        self._details: Details | None = None
        self._prelude = Prelude()
        self._left: Path | None = None
        self._retry_at_s = 0.0

    @property
    def path(self) -> Path | None:
        """The journal, while there is one; any thread."""
        journal = self._journal
        return journal.path if journal else None

    def recover(self) -> None:
        """Make takes of what crashed sessions left."""
        for take in recover_takes(self._folder, self._leave):
            self._say(f"An earlier session ended abruptly; its take is {take}.")

    def _leave(self, journal: Path, error: OSError) -> None:
        self._say(
            f"An earlier session cannot be made a take now ({error.strerror}: {journal}); "
            "make its file readable and its folder writable, or move it away."
        )

    def start(self, details: Details, segment: Details) -> None:
        """Begin to keep what is heard from an engine: the first of the session, or the next."""
        if self._details is None:
            self._details = details
            with self._told("What you play cannot be kept"):
                self._journal = start_journal(self._folder, details)
        self.tell("segment", segment)

    def keep(self, messages: Iterable[Played]) -> None:
        """Keep messages that were heard."""
        self._write(lambda journal: journal.write(messages))

    def tell(self, word: str, fields: Details) -> None:
        """Keep a segment, a port's name, a hand, a preset or a call."""
        self._write(lambda journal: journal.tell(word, fields))
        self._prelude.tell(word, fields)

    def count(self, word: str, number: int) -> None:
        """Keep a number: of events lost, or the frame at which an engine ended."""
        self._write(lambda journal: journal.count(word, number))

    def keep_events(self, records: bytes) -> None:
        """Keep events that acted."""
        self._write(lambda journal: journal.write_events(records))
        self._prelude.act(records)

    def _write(self, write: Callable[[Journal], None]) -> None:
        if self._details is not None and not self._journal and self._now_s() >= self._retry_at_s:
            self._go_on(self._details)
        if self._journal:
            with self._told("What you play is no longer kept"):
                write(self._journal)

    def finish(self) -> None:
        """End the session and make it a take."""
        if self._journal:
            with self._told("Your take cannot be finished now; it will be at the next start"):
                self._journal.close()
                if take := finish_take(self._journal.path):
                    self._say(f"Your take is {take}.")

    def _go_on(self, details: Details) -> None:
        """Go on in another journal if the disk takes it, and make a take of the one before."""
        self._retry_at_s = self._now_s() + RETRY_S
        try:
            journal = start_journal(self._folder, details)
        except OSError:
            return
        try:
            self._prelude.write(journal)
        except OSError:
            journal.discard()
            return
        self._journal = journal
        self._say("What you play is kept again.")
        self._finish_left()

    def _finish_left(self) -> None:
        if self._left:
            with suppress(OSError):
                if take := finish_take(self._left):
                    self._say(f"What you played before is {take}.")
            self._left = None

    def _let_go(self) -> None:
        """Leave the journal as it is, to be made a take when there is room, or at the next start."""
        self._retry_at_s = self._now_s() + RETRY_S
        if self._journal:
            with suppress(OSError):
                self._journal.close()
            self._left = self._journal.path
            self._journal = None

    @contextmanager
    def _told(self, trouble: str) -> Iterator[None]:
        """Tell the player of trouble with the disk, and go on without."""
        try:
            yield
        except OSError as error:
            self._let_go()
            self._say(
                f"{trouble} ({error.strerror}: {self._folder}); "
                "free some space there, or make it writable."
            )
