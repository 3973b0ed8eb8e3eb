"""OSC against an independent implementation: liblo's oscsend and oscdump."""

import itertools
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing

import numpy as np
import pytest
from pythonosc.osc_message_builder import build_msg
from pythonosc.udp_client import SimpleUDPClient

from embouchure.osc.address import LOOPBACK, Address, OscSettings
from embouchure.osc.link import OscLink
from embouchure.own_inputs import OSC
from embouchure.service.stage import Stage
from mapper.listener import Listener
from synth.engine.telemetry import Snapshot
from tests.embouchure.studio import wait_for
from tests.synth.toy import make_engine, strike

pytestmark = pytest.mark.skipif(not shutil.which("oscsend"), reason="liblo-tools is not installed")
PATIENCE_S = 20.0


class Engine:
    """In place of the engine process: hears what is played, and shows a toy engine's telemetry."""

    def __init__(self) -> None:
        self.engine = make_engine()
        self.listener = Listener()
        self.told: list[tuple[str, dict[str, object]]] = []

    def tell(self, command: str, **fields: object) -> None:
        if command == "hear":
            self.listener.hear(bytes.fromhex(str(fields["data"])), 0.0)
            assert fields["input"] == OSC
        else:
            self.told.append((command, fields))

    def look(self) -> Snapshot | None:
        return self.engine.snapshot()


def free_port() -> int:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


class Case:
    """A session with OSC both ways; what goes out is written down by oscdump."""

    def __init__(self) -> None:
        self.engine = Engine()
        self.stage = Stage()
        self.stage.open(self.engine, "")
        self.stage.set(preset="breath")
        self.in_port, self.out_port = free_port(), free_port()
        self.dump = subprocess.Popen(
            ["oscdump", "-L", str(self.out_port)], stdout=subprocess.PIPE, text=True
        )
        self._lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        time.sleep(0.2)
        settings = OscSettings(
            listens_at=Address(port=self.in_port),
            sends_to=Address(port=self.out_port),
            rate_hz=50.0,
        )
        self.link = OscLink(settings, self.stage)

    def send(self, address: str, kinds: str = "", *values: object) -> None:
        words = ["oscsend", LOOPBACK, str(self.in_port), f"/embouchure/{address}"]
        subprocess.run([*words, kinds, *map(str, values)], check=True)

    def _read(self) -> None:
        assert self.dump.stdout
        self._lines += iter(self.dump.stdout.readline, "")

    def errors(self, n: int) -> list[str]:
        """Wait until so many errors went out, and return them."""
        wait_for(lambda: len(self._errors()) >= n, PATIENCE_S)
        return self._errors()

    def _errors(self) -> list[str]:
        return re.findall(r'/embouchure/error s "(.*)"', "".join(self._lines))

    def heard(self) -> str:
        """End the session and return what oscdump wrote down."""
        self.link.close()
        time.sleep(0.2)
        self.dump.terminate()
        self.dump.wait()
        self._reader.join()
        assert self.dump.stdout
        self.dump.stdout.close()
        return "".join(self._lines)

    def close(self) -> None:
        if self.dump.poll() is None:
            self.heard()


@pytest.fixture
def case() -> Iterator[Case]:
    made = Case()
    yield made
    made.close()


def test_a_note_comes_in_bends_and_ends(case: Case) -> None:
    case.send("note/on", "iff", 7, 60.0, 0.5)
    assert wait_for(case.engine.listener.touches, PATIENCE_S)
    case.send("note/glide", "if", 7, 1.5)
    case.send("note/press", "if", 7, 0.75)
    assert wait_for(lambda: case.engine.listener.touches()[0].press > 0.7, PATIENCE_S)
    (touch,) = case.engine.listener.touches()
    assert touch.glide_semitones == pytest.approx(1.5, abs=0.005)
    assert touch.strike == pytest.approx(0.5, abs=0.005)
    case.send("note/off", "i", 7)
    assert wait_for(lambda: not case.engine.listener.touches(), PATIENCE_S)


def test_commands_reach_the_session(case: Case) -> None:
    case.send("preset/next")
    case.send("preset/load", "s", "bow")
    case.send("macro", "if", 2, 0.25)
    case.send("panic")
    assert wait_for(lambda: len(case.engine.told) >= 4, PATIENCE_S)
    assert [word for word, _ in case.engine.told] == ["step", "select", "macro", "silence"]
    assert case.engine.told[1][1]["preset"] == "bow"
    assert case.engine.told[2][1] == {"number": 1, "value": 0.25}


def test_what_was_wrong_is_answered_in_a_sentence(case: Case) -> None:
    case.send("macro", "if", 9, 0.25)
    case.send("note/on", "i", 7)
    case.send("nonsense")
    case.send("preset/load", "s", "no such preset")
    errors = case.errors(4)
    assert len(errors) == 4
    assert "turn one of 1 to 4" in errors[0]
    assert "takes id, note, strike" in errors[1]
    assert "not understood" in errors[2]


