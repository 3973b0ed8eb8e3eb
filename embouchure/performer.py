"""The performer: plays the bundled performance, as a player would, when no player is there."""

import threading
import time
from importlib.resources import as_file, files

from embouchure.cues import PROMPT_PORT
from embouchure.session import Session
from mapper.performance import read


class Performer:
    """Plays the performance into a session once, in a thread of its own; it is no take."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._stopped = threading.Event()

    def start(self) -> None:
        """Begin to play."""
        threading.Thread(target=self._perform, name="performer", daemon=True).start()

    def stop(self) -> None:
        """Lift every finger and play nothing further."""
        self._stopped.set()

    def _perform(self) -> None:
        with as_file(files("embouchure").joinpath("performance.mid")) as path:
            performance = read(path)
        start_s = time.perf_counter()
        for time_s, _, data in performance:
            if self._stopped.wait(max(0.0, start_s + time_s - time.perf_counter())):
                break
            self._session.perform(time.perf_counter(), PROMPT_PORT, data)
        self._session.release(time.perf_counter(), PROMPT_PORT)
