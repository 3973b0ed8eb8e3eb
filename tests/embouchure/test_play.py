"""The whole program against a JACK server: another program plays to it and hears it."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import jack
import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from embouchure.takes import recover_takes
from mapper.performance import read

pytestmark = pytest.mark.jack

ROOT = Path(__file__).parents[2]
STRIKE, LIFT = b"\x91\x45\x60", b"\x81\x45\x40"
START_TIMEOUT_S = 120.0
Array = NDArray[np.float32]
END_S = 1.0


jack.set_error_function(lambda _: None)


def wait_for(condition: Callable[[], object], seconds: float) -> bool:
    """Wait until a condition holds, at most so long; return whether it does."""
    until_s = time.monotonic() + seconds
    while time.monotonic() < until_s:
        if condition():
            return True
        time.sleep(0.02)
    return False


class Studio:
    """Another program: one MIDI output to play on and one audio input to hear with."""

    def __init__(self, server: str) -> None:
        self.client = jack.Client("studio", no_start_server=True, servername=server)
        self._midi = self.client.midi_outports.register("keys")
        self._audio = self.client.inports.register("ears")
        self._waiting: list[bytes] = []
        self.peak = 0.0
        self.heard: list[Array] = []
        self.client.set_process_callback(self._process)
        self.client.activate()

    def _process(self, _: int) -> None:
        self._midi.clear_buffer()
        if self._waiting:
            self._midi.write_midi_event(0, self._waiting.pop(0))
        self.heard.append(self._audio.get_array().copy())
        self.peak = max(self.peak, float(np.abs(self.heard[-1]).max()))

    def connect(self) -> None:
        """Connect to the instrument, whatever its ports are called."""
        ours = ("studio:", "system:")
        others = [port for port in self.client.get_ports() if not port.name.startswith(ours)]
        keys = next(port for port in others if port.is_midi and port.is_input)
        speaker = next(port for port in others if port.is_audio and port.is_output)
        self.client.connect(self._midi, keys)
        self.client.connect(speaker, self._audio)
        time.sleep(0.3)

    def sound(self) -> Array:
        """Everything that was heard from the first sound on."""
        samples = np.concatenate(self.heard)
        return samples[np.flatnonzero(samples)[0] :]

    def is_alone(self) -> bool:
        """Whether no other program has ports here."""
        names = [port.name for port in self.client.get_ports()]
        return all(name.startswith(("studio:", "system:")) for name in names)

    def play(self, *messages: bytes, pause_s: float = 0.3) -> None:
        """Send messages, one in each period."""
        self._waiting += messages
        assert wait_for(lambda: not self._waiting, 5.0)
        time.sleep(pause_s)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    if not shutil.which("jackd"):
        pytest.skip("jackd is not installed")
    name = f"play-{os.getpid()}"
    patient = ["-S", "-t", "5000"]  # the server waits for late programs, on a busy machine too
    command = ["jackd", "-n", name, "-r", *patient, "-d", "dummy", "-r", "48000", "-p", "512"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    yield name
    process.terminate()
    process.wait(5.0)


@pytest.fixture
def studio(server: str) -> Iterator[Studio]:
    made: list[Studio] = []

    def connected() -> bool:
        try:
            made.append(Studio(server))
        except jack.JackOpenError:
            return False
        return True

    assert wait_for(connected, 5.0)
    yield made[0]
    made[0].client.close()


class Instrument:
    """The program, playing."""

    def __init__(self, server: str, folder: Path, *options: str) -> None:
        homes = {"XDG_DATA_HOME": str(folder / "data"), "XDG_STATE_HOME": str(folder / "state")}
        jack_server = {"JACK_DEFAULT_SERVER": server, "JACK_NO_START_SERVER": "1"}
        self.takes = folder / "data/embouchure/takes"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "embouchure", "play", "--host-api", "JACK", *options],
            cwd=ROOT,
            env={**os.environ, **homes, **jack_server},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        self.said = []
        for line in self.process.stdout:
            self.said.append(line)
            if "Ctrl-C" in line:
                break

    def end(self, number: int) -> float:
        """Send a signal, and return the seconds until the process has ended."""
        started_s = time.monotonic()
        self.process.send_signal(number)
        self.process.communicate(timeout=10)
        return time.monotonic() - started_s


@pytest.fixture
def start(server: str, studio: Studio, tmp_path: Path) -> Iterator[Callable[..., Instrument]]:
    started: list[Instrument] = []

    def start_instrument(*options: str) -> Instrument:
        started.append(Instrument(server, tmp_path, *options))
        studio.connect()
        return started[-1]

    yield start_instrument
    for instrument in started:
        if instrument.process.poll() is None:
            instrument.end(signal.SIGKILL)
    assert wait_for(studio.is_alone, 5.0)


Start = Callable[..., Instrument]


def test_a_played_note_sounds(start: Start, studio: Studio) -> None:
    start("--no-demo")
    assert studio.peak == 0.0
    studio.play(STRIKE)
    assert studio.peak > 0.01


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_within_a_second_and_the_take_is_kept(
    start: Start, studio: Studio, number: signal.Signals
) -> None:
    instrument = start("--no-demo")
    studio.play(STRIKE, LIFT, STRIKE)
    assert instrument.end(number) < END_S
    assert instrument.process.returncode == 0
    (take,) = instrument.takes.glob("*.mid")
    played = [one.data for one in read(take) if one.data[0] & 0xE0 == 0x80]
    assert played == [STRIKE, LIFT, STRIKE]
    assert json.loads(take.with_suffix(".json").read_text())["preset"] == "breath"


def test_the_journal_of_a_take_renders_what_was_heard(
    start: Start, studio: Studio, tmp_path: Path
) -> None:
    instrument = start("--no-demo", "--preset", "pluck")
    for turn in range(30):
        channel, note = turn % 15, 40 + turn
        studio.play(
            bytes((0x90 | channel, note, 20 + 3 * turn)),
            *(bytes((0xD0 | channel, press)) for press in range(0, 120, 9)),
            *(bytes((0xE0 | channel, 0, bend)) for bend in range(64, 70)),
            bytes((0x80 | channel, note, 64)),
            pause_s=0.05,
        )
    instrument.end(signal.SIGINT)
    heard = studio.sound()
    (journal,) = instrument.takes.glob("*.journal")
    command = [sys.executable, "-m", "embouchure", "render", journal, tmp_path / "again.wav"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    rendered, _ = soundfile.read(tmp_path / "again.wav", dtype="float32")
    first = np.flatnonzero(rendered[:, 0])[0]
    left = rendered[first:, 0]
    assert len(left) > 48_000
    assert np.array_equal(heard[: len(left)], left[: len(heard)])


def test_a_signal_ends_it_even_if_it_was_held_up_when_it_came(start: Start) -> None:
    instrument = start("--no-demo")
    instrument.process.send_signal(signal.SIGSTOP)
    instrument.process.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    assert instrument.end(signal.SIGCONT) < END_S


def test_a_session_in_which_nothing_was_played_leaves_nothing(start: Start) -> None:
    instrument = start("--no-demo")
    instrument.end(signal.SIGINT)
    assert list(instrument.takes.iterdir()) == []


def test_a_killed_program_falls_silent_and_its_take_is_recovered(
    start: Start, studio: Studio
) -> None:
    instrument = start("--no-demo")
    studio.play(STRIKE)
    instrument.end(signal.SIGKILL)
    assert wait_for(studio.is_alone, 2.0)
    (take,) = recover_takes(instrument.takes)
    assert STRIKE in [one.data for one in read(take)]


def test_without_a_controller_a_performance_plays_by_itself(start: Start, studio: Studio) -> None:
    instrument = start()
    assert wait_for(lambda: studio.peak > 0.01, 5.0)
    instrument.end(signal.SIGINT)
    assert list(instrument.takes.iterdir()) == []


def test_an_unknown_midi_input_ends_in_one_sentence(server: str, tmp_path: Path) -> None:
    environment = {"JACK_DEFAULT_SERVER": server, "JACK_NO_START_SERVER": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "embouchure", "play", "--midi", "theremin"],
        cwd=ROOT,
        env={**os.environ, **environment, "XDG_DATA_HOME": str(tmp_path)},
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("embouchure: no MIDI input is named like 'theremin'")
    assert done.stderr.count("\n") == 1
