"""The newest: work of which only the last that was asked for counts, done at a pace of its own."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

EVERY_S: Final = 0.2


class Newest:
    """Does what was asked for last, in a thread that ends when nothing is left; any thread."""

    def __init__(self, every_s: float = EVERY_S) -> None:
        self._every_s = every_s
        self._waiting: Callable[[], None] | None = None
        self._is_at_work = False
        self._lock = threading.Lock()

    def ask(self, work: Callable[[], None]) -> None:
        """Do this soon, unless something newer comes before."""
        with self._lock:
            self._waiting = work
            if self._is_at_work:
                return
            self._is_at_work = True
        threading.Thread(target=self._work, name="newest", daemon=True).start()

    def _work(self) -> None:
        while work := self._next():
            try:
                work()
            except Exception:
                logging.getLogger(__name__).exception("what was asked for last failed")
            time.sleep(self._every_s)

    def _next(self) -> Callable[[], None] | None:
        with self._lock:
            work, self._waiting = self._waiting, None
            self._is_at_work = work is not None
            return work
