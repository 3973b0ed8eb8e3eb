"""The keys of the terminal, read one by one while the instrument plays."""

import os
import select
import sys
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

AT_MOST = 64
"""Bytes taken at once; nobody types more between two looks."""


class Keys:
    """Tells which keys were pressed since the last look; none where there is no terminal.

    Ctrl-C interrupts as ever, and the terminal is left as it was. `is_open` says whether there are
    keys.
    """

    def __init__(self) -> None:
        self._before: list[Any] | None = None
        self.is_open = False

    def __enter__(self) -> Self:
        self.is_open = _is_terminal()
        if self.is_open and os.name == "posix":
            import termios
            import tty

            self._before = termios.tcgetattr(sys.stdin)
            tty.setcbreak(sys.stdin)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._before is not None:
            import termios

            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, self._before)
        self.is_open, self._before = False, None

    def pressed(self) -> str:
        """Return the characters typed since the last call, in small letters; never waits."""
        if not self.is_open:
            return ""
        typed = _typed_on_posix() if os.name == "posix" else _typed_on_windows()
        return typed.lower()


def _is_terminal() -> bool:
    """Whether keys can be read: not from a pipe, nor by a job in the background."""
    if not sys.stdin or sys.stdin.closed or not sys.stdin.isatty():
        return False
    with suppress(OSError, AttributeError):  # a terminal that is not this job's stops nobody
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    return True


def _typed_on_posix() -> str:
    if not select.select([sys.stdin], [], [], 0.0)[0]:
        return ""
    return os.read(sys.stdin.fileno(), AT_MOST).decode(errors="replace")


def _typed_on_windows() -> str:
    import msvcrt

    typed = ""
    while msvcrt.kbhit():  # type: ignore[attr-defined]
        typed += msvcrt.getwch()  # type: ignore[attr-defined]
    return typed
