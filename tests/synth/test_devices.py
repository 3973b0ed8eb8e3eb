"""Sound outputs: how they are listed and chosen, and that one sounds as the engine renders."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import sounddevice

from synth.devices import playable_rate_hz
from synth.outputs import DeviceError, Output, Place, fall_backs, find_outputs, list_outputs

ROOT = Path(__file__).parents[2]
PATIENCE_S = 20.0
PERIOD_FRAMES = 512
APIS = ["MME", "JACK Audio Connection Kit", "ALSA"]
DEVICES = [
    ("Speakers", "MME", 2),
    ("hw:0", "ALSA", 2),
    ("default", "ALSA", 32),
    ("mono", "ALSA", 1),
    ("microphone", "ALSA", 0),
    ("system", "JACK Audio Connection Kit", 8),
    ("recorder", "JACK Audio Connection Kit", 2),
]


OWN_RATE_HZ = 48_000.0
DEFAULTS = ("system", "default")


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with the devices of the table."""
    devices = [
        {
            "index": i,
            "name": name,
            "hostapi": APIS.index(api),
            "max_output_channels": n_channels,
            "default_samplerate": OWN_RATE_HZ,
        }
        for i, (name, api, n_channels) in enumerate(DEVICES)
    ]
    defaults = {APIS.index(api): i for i, (name, api, _) in enumerate(DEVICES) if name in DEFAULTS}
    apis = [
        {"name": name, "default_output_device": defaults.get(i, -1)} for i, name in enumerate(APIS)
    ]
    monkeypatch.setattr(sounddevice, "query_devices", lambda: devices)
    monkeypatch.setattr(sounddevice, "query_hostapis", lambda: apis)


def names(outputs: list[Output]) -> list[str]:
    return [output.name for output in outputs]


@pytest.mark.usefixtures("machine")
def test_outputs_are_listed_quickest_host_api_first_and_its_default_first():
    assert names(list_outputs()) == ["system", "recorder", "default", "hw:0", "Speakers"]


@pytest.mark.usefixtures("machine")
def test_outputs_without_two_channels_are_left_out():
    assert {"mono", "microphone"}.isdisjoint(names(list_outputs()))


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize(
    ("name", "host_api", "found"),
    [
        (None, None, ["system", "default", "hw:0", "Speakers"]),
        ("HW", None, ["hw:0"]),
        ("rec", None, ["recorder"]),
        (None, "alsa", ["default", "hw:0"]),
        ("e", "mme", ["Speakers"]),
    ],
)
def test_an_output_is_found_by_parts_of_its_name_and_host_api(
    name: str | None, host_api: str | None, found: list[str]
):
    assert names(find_outputs(name, host_api)) == found


@pytest.mark.usefixtures("machine")
def test_an_output_that_refuses_the_rate_is_played_at_its_own(monkeypatch: pytest.MonkeyPatch):
    def check(*, samplerate: float, **_: object) -> None:
        if samplerate != 44_100.0:
            raise sounddevice.PortAudioError("Invalid sample rate")

    monkeypatch.setattr(sounddevice, "check_output_settings", check)
    output = find_outputs(None, None)[0]
    assert playable_rate_hz(output, 44_100.0) == 44_100.0
    assert playable_rate_hz(output, 96_000.0) == OWN_RATE_HZ


HOME = Place("hw:0", "ALSA")


@pytest.mark.usefixtures("machine")
def test_the_fall_backs_are_the_lost_device_then_those_that_fit_then_the_others():
    assert names(fall_backs(None, "MME", HOME)) == ["hw:0", "Speakers", "system", "default"]


@pytest.mark.usefixtures("machine")
def test_a_device_that_lately_asked_for_no_sound_is_the_last_to_fall_back_on():
    assert names(fall_backs(None, None, HOME, {HOME})) == ["system", "default", "Speakers", "hw:0"]


@pytest.mark.usefixtures("machine")
def test_a_lost_device_is_found_again_even_if_nobody_would_choose_it():
    assert names(fall_backs(None, None, Place("recorder", APIS[1])))[0] == "recorder"


def test_without_any_device_there_is_no_fall_back(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sounddevice, "query_devices", list)
    with pytest.raises(DeviceError, match="there is no sound output now"):
        fall_backs(None, None, HOME)


@pytest.mark.usefixtures("machine")
def test_an_output_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(DeviceError) as refused:
        find_outputs("Kazoo", "JACK")
    assert str(refused.value) == (
        "there is no sound output 'Kazoo' on 'JACK'; choose one of: system (JACK Audio Connection"
        " Kit), recorder (JACK Audio Connection Kit), default (ALSA), hw:0 (ALSA), Speakers (MME)"
    )


def test_a_machine_without_outputs_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sounddevice, "query_devices", list)
    with pytest.raises(DeviceError, match="no sound output .*; connect one or start a JACK server"):
        find_outputs(None, None)


def test_without_portaudio_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object, **__: object) -> None:
        raise OSError("PortAudio library not found")

    monkeypatch.delitem(sys.modules, "sounddevice")
    monkeypatch.setattr("ctypes.util.find_library", lambda _: None)
    monkeypatch.setattr("importlib.machinery.SourceFileLoader.exec_module", broken)
    with pytest.raises(DeviceError, match="apt-get install libportaudio2"):
        list_outputs()


