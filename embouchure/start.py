"""Where the program starts: a signal that comes while it is still loading ends it quietly."""

import os
import signal
import sys


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
    cli.main()
