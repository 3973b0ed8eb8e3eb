"""The whole program against a JACK server: another program plays to it and hears it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
import soundfile

from embouchure.takes import recover_takes
from mapper.performance import read
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


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    made = Server("embouchure-play", *PATIENT)
    yield made.name
    made.stop()


@pytest.fixture(scope="module")
def quick_server() -> Iterator[str]:
    """Start one that does not wait: programs that come and go at once would hold it up for long."""
    made = Server("embouchure-quick")
    yield made.name
    made.stop()


@pytest.fixture
def studio(server: str) -> Iterator[Studio]:
    made = Studio.open(server)
    yield made
    made.close()


@pytest.fixture
def start(server: str, studio: Studio, tmp_path: Path) -> Iterator[Callable[..., Instrument]]:
    with ExitStack() as stack:

        def start_instrument(*options: str) -> Instrument:
            instrument = Instrument(server, tmp_path, "--host-api", "JACK", *options)
            stack.enter_context(ended(instrument))
            studio.connect()
            return instrument

        yield start_instrument
    assert wait_for(studio.is_alone, 5.0)


Start = Callable[..., Instrument]


def test_a_played_note_sounds(start: Start, studio: Studio) -> None:
    start("--no-demo")
    assert studio.peak == 0.0
    studio.play(STRIKE)
    assert studio.peak > 0.01


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_and_the_take_is_kept(
    start: Start, studio: Studio, number: signal.Signals
) -> None:
    instrument = start("--no-demo")
    studio.play(STRIKE, LIFT, STRIKE)
    instrument.end(number)
    assert instrument.process.returncode == 0
    (take,) = instrument.takes.glob("*.mid")
    played = [one.data for one in read(take) if one.data[0] & 0xE0 == 0x80]
    assert played == [STRIKE, LIFT, STRIKE, LIFT]
    assert json.loads(take.with_suffix(".json").read_text())["preset"] == "breath"


@pytest.mark.parametrize("choices", [(), ("--mono", "--slide", "relative", "--a4", "442")])
def test_the_journal_of_a_take_renders_what_was_heard(
    start: Start, studio: Studio, tmp_path: Path, choices: tuple[str, ...]
) -> None:
    instrument = start("--no-demo", "--preset", "pluck", *choices)
    for turn in range(30):
        channel, note = turn % 15, 40 + turn
        studio.play(
            bytes((0x90 | channel, note, 20 + 3 * turn)),
            *(bytes((0xD0 | channel, press)) for press in range(0, 120, 9)),
            *(bytes((0xE0 | channel, 0, bend)) for bend in range(64, 70)),
            bytes((0xB0, (1, 7, 11)[turn % 3], 100 + turn % 27)),
            bytes((0xC0, turn // 5)),
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
    instrument.end(signal.SIGCONT)


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


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        (("--midi", "theremin"), "no MIDI input is named like 'theremin'"),
        (("--device", "scarlett"), "there is no sound output 'scarlett'"),
        (("--channels", "3-4"), "no sound output that fits has channels 3 and 4"),
        (("--zone-preset", "upper=kazoo"), "there is no preset 'kazoo'"),
    ],
)
def test_what_was_asked_for_and_is_not_there_ends_in_one_sentence(
    quick_server: str, tmp_path: Path, choice: tuple[str, str], sentence: str
) -> None:
    environment = {"JACK_DEFAULT_SERVER": quick_server, "JACK_NO_START_SERVER": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "embouchure", "play", *choice],
        cwd=ROOT,
        env={**os.environ, **environment, "XDG_DATA_HOME": str(tmp_path)},
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"embouchure: {sentence}")
    assert done.stderr.count("\n") == 1
    assert "written to a file" not in done.stdout
