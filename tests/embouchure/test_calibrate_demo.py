"""A demonstration from end to end against a JACK server: another program plays as a player would."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from calibration.demonstrations.imitator import LOWEST_KEY, messages
from calibration.demonstrations.planning import Planner
from calibration.demonstrations.pupil import Pupil
from calibration.demonstrations.take_store import TakeStore
from calibration.simulation.player import Player
from calibration.targets.target import Target
from mapper.performance import Played
from mapper.rpn import zone_messages
from presets.spaces import factory_space
from presets.store import load
from tests.embouchure.studio import (
    PATIENT,
    ROOT,
    START_TIMEOUT_S,
    Server,
    Studio,
    wait_for,
)

pytestmark = pytest.mark.jack

N_TAKES = 2
PAGE_S = 20.0
MESSAGE_S = 0.04
"""JACK's test program sends one message in each period, and each dimension has its own."""
TAP = (bytes((0x91, LOWEST_KEY, 64)), bytes((0x81, LOWEST_KEY, 64)))


class Desk:
    """The program being taught, and what it shows."""

    def __init__(self, server: str, folder: Path, *options: str, verb: str = "demo") -> None:
        homes = {"XDG_DATA_HOME": str(folder), "XDG_STATE_HOME": str(folder)}
        jack_server = {"JACK_DEFAULT_SERVER": server, "JACK_NO_START_SERVER": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "embouchure", "calibrate", verb, *options, "--json"],
            cwd=ROOT,
            env={**os.environ, **homes, **jack_server},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.shown: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr
        self.shown += iter(self.process.stderr.readline, "")

    def turns_to(self, title: str, times: int = 1, seconds: float = PAGE_S) -> bool:
        """Whether it has shown a page so often, in time."""
        return wait_for(
            lambda: sum(line.startswith(title) for line in self.shown) >= times, seconds
        )

    def result(self) -> dict[str, object]:
        """Wait for its end, and return what it says to scripts."""
        assert self.process.stdout
        answer = self.process.stdout.read()
        self.process.wait(30)
        self._reader.join(10)
        found: dict[str, object] = json.loads(answer)
        return found


@contextmanager
def taught(server: str, folder: Path, *options: str, verb: str = "demo") -> Iterator[Desk]:
    desk = Desk(server, folder, *options, verb=verb)
    try:
        yield desk
    finally:
        if desk.process.poll() is None:
            desk.process.kill()
            desk.process.wait(10)
        for stream in (desk.process.stdout, desk.process.stderr):
            assert stream
            stream.close()


@pytest.fixture
def server() -> Iterator[str]:
    made = Server("embouchure-demo", *PATIENT)
    yield made.name
    made.stop()


@pytest.fixture
def studio(server: str) -> Iterator[Studio]:
    made = Studio.open(server)
    yield made
    made.close()


def imitate(studio: Studio, player: Player, target: Target) -> None:
    """Play a simulated imitation in real time, as many messages as the wire takes."""
    started_s = time.monotonic()
    for played in thinned(messages(player.imitate(target), 0.0)):
        time.sleep(max(0.0, started_s + played.time_s - time.monotonic()))
        studio.play(played.data, pause_s=0.0)


def thinned(played: list[Played]) -> Iterator[Played]:
    last_s: dict[int, float] = {}
    for one in played:
        is_note = one.data[0] & 0xE0 == 0x80
        if is_note or one.time_s - last_s.get(one.data[0], -1.0) >= MESSAGE_S:
            last_s[one.data[0]] = one.time_s
            yield one


def test_a_player_teaches_a_preset_and_nothing_is_left_sounding(
    server: str, studio: Studio, tmp_path: Path
) -> None:
    player = Player(3, "power", 1)
    planner = Planner(Pupil(load("breath"), factory_space(), ["scoop"]).targets())
    options = ("breath", "--target", "scoop", "--takes", str(N_TAKES), "--host-api", "JACK")
    with taught(server, tmp_path, *options) as desk:
        assert desk.turns_to("LOWEST KEY", seconds=START_TIMEOUT_S), desk.shown
        studio.connect()
        studio.play(*zone_messages(0, 15), *TAP)
        for turn, target in enumerate(planner.plan(N_TAKES), start=1):
            assert desk.turns_to("LISTEN", turn), desk.shown
            assert studio.loudest(1.0) > 0.01
            studio.play(*TAP)
            assert desk.turns_to("PLAY", turn), desk.shown
            imitate(studio, player, target)
            assert desk.turns_to("TARGET", turn), desk.shown
            studio.play(*TAP)
        assert desk.turns_to("A: ", seconds=40.0), desk.shown
        assert studio.falls_silent(5.0)
        studio.play(TAP[0], pause_s=0.1)
        studio.play(TAP[1])
        assert desk.turns_to("B: "), desk.shown
        studio.play(TAP[0], pause_s=1.0)
        studio.play(TAP[1])
        answer = desk.result()
    (folder,) = (tmp_path / "embouchure/calibration/takes").iterdir()
    assert [take.key for take in TakeStore(folder).takes()] == answer["takes"]
    assert len(TakeStore(folder).takes()) == N_TAKES
    assert answer["chosen"] in ("yours", "factory")
    assert (answer["kept_as"] == "breath-mine") == (answer["chosen"] == "yours")
    assert studio.is_alone() or wait_for(studio.is_alone, 5.0)
