"""The desk: the service's commands are done in their order, but for those that nothing may hold up."""

import threading
import traceback
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, Final

from embouchure.own_inputs import SURFACES

Command = dict[str, Any]

AT_ONCE: Final = frozenset({"close", "macro", "silence"})


def is_urgent(command: Command) -> bool:
    """Whether a command goes before those that take a while, as what a surface plays does.

    What comes by OSC does not: it keeps its place after what the same program asked for before.

    >>> is_urgent({"command": "hear", "input": "Surface 1"})
    True
    """
    is_touched = command["command"] == "hear" and command["input"] in SURFACES
    return is_touched or command["command"] in AT_ONCE


class Desk:
    """Does what takes a while, such as opening a preset, in a thread of its own.

    Parameters
    ----------
    do
        Does one command; two threads call it.
    say
        Told, in a sentence, of a command that failed; the sound goes on.
    """

    def __init__(self, do: Callable[[Command], None], say: Callable[[str], None]) -> None:
        self._do = do
        self._say = say
        self._waiting: SimpleQueue[tuple[int, Command] | None] = SimpleQueue()
        self._n_silences = 0
        self._silencing = threading.Lock()
        self._thread = threading.Thread(target=self._work, name="desk", daemon=True)
        self._thread.start()

    def take(self, command: Command) -> None:
        """Do a command, or let it wait for its turn; one thread."""
        if command["command"] == "silence":
            with self._silencing:
                self._n_silences += 1
                self._do(command)
        elif is_urgent(command):
            self._do(command)
        else:
            self._waiting.put((self._n_silences, command))

    def close(self) -> None:
        """Do what waits, and no more."""
        self._waiting.put(None)
        self._thread.join()

    def _work(self) -> None:
        for n_silences, command in iter(self._waiting.get, None):
            try:
                if command["command"] == "prompt":
                    self._prompt(n_silences, command)
                else:
                    self._do(command)
            except Exception:  # noqa: BLE001  # whatever it is, the sound goes on
                traceback.print_exc()
                self._say(f"The command {command['command']} failed; the engine's log says why.")

    def _prompt(self, n_silences: int, command: Command) -> None:
        """Let touches sound by themselves, unless all was silenced since that was asked for."""
        with self._silencing:
            if n_silences == self._n_silences:
                self._do(command)
