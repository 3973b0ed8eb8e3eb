"""MIDI ports for real: another program plays to them through a JACK server."""

import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mapper.inputs import Change, Inputs
from mapper.ports import OWN_NAME, PortError, input_names
from mapper.rtmidi_ports import RtMidiSystem

pytestmark = pytest.mark.jack

PATIENCE_S = 5.0
NOTE_ON = b"\x90\x3c\x40"


class Keyboard:
    """Another program, with two MIDI outputs `left` and `right`."""

    def __init__(self) -> None:
        script = Path(__file__).with_name("jack_keyboard.py")
        self._process = subprocess.Popen(
            [sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._answer() == "ready"

    def send(self, output: str, *messages: bytes) -> None:
        """Send messages, one in each period."""
        for message in messages:
            self._tell(f"send {output} {message.hex()}")

    def connect(self, output: str, port: str) -> None:
        """Connect one of its outputs to an input."""
        self._tell(f"connect {output} {port}")

    def leave(self, output: str) -> None:
        """Take an output away."""
        self._tell(f"leave {output}")

    def enter(self, output: str) -> None:
        """Offer an output again."""
        self._tell(f"enter {output}")

    def midi_ports(self) -> list[str]:
        """Names of all MIDI ports of the server."""
        return self._tell("ports").split()

    def close(self) -> None:
        """Leave the server."""
        self._process.communicate(timeout=PATIENCE_S)

    def _tell(self, line: str) -> str:
        print(line, file=self._process.stdin, flush=True)
        return self._answer()

    def _answer(self) -> str:
        return self._process.stdout.readline().strip()


@pytest.fixture(scope="module")
def server() -> Iterator[None]:
    """A JACK server of its own on the dummy backend."""
    if not shutil.which("jackd"):
        pytest.skip("jackd is not installed")
    name = "embouchure-ports"
    patient = ["-S", "-t", "5000"]  # the server waits for late programs, on a busy machine too
    command = ["jackd", "-n", name, "-r", *patient, "-d", "dummy", "-r", "48000", "-p", "512"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JACK_DEFAULT_SERVER", name)
        patch.setenv("JACK_NO_START_SERVER", "1")
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        yield
        process.terminate()
        process.wait(PATIENCE_S)


@pytest.fixture
def keyboard(server: None) -> Iterator[Keyboard]:
    """Another program on the server."""
    player = Keyboard()
    yield player
    player.close()


class Listener:
    """Hears messages and lets a test wait for a number of them."""

    def __init__(self) -> None:
        self.heard: list[tuple[float, int, bytes]] = []
        self._arrived = threading.Condition()

    def hear(self, time_s: float, port: int, data: bytes) -> None:
        """Keep one message."""
        with self._arrived:
            self.heard.append((time_s, port, data))
            self._arrived.notify_all()

    def wait_for(self, count: int) -> list[tuple[int, bytes]]:
        """Return port and bytes of the messages once there are `count`."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.heard) >= count, PATIENCE_S)
        return [(port, data) for _, port, data in self.heard]


@pytest.fixture
def listener() -> Listener:
    """A listener that has heard nothing."""
    return Listener()


@pytest.fixture
def inputs(keyboard: Keyboard, listener: Listener) -> Iterator[Inputs]:
    """The virtual input, and the keyboard's right output."""
    opened = Inputs(listener.hear, ["RIGHT"], name=lambda *_: None, spare=refuse)
    keyboard.connect("left", f"{OWN_NAME}:{OWN_NAME}")
    yield opened
    opened.close()


def refuse(error: PortError) -> None:
    """Let no input be spared."""
    raise error


def test_other_programs_outputs_are_listed(keyboard: Keyboard):
    assert input_names() == ["keyboard:left", "keyboard:right"]


def test_its_own_ports_are_not_listed(inputs: Inputs):
    assert input_names() == ["keyboard:left", "keyboard:right"]


def test_under_jack_other_programs_are_no_controllers(keyboard: Keyboard):
    with closing(RtMidiSystem()) as system:
        assert system.controller_names() == []


def test_several_ports_are_heard_at_once(inputs: Inputs, keyboard: Keyboard, listener: Listener):
    keyboard.send("left", NOTE_ON)
    keyboard.send("right", b"\xd1\x40")
    assert sorted(listener.wait_for(2)) == [(0, NOTE_ON), (1, b"\xd1\x40")]


def test_sysex_and_clock_are_kept_out(inputs: Inputs, keyboard: Keyboard, listener: Listener):
    keyboard.send("left", b"\xf0\x01\x02\xf7", b"\xf8", b"\xfe", NOTE_ON)
    assert listener.wait_for(1) == [(0, NOTE_ON)]


def test_messages_are_stamped_as_they_arrive(
    inputs: Inputs, keyboard: Keyboard, listener: Listener
):
    before_s = time.perf_counter()
    keyboard.send("left", NOTE_ON)
    listener.wait_for(1)
    assert before_s < listener.heard[0][0] <= time.perf_counter()


def test_a_closed_port_is_gone_and_may_be_closed_again(inputs: Inputs, keyboard: Keyboard):
    inputs.close()
    inputs.close()
    assert keyboard.midi_ports() == ["keyboard:left", "keyboard:right"]


def test_an_input_that_vanishes_is_heard_under_its_number_when_it_returns(
    inputs: Inputs, keyboard: Keyboard, listener: Listener
):
    keyboard.leave("right")
    assert look(inputs) == [Change(1, "keyboard:right", is_plugged=False)]
    keyboard.enter("right")
    assert look(inputs) == [Change(1, "keyboard:right", is_plugged=True)]
    keyboard.send("right", NOTE_ON)
    assert listener.wait_for(1) == [(1, NOTE_ON)]


def look(inputs: Inputs) -> list[Change]:
    """Look until something has changed."""
    deadline_s = time.monotonic() + PATIENCE_S
    while not (changes := inputs.look()):
        assert time.monotonic() < deadline_s
        time.sleep(0.02)
    return changes


def test_looking_makes_no_client(inputs: Inputs, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("mapper.rtmidi_ports.rtmidi.MidiIn", None)
    assert inputs.look() == []


def test_an_input_that_is_gone_cannot_be_opened(keyboard: Keyboard):
    refused = pytest.raises(PortError, match="the MIDI input 'keyboard:middle' cannot be opened")
    with closing(RtMidiSystem()) as system, refused:
        system.open("keyboard:middle")


def test_without_a_server_one_sentence_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "nobody")
    monkeypatch.setattr("mapper.rtmidi_ports._SEQUENCER", Path("/nonexistent"))
    with pytest.raises(
        PortError, match="load ALSA's sequencer \\(snd-seq\\) or start a JACK server"
    ):
        input_names()
    assert capfd.readouterr().err == ""
