"""A waiting room: what takes long waits here for the one thread that does it, and never without bound."""

import threading
from typing import Generic, TypeVar

T = TypeVar("T")


class WaitingRoom(Generic[T]):
    """Lets nobody in once it is full; any thread.

    Parameters
    ----------
    n_seats
        How many may wait.
    """

    def __init__(self, n_seats: int) -> None:
        self._n_seats = n_seats
        self._waiting: list[tuple[str, T]] = []
        self._is_closed = False
        self._changed = threading.Condition()

    def put(self, kind: str, what: T, *, replaces: bool = False) -> bool:
        """Let something wait, if it `replaces` them in place of others of its kind; False when full."""
        with self._changed:
            if replaces:
                self._waiting = [one for one in self._waiting if one[0] != kind]
            if len(self._waiting) >= self._n_seats:
                return False
            self._waiting.append((kind, what))
            self._changed.notify()
            return True

    def take(self) -> T | None:
        """Wait for what is next, and take it; None once the room is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_closed)
            return None if self._is_closed else self._waiting.pop(0)[1]

    def close(self) -> None:
        """Let whoever waits for more go."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