def test_presets_are_morphed_and_a_guide_is_asked_for(case: Case) -> None:
    case.send("morph", "ssf", "breath", "bow", 0.5)
    assert wait_for(lambda: case.engine.told, PATIENCE_S)
    assert case.engine.told[0][0] == "sound"
    assert case.stage.live["morph"] == {"first": "breath", "second": "bow", "share": 0.5}
    case.send("calibrate/choose", "s", "yes")
    case.send("calibrate/hand", "s", "me")
    case.send("nonsense")
    errors = case.errors(3)
    for said in ("not understood", "no guide is at work", "nobody can be led while nothing can"):
        assert sum(said in error for error in errors) == 1


def test_the_sender_is_answered_too(case: Case) -> None:
    with SimpleUDPClient(LOOPBACK, case.in_port) as client:
        client.send_message("/embouchure/macro", [7, 0.5])
        answer = next(iter(client.get_messages(timeout=PATIENCE_S)))
    assert answer.address == "/embouchure/error"
    assert "there is no macro 7" in answer.params[0]


def test_touches_go_out_frame_by_frame_and_are_told_when_they_are_over(case: Case) -> None:
    case.engine.engine.push(strike(5)._replace(zone=17, press=0.5))
    case.engine.engine.render(640)
    time.sleep(0.5)
    case.stage.set(macros=[0.0, 0.5, 0.0, 0.0])
    time.sleep(0.2)
    voice = case.engine.engine.snapshot().voices[0]
    heard = case.heard()
    counters = [int(one) for one in re.findall(r"/embouchure/frm i (\d+)", heard)]
    assert counters == list(range(counters[0], counters[0] + len(counters)))
    tags = [float(int(a, 16) + int(b, 16) / 2**32) for a, b in time_tags(heard)]
    assert 5.0 < (len(tags) - 1) / (tags[-1] - tags[0]) < 65.0
    touches = re.findall(r"/embouchure/touch iiifffff (\d+) (\d) (\d+) (.*)", heard)
    assert touches[0][:3] == ("5", "1", "17")
    gesture = [float(x) for x in touches[0][3].split()]
    dimensions = ("note", "strike", "press", "slide", "glide_semitones")
    assert gesture == pytest.approx([float(voice[one]) for one in dimensions], abs=1e-5)
    assert touches[-1] == ("5", "0", "0", "0.000000 0.000000 0.000000 0.000000 0.000000")
    trajectory = re.search(r"/embouchure/trajectory if{18} 5 (.*)", heard)
    assert trajectory
    numbers = [float(x) for x in trajectory[1].split()]
    np.testing.assert_allclose(
        numbers, [*voice["code"], voice["loudness_db"], voice["f0_hz"]], atol=1e-4
    )
    assert '/embouchure/preset s "breath"' in heard
    assert "/embouchure/macro if 2 0.500000" in heard


def test_frames_carry_the_time(case: Case) -> None:
    time.sleep(0.3)
    seconds = {int(tag, 16) - 2_208_988_800 for tag, _ in time_tags(case.heard())}
    assert seconds
    assert all(abs(one - time.time()) < 10 for one in seconds)


def time_tags(heard: str) -> list[tuple[str, str]]:
    return re.findall(r"^([0-9a-f]{8})\.([0-9a-f]{8}) /embouchure/frm", heard, re.MULTILINE)


def test_a_sender_that_counts_its_frames_and_falls_silent_holds_nothing(case: Case) -> None:
    frames = itertools.count(1)
    with SimpleUDPClient(LOOPBACK, case.in_port) as client:

        def is_held() -> bool:
            client.send_message("/embouchure/frm", [next(frames)])
            client.send_message("/embouchure/touch", [3, 60.0, 0.0, 0.5, 0.5, 0.7])
            return bool(case.engine.listener.touches())

        assert wait_for(is_held, PATIENCE_S)
    assert wait_for(lambda: not case.engine.listener.touches(), PATIENCE_S)


def test_no_packet_stops_it(case: Case) -> None:
    rng = np.random.default_rng(0)
    good = build_msg("/embouchure/note/on", [7, 60.0, 0.5]).dgram
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as raw:
        for number in range(2000):
            time.sleep(0.01 if number % 50 == 0 else 0.0)  # no more than the socket holds
            spoilt = bytearray(good if rng.random() < 0.7 else rng.bytes(rng.integers(1, 200)))
            for _ in range(rng.integers(0, 4)):
                spoilt[rng.integers(len(spoilt))] = rng.integers(256)
            raw.sendto(bytes(spoilt), (LOOPBACK, case.in_port))
    time.sleep(0.5)
    case.send("notes/off")
    case.send("note/on", "iff", 9, 72.0, 0.5)
    assert wait_for(lambda: 72.0 in [t.note for t in case.engine.listener.touches()], PATIENCE_S)
    assert len(case.engine.listener.touches()) == 1
