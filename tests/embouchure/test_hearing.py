"""That a sound file is heard through a sound device, whatever its rate."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

pytestmark = pytest.mark.jack
ROOT = Path(__file__).parents[2]
PATIENCE_S = 20.0
FILE_HZ = 24_000
SERVER_HZ = 48_000
TONE_HZ = 1000.0
LONG_S = 1.2


@pytest.fixture
def client() -> Iterator[Any]:
    """A listener on a JACK server of its own, with the dummy backend."""
    if not shutil.which("jackd"):
        pytest.skip("jackd is not installed")
    import jack

    name = "embouchure-hearing"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JACK_DEFAULT_SERVER", name)
        patch.setenv("JACK_NO_START_SERVER", "1")
        backend = ["-d", "dummy", "-r", str(SERVER_HZ), "-p", "512"]
        server = subprocess.Popen(
            ["jackd", "-n", name, "-r", "-S", *backend],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline_s = time.monotonic() + PATIENCE_S
        while True:
            try:
                found = jack.Client("ear", no_start_server=True)
                break
            except jack.JackOpenError:
                assert time.monotonic() < deadline_s
                time.sleep(0.05)
        yield found
        found.deactivate()
        found.close()
        server.terminate()
        server.wait(PATIENCE_S)


def hearing(path: Path) -> subprocess.Popen[str]:
    """A program that plays the file."""
    code = "import sys; from pathlib import Path; from embouchure.hearing import hear; "
    return subprocess.Popen(
        [sys.executable, "-c", code + "hear(Path(sys.argv[1]))", path],
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def sounding_ports(client: Any) -> list[Any]:  # noqa: ANN401
    """Outputs of programs that play, the server's own aside."""
    ports = client.get_ports(is_audio=True, is_output=True)
    return [port for port in ports if not port.name.startswith("system")]


def test_a_file_is_heard_at_its_pitch_and_to_its_end(client: Any, tmp_path: Path):  # noqa: ANN401
    heard: list[np.ndarray] = []
    ear = client.inports.register("ear")
    client.set_process_callback(lambda _: heard.append(ear.get_array().copy()))
    client.activate()
    tone = 0.5 * np.sin(2 * np.pi * TONE_HZ * np.arange(LONG_S * FILE_HZ) / FILE_HZ)
    soundfile.write(tmp_path / "tone.flac", tone, FILE_HZ)
    program = hearing(tmp_path / "tone.flac")
    deadline_s = time.monotonic() + PATIENCE_S
    while not (ports := sounding_ports(client)):
        assert time.monotonic() < deadline_s
        assert program.poll() is None, program.stderr.read() if program.stderr else ""
    client.connect(ports[0], ear)
    assert program.communicate(timeout=PATIENCE_S)[1] == ""
    assert program.returncode == 0
    sound = np.concatenate(heard)
    sounding = np.flatnonzero(np.abs(sound) > 0.01)
    assert (sounding[-1] - sounding[0]) / SERVER_HZ == pytest.approx(LONG_S, abs=0.25)
    steady = sound[sounding[0] :][: SERVER_HZ // 2]
    peak_hz = np.abs(np.fft.rfft(steady * np.hanning(len(steady)))).argmax() * 2.0
    assert peak_hz == pytest.approx(TONE_HZ, abs=4.0)
