"""Where the program starts: a signal that comes while it loads or compiles ends it quietly."""

import os
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

_swallowed: list[BaseException] = []
"""Signals that came while the compiler called back, which lets none through and then fails."""


def main() -> None:
    """Run the command line; Ctrl-C leaves no traceback, and SIGTERM no unfinished file.

    Its matrices are small: a second thread for their products, settled before numpy is imported,
    would cost more than it took over.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    interrupt = signal.getsignal(signal.SIGINT)
    if interrupt is signal.default_int_handler:  # otherwise whoever started it ignores Ctrl-C
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from embouchure import cli

    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    sys.unraisablehook = _swallow
    try:
        cli.main()
    except Exception:
        if not _swallowed:
            raise
        sys.exit(_exit_code(_swallowed[0]))


def _swallow(lost: "UnraisableHookArgs") -> None:
    if isinstance(lost.exc_value, KeyboardInterrupt | SystemExit):
        _swallowed.append(lost.exc_value)
    else:
        sys.__unraisablehook__(lost)


def _exit_code(ending: BaseException) -> int:
    return int(ending.code or 0) if isinstance(ending, SystemExit) else 128 + signal.SIGINT
