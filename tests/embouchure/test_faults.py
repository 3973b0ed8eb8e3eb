"""Faults on stage, for real over JACK: sound returns, nothing sticks and nothing played is lost."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.embouchure.studio import (
    LIFT,
    SILENT_PEAK,
    STRIKE,
    Instrument,
    Server,
    Studio,
    ended,
    wait_for,
)

pytestmark = pytest.mark.jack

HEARD = 0.01
RETURN_S = 12.0
CHORD = [bytes([0x91 + finger, 0x3C + 4 * finger, 0x60]) for finger in range(3)]
LIFTS = [bytes([0x81 + finger, 0x3C + 4 * finger, 0x40]) for finger in range(3)]
FAKES = Path(__file__).with_name("fake_sound")
STAGE = "Stage Box"


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server("embouchure-fault")
    yield made
    made.stop()


@pytest.fixture
def studio(server: Server) -> Iterator[Studio]:
    made = Studio.open(server.name)
    yield made
    made.close()


class Devices:
    """The fake sound devices of a machine."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.become({})

    def become(self, devices: dict[str, str]) -> None:
        """Say what each device does from now on."""
        whole = self._path.with_suffix(".new")
        whole.write_text(json.dumps(devices))
        whole.replace(self._path)

    def environment(self) -> dict[str, str]:
        """Let a program have these devices."""
        return {"PYTHONPATH": str(FAKES), "FAKE_SOUND": str(self._path)}


@pytest.fixture
def devices(tmp_path: Path) -> Devices:
    return Devices(tmp_path / "devices.json")


Start = Callable[..., Instrument]


@pytest.fixture
def start(server: Server, studio: Studio, tmp_path: Path) -> Iterator[Start]:
    with ExitStack() as stack:

        def start_instrument(*options: str, **environment: str) -> Instrument:
            instrument = Instrument(server.name, tmp_path, "--no-demo", *options, **environment)
            return stack.enter_context(ended(instrument))

        yield start_instrument


def assert_it_plays(studio: Studio) -> None:
    """A note sounds, and stops when it is lifted."""
    studio.peak = 0.0
    studio.play(STRIKE)
    assert wait_for(lambda: studio.peak > HEARD, 5.0)
    studio.play(LIFT)
    assert studio.falls_silent()


def test_a_controller_unplugged_in_mid_chord_ends_its_notes_and_plays_when_it_returns(
    start: Start, studio: Studio
):
    instrument = start("--midi", "keys")
    studio.hear()
    studio.play(*CHORD)
    assert studio.peak > HEARD
    studio.unplug()
    assert instrument.says(
        "studio:keys was unplugged; its notes are ended, "
        "and it can be played again as soon as it returns."
    )
    assert studio.falls_silent()
    studio.plug_in()
    assert instrument.says("Listening to studio:keys.")
    assert_it_plays(studio)
    assert instrument.played() == [*CHORD, *LIFTS, STRIKE, LIFT]


def test_a_program_that_vanishes_in_mid_chord_leaves_no_note_sounding(start: Start, studio: Studio):
    instrument = start()
    studio.connect()
    studio.play(*CHORD)
    assert studio.peak > HEARD
    studio.unplug()
    assert instrument.says("studio:keys is gone; the notes held through Embouchure are ended.")
    assert studio.falls_silent()
    assert instrument.played() == [*CHORD, *LIFTS]


def test_a_killed_engine_in_mid_chord_is_started_again(start: Start, studio: Studio):
    instrument = start()
    studio.connect()
    studio.play(*CHORD)
    os.kill(instrument.engine_pid, signal.SIGKILL)
    assert instrument.says("The engine process ended unexpectedly (code -9)")
    assert instrument.says("Sounding on system (JACK Audio Connection Kit) again.", RETURN_S)
    studio.connect()
    studio.play(*LIFTS)
    assert studio.falls_silent()
    assert_it_plays(studio)
    assert instrument.played() == [*CHORD, *LIFTS, *LIFTS, STRIKE, LIFT]


LOWER_ZONE = [b"\xb0\x65\x00", b"\xb0\x64\x06", b"\xb0\x06\x0f"]
VOLUME_OFF, VOLUME_FULL = b"\xb0\x07\x00", b"\xb0\x07\x7f"


