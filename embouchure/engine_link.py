"""The service's end of the engine process: starts it, tells it what to do, hears its reports."""

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any, Final

from embouchure.errors import ProgramError
from embouchure.folders import open_engine_log
from embouchure.kernel_cache import own_environment
from embouchure.play_settings import PlaySettings
from embouchure.window import Window
from synth.engine.telemetry import Snapshot

END_TIMEOUT_S: Final = 0.7
KILL_TIMEOUT_S: Final = 0.1
POLL_S: Final = 0.1

Report = dict[str, Any]


class EngineEndedError(ProgramError):
    """The engine process ended without being told to."""


class EngineLink:
    """A running engine process.

    The process ends when its standard input does, so it never outlives this one.
    """

    def __init__(self, settings: PlaySettings) -> None:
        # SimpleQueue would wait for ever when a signal comes as its timeout ends (CPython 3.11)
        self._reports: queue.Queue[Report | None] = queue.Queue()
        self._window = Window()
        command = [sys.executable, "-P", "-m", "embouchure.engine_process"]
        with open_engine_log(goes_on=settings.predecessor is not None) as log:
            self._log = log.name
            self._process = subprocess.Popen(
                [*command, self._window.handle],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=_environment(),
                pass_fds=self._window.inherited,
                start_new_session=True,  # a terminal's Ctrl-C and Ctrl-Z are for the service
            )
        self._commands: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._commands.put(settings.to_json().encode() + b"\n")
        self._writer = threading.Thread(target=self._write, name="commands", daemon=True)
        self._writer.start()
        self._reader = threading.Thread(target=self._read, name="reports", daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with contextlib.suppress(ValueError):
                self._reports.put(json.loads(line))
        self._reports.put(None)

    def _write(self) -> None:
        """Hand on the commands, and at their end close the process's input."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError), self._process.stdin as lines:
            for command in iter(self._commands.get, None):
                lines.write(command)
                lines.flush()

    def reports(self) -> Iterator[Report | None]:
        """Yield each report as it comes, and None whenever there was none for `POLL_S`.

        Raises
        ------
        EngineEndedError
            When the process ended without being told to.
        """
        while True:
            try:
                report = self._reports.get(timeout=POLL_S)
            except queue.Empty:
                yield None
                continue
            if report is None:
                raise EngineEndedError(
                    f"the engine process ended unexpectedly (code {self._wait(END_TIMEOUT_S)}); "
                    f"what it said last is in {self._log}"
                )
            yield report

    def tell(self, command: str, **fields: Any) -> None:  # noqa: ANN401
        """Give the engine process a command; any thread, and none waits even if the process hangs."""
        self._commands.put(json.dumps({"command": command, **fields}).encode() + b"\n")

    def look(self) -> Snapshot | None:
        """Read the engine's telemetry; None when there is none that can be trusted. Any thread."""
        return self._window.look()

    def end(self, patience_s: float = END_TIMEOUT_S) -> None:
        """End the process; if it has not ended by itself after `patience_s` it is killed."""
        assert self._process.stdout is not None
        self._commands.put(None)
        if self._wait(patience_s) is None:
            self._kill()
        self._writer.join(KILL_TIMEOUT_S)
        self._reader.join(KILL_TIMEOUT_S)
        if not self._reader.is_alive():  # else closing would wait for it
            self._process.stdout.close()
        self._window.close()

    def left(self) -> Iterator[Report]:
        """Yield the reports that nobody has taken yet; after `end`."""
        return iter(self._next_left, None)

    def _kill(self) -> None:
        """Kill the process and whatever it started, such as a compiler."""
        if os.name == "posix":
            os.killpg(self._process.pid, signal.SIGKILL)
        else:
            self._process.kill()
        self._wait(KILL_TIMEOUT_S)

    def _wait(self, seconds: float) -> int | None:
        """Wait for the process to end, but not for ever: a driver may keep even a killed one."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._process.wait(seconds)
        return None

    def _next_left(self) -> Report | None:
        try:
            return self._reports.get_nowait()
        except queue.Empty:
            return None


def _environment() -> dict[str, str]:
    """Keep the process to one thread of arithmetic; its threads are for MIDI and sound."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**own_environment(), **threads}
