"""The reports: what an engine process tells the service, as lines of JSON on its standard output."""

import json
import os
import threading
from contextlib import suppress
from typing import Any, TextIO


class Reports:
    """Lines of JSON to the service, from any thread."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._lock = threading.Lock()

    def send(self, report: str, **fields: Any) -> None:  # noqa: ANN401
        """Send one report; when nobody listens any more it is dropped."""
        line = json.dumps({"report": report, **fields}) + "\n"
        with suppress(BrokenPipeError), self._lock:
            self._file.write(line)
            self._file.flush()


def own_output() -> TextIO:
    """Keep standard output for reports; what libraries print there goes to standard error."""
    own = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)
    return own
