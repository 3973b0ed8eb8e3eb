"""A guided session against a JACK server: the guide hears what is played and says what sounds."""

import io
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from rich.console import Console

from calibration.guide import (
    Action,
    Click,
    Done,
    Heard,
    Prompt,
    Say,
    Show,
    Silence,
    Sound,
    Tone,
    Work,
)
from embouchure.guided import GuidedSession
from embouchure.guided_view import PlainGuidedView
from embouchure.play_settings import PlaySettings
from mapper.performance import read
from mapper.touch import Kind, TouchEvent
from presets.store import load
from tests.embouchure.studio import LIFT, PATIENT, START_TIMEOUT_S, STRIKE, Server, Studio, wait_for

pytestmark = pytest.mark.jack


class Echo:
    """Sounds by a preset; repeats the first touch; ends at the second with what work gave."""

    def __init__(self) -> None:
        self.tone = Tone(name="mine", preset=load("pluck"))
        self.n_lifts = 0
        self.has_started = threading.Event()

    def start(self, time_s: float) -> Sequence[Action]:
        self.has_started.set()
        return [Show("Play"), Sound(self.tone), Click((time_s + 1.0, time_s + 1.2))]

    def hear(self, heard: Heard) -> Sequence[Action]:
        return [action for event in heard.events for action in self._answer(event)]

    def _answer(self, event: TouchEvent) -> Sequence[Action]:
        if event.kind is not Kind.LIFT:
            return []
        self.n_lifts += 1
        if self.n_lifts == 1:
            return [Say("Listen."), *self._repeat(event)]
        return [Silence(), Work(lambda: event.note, lambda _, note: [Done(note)])]

    def _repeat(self, event: TouchEvent) -> Sequence[Action]:
        again = event._replace(kind=Kind.STRIKE, time_s=event.time_s + 2.0, lift=0.0)
        end = event._replace(time_s=event.time_s + 2.5)
        return [Prompt((again, end), self.tone)]

    def tick(self, time_s: float) -> Sequence[Action]:
        return []

    def choose(self, time_s: float, word: str) -> Sequence[Action]:
        return [Done(word)]

    def leave(self) -> Sequence[Action]:
        return [Done("left")]


class Room:
    """A guided session, and a thread that plays to it."""

    def __init__(self) -> None:
        self.guide = Echo()
        self.said = io.StringIO()
        view = PlainGuidedView(Console(file=self.said))
        self._session = GuidedSession(PlaySettings(host_api="JACK"), view, self.guide)

    def played_by(self, play: Callable[[], None]) -> object:
        """Run the session while another thread plays, and return its result."""
        with ThreadPoolExecutor(1) as pool:
            playing = pool.submit(self._play, play)
            self._session.play()
            playing.result()
        return self._session.result

    def _play(self, play: Callable[[], None]) -> None:
        try:
            assert self.guide.has_started.wait(START_TIMEOUT_S)
            play()
        finally:
            if self._session.result is None and not wait_for(lambda: self._session.result, 3.0):
                os.kill(os.getpid(), signal.SIGINT)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    made = Server("embouchure-guided", *PATIENT)
    yield made.name
    made.stop()


@pytest.fixture
def studio(server: str) -> Iterator[Studio]:
    made = Studio.open(server)
    yield made
    made.close()


@pytest.fixture
def room(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    monkeypatch.setenv("JACK_DEFAULT_SERVER", server)
    monkeypatch.setenv("JACK_NO_START_SERVER", "1")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return Room()


def test_a_guide_hears_what_is_played_and_what_it_prompts_is_heard(
    room: Room, studio: Studio
) -> None:
    heard: dict[str, float] = {}

    def play() -> None:
        studio.connect()
        studio.play(STRIKE, pause_s=0.5)
        heard["player"] = studio.peak
        studio.play(LIFT, pause_s=0.0)
        heard["between"] = float(not studio.falls_silent(1.8))
        heard["prompt"] = studio.loudest(2.0)
        heard["after"] = float(not studio.falls_silent(3.0))
        studio.play(STRIKE, LIFT)

    assert room.played_by(play) == 69.0
    assert heard["player"] > 0.01
    assert heard["prompt"] > 0.01
    assert not heard["between"] + heard["after"]
    assert "Play\n" in room.said.getvalue()


def test_the_clicks_of_a_count_in_are_heard(room: Room, studio: Studio) -> None:
    peaks = []

    def play() -> None:
        studio.connect()
        peaks.append(studio.loudest(1.5))
        studio.play(STRIKE, LIFT, STRIKE, LIFT)

    room.played_by(play)
    assert peaks[0] > 0.01


def test_whoever_leaves_early_is_let_go_with_what_the_guide_has(room: Room, studio: Studio) -> None:
    def play() -> None:
        studio.connect()
        studio.play(STRIKE)
        os.kill(os.getpid(), signal.SIGINT)

    assert room.played_by(play) == "left"


def test_a_guided_session_is_kept_as_a_take(room: Room, studio: Studio, tmp_path: Path) -> None:
    def play() -> None:
        studio.connect()
        studio.play(STRIKE, LIFT, STRIKE, LIFT)

    room.played_by(play)
    (take,) = (tmp_path / "embouchure/takes").glob("*.mid")
    assert [one.data for one in read(take) if one.data[0] & 0xE0 == 0x80] == [STRIKE, LIFT] * 2
