"""Sound devices: that one sounds as the engine renders."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
PATIENCE_S = 20.0
PERIOD_FRAMES = 512


@pytest.fixture(scope="module")
def server() -> Iterator[None]:
    """A JACK server of its own on the dummy backend, which waits for its clients."""
    if not shutil.which("jackd"):
        pytest.skip("jackd is not installed")
    name = "embouchure-devices"
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
