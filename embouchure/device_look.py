"""A look at the sound devices there are now, by a process of its own.

PortAudio lists them once, when it starts, and may hang with a driver that does.
"""

import contextlib
import json
import subprocess
import sys
import time
from typing import Final

from embouchure.kernel_cache import own_environment
from synth.outputs import DeviceError, Place, list_outputs

EVERY_S: Final = 1.0
PATIENCE_S: Final = 5.0
KILLED_WITHIN_S: Final = 0.5
"""A driver may keep even a killed process."""


class DeviceLook:
    """Looks again and again while it is polled, without ever making its caller wait."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._started_s = -EVERY_S

    def poll(self) -> set[Place]:
        """Return the places that a look has just found, if one has just ended."""
        waited_s = time.monotonic() - self._started_s
        if self._process is None:
            if waited_s >= EVERY_S:
                self._start()
        elif self._process.poll() is not None:
            return self._found()
        elif waited_s > PATIENCE_S:
            self.close()
        return set()

    def close(self) -> None:
        """Look no longer."""
        if self._process:
            self._process.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(KILLED_WITHIN_S)
            if self._process.stdout:
                self._process.stdout.close()
            self._process = None

    def _start(self) -> None:
        self._started_s = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "embouchure.device_look"],
            env=own_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # a terminal's Ctrl-C is not for it
        )

    def _found(self) -> set[Place]:
        assert self._process is not None
        assert self._process.stdout is not None
        with self._process.stdout as answer:
            text = answer.read()
        self._process = None
        try:
            return {Place(*names) for names in json.loads(text)}
        except ValueError:  # it crashed in a driver
            return set()


def main() -> None:
    """Print name and host API of each output as JSON."""
    try:
        places = [output.place for output in list_outputs()]
    except DeviceError:
        places = []
    sys.stdout.write(json.dumps(places))


if __name__ == "__main__":
    main()
