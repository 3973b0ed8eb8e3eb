"""The tape: runs while the player plays, and never stops the music when the disk fails."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from embouchure.journal import Details, Journal
from embouchure.takes import finish_take, recover_takes, start_journal
from mapper.performance import Played


class Tape:
    """Keeps one session, whatever number of engines sounds it one after another.

    Parameters
    ----------
    folder
        Where takes are kept.
    say
        Tells the player what became of a take, or why there is none.
    """

    def __init__(self, folder: Path, say: Callable[[str], None]) -> None:
        self._folder = folder
        self._say = say
        self._journal: Journal | None = None
        self._started = False

    @property
    def path(self) -> Path | None:
        """The journal, while there is one."""
        return self._journal.path if self._journal else None

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
        with self._told("What you play cannot be kept"):
            if not self._started:
                self._started = True
                self._journal = start_journal(self._folder, details)
            self.tell("segment", segment)

    def keep(self, messages: Iterable[Played]) -> None:
        """Keep messages that were heard."""
        self._write(lambda journal: journal.write(messages))

    def tell(self, word: str, fields: Details) -> None:
        """Keep a segment, a preset or a call."""
        self._write(lambda journal: journal.tell(word, fields))

    def count(self, word: str, number: int) -> None:
        """Keep a number: of events lost, or the frame at which an engine ended."""
        self._write(lambda journal: journal.count(word, number))

    def keep_events(self, records: bytes) -> None:
        """Keep events that acted."""
        self._write(lambda journal: journal.write_events(records))

    def _write(self, write: Callable[[Journal], None]) -> None:
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

    def _let_go(self) -> None:
        """Leave the journal as it is; the next start makes a take of it."""
        if self._journal:
            with suppress(OSError):
                self._journal.close()
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