def test_what_was_set_while_playing_outlives_the_engine(start: Start, studio: Studio):
    instrument = start()
    studio.connect()
    studio.play(*LOWER_ZONE, VOLUME_OFF, pause_s=1.0)
    os.kill(instrument.engine_pid, signal.SIGKILL)
    assert instrument.says("Sounding on system (JACK Audio Connection Kit) again.", RETURN_S)
    studio.connect()
    studio.peak = 0.0
    studio.play(STRIKE)
    assert studio.peak < SILENT_PEAK
    studio.play(VOLUME_FULL)
    assert studio.peak > HEARD


def test_an_engine_that_hangs_is_started_again(start: Start, studio: Studio):
    instrument = start()
    studio.connect()
    os.kill(instrument.engine_pid, signal.SIGSTOP)
    assert instrument.says("The engine does not answer; it is started again.")
    assert instrument.says("again.", RETURN_S, times=2)
    studio.connect()
    assert_it_plays(studio)


@pytest.mark.parametrize("rate_hz", [48_000, 44_100])
def test_a_sound_server_killed_and_started_again_is_played_through_again_at_its_rate(
    start: Start, server: Server, studio: Studio, rate_hz: int
):
    instrument = start()
    studio.connect()
    studio.play(*CHORD)
    server.kill()
    studio.close()
    assert instrument.says("system (JACK Audio Connection Kit) no longer takes sound")
    assert instrument.says(
        "There is no sound device now; the sound returns as soon as there is one."
    )
    server.start(rate_hz)
    again = Studio.open(server.name)
    assert instrument.says("Sounding on system (JACK Audio Connection Kit) again.", RETURN_S)
    again.connect()
    assert_it_plays(again)
    again.close()
    assert instrument.played() == [*CHORD, *LIFTS, STRIKE, LIFT]


def test_while_there_is_no_sound_device_ctrl_c_ends_it(
    start: Start, server: Server, studio: Studio
):
    instrument = start()
    server.kill()
    assert instrument.says("There is no sound device now")
    instrument.end(signal.SIGINT)
    assert instrument.process.returncode == 0
    studio.close()
    server.start()  # so that it can be stopped in order


def test_a_device_that_never_asks_for_sound_is_left_for_another_within_seconds(
    start: Start, studio: Studio, devices: Devices
):
    devices.become({STAGE: "stuck"})
    instrument = start("--device", STAGE, **devices.environment())
    assert instrument.says(f"{STAGE} (ALSA) takes no sound; trying what else there is.")
    assert instrument.says(
        f"Sounding on system (JACK Audio Connection Kit) until {STAGE} (ALSA) is back.", RETURN_S
    )
    studio.connect()
    assert_it_plays(studio)
    instrument.end(signal.SIGINT)


def test_a_device_that_vanishes_is_returned_to_by_name_when_nothing_sounds(
    start: Start, studio: Studio, devices: Devices
):
    devices.become({STAGE: "plays"})
    instrument = start("--device", STAGE, **devices.environment())
    studio.connect()
    studio.play(*CHORD)
    devices.become({})
    assert instrument.says(f"{STAGE} (ALSA) no longer takes sound; starting it again.")
    assert instrument.says(f"until {STAGE} (ALSA) is back.", RETURN_S)
    studio.connect()
    studio.play(STRIKE)
    devices.become({STAGE: "plays"})
    assert not instrument.says("is used again", 3.5)
    studio.play(LIFT)
    assert instrument.says(f"{STAGE} (ALSA) is back and is used again.")
    assert instrument.says(f"Sounding on {STAGE} (ALSA) again.", RETURN_S)
    studio.connect()
    assert_it_plays(studio)
    assert instrument.played() == [*CHORD, *LIFTS, STRIKE, LIFT, STRIKE, LIFT]


HOG = "while True: pass"


def test_with_little_of_the_processor_left_nothing_sticks_and_all_that_came_is_kept(
    start: Start, studio: Studio
):
    """A JACK server without processor time may itself lose a message on its way to us."""
    instrument = start()
    studio.connect()
    hogs = [subprocess.Popen([sys.executable, "-c", HOG]) for _ in range(4 * (os.cpu_count() or 1))]
    try:
        for _ in range(5):
            studio.play(*CHORD)
            studio.play(*LIFTS)
    finally:
        for hog in hogs:
            hog.kill()
            hog.wait()
    studio.play(*LIFTS)
    assert studio.falls_silent()
    assert_it_plays(studio)
    played, sent = instrument.played(), [*5 * [*CHORD, *LIFTS], *LIFTS, STRIKE, LIFT]
    remaining = iter(sent)
    assert all(message in remaining for message in played)
    assert len(played) > 0.8 * len(sent)