def test_a_portaudio_that_does_not_start_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch):
    class PortAudioError(Exception):
        pass

    def broken(*_: object, **__: object) -> None:
        raise PortAudioError("Error initializing PortAudio: Unanticipated host error")

    monkeypatch.delitem(sys.modules, "sounddevice")
    monkeypatch.setattr("importlib.machinery.SourceFileLoader.exec_module", broken)
    with pytest.raises(DeviceError, match=r"PortAudio does not start \(Unanticipated host error\)"):
        list_outputs()


@pytest.fixture(scope="module")
def server() -> Iterator[None]:
    """A JACK server of its own on the dummy backend, which waits for its clients."""
    if not shutil.which("jackd"):
        pytest.skip("jackd is not installed")
    name = f"devices-{os.getpid()}"
    backend = ["-d", "dummy", "-r", "48000", "-p", str(PERIOD_FRAMES)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JACK_DEFAULT_SERVER", name)
        patch.setenv("JACK_NO_START_SERVER", "1")
        command = ["jackd", "-n", name, "-r", "-S", *backend]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        yield
        process.terminate()
        process.wait(PATIENCE_S)


class Listener:
    """A client of the server that keeps every sample it is sent."""

    def __init__(self) -> None:
        import jack

        deadline_s = time.monotonic() + PATIENCE_S
        while True:
            try:
                self.client = jack.Client("listener", no_start_server=True)
                break
            except jack.JackOpenError:
                assert time.monotonic() < deadline_s
                time.sleep(0.05)
        self.ears = [self.client.inports.register(side) for side in ("left", "right")]
        self._heard: list[np.ndarray] = []
        self.client.set_process_callback(self._listen)
        self.client.activate()

    def _listen(self, _: int) -> None:
        self._heard.append(np.stack([ear.get_array() for ear in self.ears], axis=1))

    def connect(self) -> None:
        """Listen to the one program that sounds."""
        ports = self.client.get_ports(is_audio=True, is_output=True)
        sounding = [port for port in ports if not port.name.startswith("system")]
        for port, ear in zip(sounding, self.ears, strict=True):
            self.client.connect(port, ear)

    def heard(self) -> np.ndarray:
        """Everything so far from the first sound on, shape (n_frames, 2)."""
        samples = np.concatenate(self._heard)
        return samples[np.flatnonzero(samples.any(axis=1))[0] :]

    def close(self) -> None:
        """Leave the server."""
        self.client.deactivate()
        self.client.close()


@pytest.fixture
def listener(server: None) -> Iterator[Listener]:
    """A listener on the server."""
    client = Listener()
    yield client
    client.close()


def program(code: str, *arguments: str | Path) -> str:
    """What a program says that starts with compiled kernels from the cache."""
    start = "from embouchure.kernel_cache import use_kernel_cache; use_kernel_cache()\n"
    ran = subprocess.run(
        [sys.executable, "-c", start + code, *arguments],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    return ran.stdout or ran.stderr


def replay(log: Path) -> np.ndarray:
    """The samples that another program renders from the log."""
    code = """
import sys
import numpy as np
from tests.synth.phrase import orchestra, replayed
events = np.load(sys.argv[1])
n_frames = int(events["frame"].max()) + 48_000
np.save(sys.argv[1], replayed(orchestra(), events, n_frames))
"""
    assert not program(code, log)
    return np.load(log)


@pytest.mark.jack
def test_what_sounds_live_is_what_a_replay_of_its_log_renders(listener: Listener, tmp_path: Path):
    log = tmp_path / "log.npy"
    soloist = subprocess.Popen(
        [sys.executable, "-m", "tests.synth.jack_soloist", log],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    assert soloist.stdout.readline() == "ready\n"
    listener.connect()
    print("play", file=soloist.stdin, flush=True)
    assert soloist.stdout.readline() == "done\n"
    heard = listener.heard()[:36_000]
    soloist.communicate("end\n", timeout=PATIENCE_S)
    rendered = replay(log)
    first = np.flatnonzero(rendered.any(axis=1))[0]
    assert np.array_equal(heard, rendered[first : first + len(heard)])


@pytest.mark.jack
@pytest.mark.usefixtures("listener")
def test_jack_is_the_first_output_listed():
    code = "from synth.outputs import list_outputs; print(list_outputs()[0].host_api)"
    assert program(code) == "JACK Audio Connection Kit\n"


@pytest.mark.jack
@pytest.mark.usefixtures("listener")
def test_an_output_that_does_not_open_at_an_engines_rate_is_refused_in_one_sentence():
    code = """
from synth.devices import open_output
from synth.outputs import DeviceError, find_outputs
from tests.synth.toy import make_engine
try:
    open_output(find_outputs(None, "JACK"), lambda _: make_engine(rate_hz=44_100.0), 44_100.0)
except DeviceError as error:
    print(error)
"""
    assert program(code).startswith(
        "no sound output opens (system (JACK Audio Connection Kit): Invalid sample rate"
    )
