"""Where the program starts: a signal that comes while it is still loading ends it quietly."""

import signal
import sys


def main() -> None:
    """Run the command line; Ctrl-C leaves no traceback, and SIGTERM no unfinished file."""
    interrupt = signal.getsignal(signal.SIGINT)
    if interrupt is signal.default_int_handler:  # otherwise whoever started it ignores Ctrl-C
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from embouchure import cli

    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    cli.main()
