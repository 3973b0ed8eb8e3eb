"""MIDI through, against a JACK server: another program hears what is played, byte for byte."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import jack
import pytest

from tests.embouchure.studio import (
    LIFT,
    PATIENT,
    ROOT,
    STRIKE,
    Instrument,
    Server,
    Studio,
    ended,
    wait_for,
)

pytestmark = pytest.mark.jack

PLAYED = [STRIKE, b"\xe1\x11\x42", b"\xd1\x33", b"\xb1\x4a\x07", LIFT]


class Synth:
    """A program that takes MIDI and keeps it."""

    def __init__(self, server: str) -> None:
        self.client = jack.Client("synth", no_start_server=True, servername=server)
        self._midi = self.client.midi_inports.register("in")
        self.heard: list[bytes] = []
        self.client.set_process_callback(self._process)
        self.client.activate()

    def _process(self, _: int) -> None:
        self.heard += [bytes(data) for _, data in self._midi.incoming_midi_events()]

    def connect(self) -> None:
        """Listen to the instrument's own output."""
        (outlet,) = self.client.get_ports("through", is_midi=True, is_output=True)
        self.client.connect(outlet, self._midi)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    made = Server("embouchure-play", *PATIENT)
    yield made.name
    made.stop()


def test_another_program_hears_what_is_played(server: str, tmp_path: Path) -> None:
    studio = Studio.open(server)
    options = ("--host-api", "JACK", "--no-demo", "--through", "virtual")
    instrument = Instrument(server, tmp_path, *options)
    with ended(instrument):
        studio.connect()
        synth = Synth(server)
        synth.connect()
        studio.play(*PLAYED)
        assert wait_for(lambda: len(synth.heard) >= len(PLAYED), 5.0)
        assert synth.heard == PLAYED
        assert [one[0] & 0xF0 for one in instrument.played()] == [0x90, 0x80]
        assert wait_for(lambda: len(synth.heard) == len(PLAYED) + 16, 5.0)
        synth.client.close()
    studio.close()


def test_an_output_that_is_not_there_is_said(server: str) -> None:
    Studio.open(server).close()
    done = subprocess.run(
        [sys.executable, "-m", "embouchure", "play", "--no-demo", "--through", "surge"],
        cwd=ROOT,
        env={**os.environ, "JACK_DEFAULT_SERVER": server, "JACK_NO_START_SERVER": "1"},
        capture_output=True,
        check=False,
    )
    assert done.returncode
    assert b"no MIDI output is named like 'surge'" in done.stderr
