"""A studio: a JACK server, another program that plays and hears, and the instrument itself."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import jack
import numpy as np
import pytest
from numpy.typing import NDArray

from mapper.performance import read

ROOT = Path(__file__).parents[2]
STRIKE, LIFT = b"\x91\x45\x60", b"\x81\x45\x40"
Array = NDArray[np.float32]
PATIENT = ("-S", "-t", "5000")
"""How a server waits for late programs, so that no message is lost, where none of them is killed."""
PERIOD_FRAMES, LONG_PERIOD_FRAMES = 512, 4096
"""A server that does not wait loses what a program sends later than a period: it has the long one."""
PATIENCE_S = 10.0
START_TIMEOUT_S = 120.0
SILENT_PEAK = 1e-5


jack.set_error_function(lambda _: None)


def wait_for(condition: Callable[[], object], seconds: float) -> bool:
    """Wait until a condition holds, at most so long; return whether it does."""
    until_s = time.monotonic() + seconds
    while time.monotonic() < until_s:
        if condition():
            return True
        time.sleep(0.02)
    return False


class Server:
    """A JACK server on its dummy backend.

    Each kind of test names its own, always the same: JACK has room for eight names, and a server
    that was killed leaves its name taken for all but the next of that name.
    """

    def __init__(self, name: str, *patient: str) -> None:
        if not shutil.which("jackd"):
            pytest.skip("jackd is not installed")
        self.name = name
        self._patient = patient
        self.start()

    def start(self, rate_hz: int = 48_000) -> None:
        """Start, or start again."""
        period_frames = PERIOD_FRAMES if self._patient else LONG_PERIOD_FRAMES
        backend = ["-d", "dummy", "-r", str(rate_hz), "-p", str(period_frames)]
        self._process = subprocess.Popen(
            ["jackd", "-n", self.name, "-r", *self._patient, *backend],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        """Let it crash."""
        self._process.kill()
        self._process.wait(PATIENCE_S)

    def stop(self) -> None:
        """End it in order."""
        self._process.terminate()
        try:
            self._process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:  # it waits for a program that was killed
            self.kill()


class Studio:
    """Another program: one MIDI output to play on and one audio input to hear with."""

    def __init__(self, server: str) -> None:
        self.client = jack.Client("studio", no_start_server=True, servername=server)
        self._midi = self.client.midi_outports.register("keys")
        self._audio = self.client.inports.register("ears")
        self._waiting: list[bytes] = []
        self._is_open = True
        self.peak = 0.0
        self.heard: list[Array] = []
        self.client.set_process_callback(self._process)
        self.client.activate()

    @classmethod
    def open(cls, server: str) -> "Studio":
        """Join a server as soon as it answers."""
        until_s = time.monotonic() + PATIENCE_S
        while True:
            try:
                return cls(server)
            except jack.JackOpenError:
                assert time.monotonic() < until_s
                time.sleep(0.05)

    def _process(self, _: int) -> None:
        if self._midi:
            self._midi.clear_buffer()
            if self._waiting:
                self._midi.write_midi_event(0, self._waiting.pop(0))
        self.heard.append(self._audio.get_array().copy())
        self.peak = max(self.peak, float(np.abs(self.heard[-1]).max()))

    def connect(self) -> None:
        """Connect to the instrument, whatever its ports are called, once it has them."""
        if self._joins(self._midi) and self._joins(self._audio):
            return
        assert wait_for(lambda: len(self._others()) >= 2, PATIENCE_S)
        others = self._others()
        keys = next(port for port in others if port.is_midi and port.is_input)
        if not self._joins(self._midi):
            self.client.connect(self._midi, keys)
        self.hear()
        time.sleep(0.3)

    def hear(self) -> None:
        """Listen to the instrument, as soon as it sounds."""
        assert wait_for(self._speakers, PATIENCE_S)
        if not self._joins(self._audio):
            self.client.connect(self._speakers()[0], self._audio)

    def _joins(self, port: jack.OwnPort) -> bool:
        return bool(self.client.get_all_connections(port))

    def _speakers(self) -> list[jack.Port]:
        return [port for port in self._others() if port.is_audio and port.is_output]

    def _others(self) -> list[jack.Port]:
        ports = self.client.get_ports()
        return [port for port in ports if not port.name.startswith(("studio:", "system:"))]

    def sound(self) -> Array:
        """Everything that was heard from the first sound on."""
        samples = np.concatenate(self.heard)
        return samples[np.flatnonzero(samples)[0] :]

    def is_alone(self) -> bool:
        """Whether no other program has ports here."""
        return not self._others()

    def close(self) -> None:
        """Leave the server; leaving twice is allowed."""
        if self._is_open:
            self._is_open = False
            self.client.close()

    def unplug(self) -> None:
        """Take the MIDI output away."""
        midi, self._midi = self._midi, None
        midi.unregister()

    def plug_in(self) -> None:
        """Offer the MIDI output again."""
        self._midi = self.client.midi_outports.register("keys")

    def play(self, *messages: bytes, pause_s: float = 0.3) -> None:
        """Send messages, one in each period."""
        self._waiting += messages
        assert wait_for(lambda: not self._waiting, 5.0)
        time.sleep(pause_s)

    def loudest(self, seconds: float) -> float:
        """Measure the peak over some time from now on."""
        self.peak = 0.0
        time.sleep(seconds)
        return self.peak

    def falls_silent(self, seconds: float = PATIENCE_S) -> bool:
        """Whether nothing is heard after some time at most."""
        return wait_for(lambda: self.loudest(0.1) < SILENT_PEAK, seconds)


class Instrument:
    """The program, playing; `said` holds what it says."""

    COMMAND = "play"
    READY = "Ctrl-C"
    """What it says once it can be played."""

    def __init__(self, server: str, folder: Path, *options: str, **environment: str) -> None:
        homes = {
            f"XDG_{one}_HOME": str(folder / one.lower()) for one in ("DATA", "STATE", "CONFIG")
        }
        jack_server = {"JACK_DEFAULT_SERVER": server, "JACK_NO_START_SERVER": "1"}
        self.takes = folder / "data/embouchure/takes"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "embouchure", self.COMMAND, *options],
            cwd=ROOT,
            env={**os.environ, **homes, **jack_server, **environment},
            stdout=subprocess.PIPE,
            text=True,
        )
        self.said: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        assert self.says(self.READY, START_TIMEOUT_S) or self.process.poll() is not None

    def _read(self) -> None:
        assert self.process.stdout
        self.said += iter(self.process.stdout.readline, "")

    def says(self, words: str, seconds: float = PATIENCE_S, times: int = 1) -> bool:
        """Whether it says a sentence with these words in time."""
        return wait_for(lambda: sum(words in line for line in self.said) >= times, seconds)

    @property
    def engine_pid(self) -> int:
        """The engine process that runs now."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        for pid in children.read_text().split():
            if b"engine_process" in Path(f"/proc/{pid}/cmdline").read_bytes():
                return int(pid)
        raise AssertionError("there is no engine process")

    def end(self, number: int) -> None:
        """Send a signal, and wait until the process has ended; for ever is too long."""
        self.process.send_signal(number)
        self.process.wait(PATIENCE_S)
        self._reader.join(PATIENCE_S)

    def played(self) -> list[bytes]:
        """End it, and return the note messages of its one take."""
        self.end(signal.SIGINT)
        (take,) = self.takes.glob("*.mid")
        return [one.data for one in read(take) if one.data[0] & 0xE0 == 0x80]


@contextmanager
def ended(instrument: Instrument) -> Iterator[Instrument]:
    """See that the instrument has ended after a test."""
    yield instrument
    if instrument.process.poll() is None:
        instrument.end(signal.SIGKILL)
    assert instrument.process.stdout
    instrument.process.stdout.close()
