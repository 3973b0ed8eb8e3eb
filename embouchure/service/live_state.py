"""The state of the live session: one JSON object that threads write to and clients follow."""

import threading
from collections.abc import Callable
from typing import Any, Final

VERSION: Final = 1

Fields = dict[str, Any]
Listener = Callable[[], None]


class LiveState:
    """Fields of JSON values, each with the number of the change that set it last.

    A client that remembers the number it has seen asks for what came since: however slow it is, it
    gets the newest of each field and nothing else.

    Parameters
    ----------
    fields
        What there is from the start on. Every field that will ever be set must be here.
    """

    def __init__(self, **fields: Any) -> None:  # noqa: ANN401
        self._fields: Fields = {"v": VERSION, **fields}
        self._changed = dict.fromkeys(self._fields, 0)
        self._number = 0
        self._listeners: list[Listener] = []
        self._lock = threading.Lock()

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401
        with self._lock:
            return self._fields[name]

    def set(self, **fields: Any) -> None:  # noqa: ANN401
        """Replace fields by new values, which nobody may change afterwards; any thread."""
        with self._lock:
            changed = [name for name, value in fields.items() if self._fields[name] != value]
            for name in changed:
                self._number += 1
                self._fields[name] = fields[name]
                self._changed[name] = self._number
            listeners = list(self._listeners) if changed else []
        for listener in listeners:
            listener()

    def update(self, name: str, change: Callable[[Any], Any]) -> None:
        """Replace one field by what `change` makes of it, with no other change between; any thread."""
        with self._lock:
            value = change(self._fields[name])
            self._number += 1
            self._fields[name] = value
            self._changed[name] = self._number
            listeners = list(self._listeners)
        for listener in listeners:
            listener()

    def snapshot(self) -> Fields:
        """Return everything; any thread."""
        return self.since(-1)[1]

    def since(self, number: int) -> tuple[int, Fields]:
        """Return the newest number, and each field that was set after an older number; any thread."""
        with self._lock:
            new = {name: self._fields[name] for name, at in self._changed.items() if at > number}
            return self._number, new

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` after each change, from the thread that made it; return what ends that."""
        with self._lock:
            self._listeners.append(listener)

        def leave() -> None:
            with self._lock:
                self._listeners.remove(listener)

        return leave
