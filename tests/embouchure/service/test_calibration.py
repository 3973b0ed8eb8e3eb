"""Calibration over HTTP: a simulated player is led from the first page to what is kept."""

from pathlib import Path

import pytest

from calibration.demonstrations.imitator import Imitator
from calibration.demonstrations.newcomer import Newcomer
from calibration.guide import Tone
from calibration.hand import hands
from calibration.simulation.player import Player
from presets.library import open_bundle
from presets.store import load
from tests.embouchure.service.practice_room import PORT_NAME, PracticeRoom


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> PracticeRoom:
    made = PracticeRoom(monkeypatch)
    made.open({"command": "select", "zone": -1, "preset": "bow"})
    return made


def test_a_hand_is_measured_kept_and_played_with(room: PracticeRoom):
    assert room.http.post("/api/v1/calibration/hand", json={"player": "Ada"}).status_code == 202
    room.turn()
    assert room.engine.last("hand") == {"command": "hand", "port": None, "hand": None}
    room.play(Newcomer(Player(3, "power", 1)))
    guide = room.guide
    assert guide["phase"] == "over", guide
    assert guide["outcome"]["figures"]["name"] == f"ada-{PORT_NAME.casefold()}"
    assert hands.names() == ["ada-toy"]
    told = room.engine.last("hand")
    assert (told["port"], told["hand"]["player"]) == (0, "Ada")
    assert room.engine.last("select")["preset"] == "bow"


def open_minded() -> Imitator:
    """Make a player who prefers whatever is not the factory's."""
    factory = load("breath").sha256

    def dislike(tone: Tone) -> float:
        return float(tone.preset.sha256 == factory)

    return Imitator(Player(3, "power", 1), dislike, lambda one, other: -1 if one < other else 1)


def taught(room: PracticeRoom, takes: int = 3) -> None:
    lesson = {"preset": "breath", "targets": ["free"], "takes": takes}
    answer = room.http.post("/api/v1/calibration/demonstration", json=lesson)
    assert answer.status_code == 202, answer.json()
    room.turn()
    room.play(open_minded())


def test_a_preset_is_taught_compared_kept_and_played(room: PracticeRoom):
    taught(room)
    outcome = room.guide["outcome"]
    assert (outcome["sounds"], outcome["suggested"]) == (["before", "after"], "breath-mine")
    trial = {"sound": "before", "plays": True}
    assert room.http.post("/api/v1/calibration/trial", json=trial).status_code == 204
    room.turn()
    assert room.guide["outcome"]["heard"] == "before"
    assert room.engine.commands[-1]["command"] == "prompt"
    kept = room.http.post("/api/v1/calibration/keep", json={"name": "ours"})
    assert (kept.status_code, kept.json()) == (201, {"name": "ours", "version": 1})
    room.turn()
    assert room.engine.last("select")["preset"] == "ours"
    assert open_bundle("ours").preset.card.provenance.ancestors[-1].name == "breath"
    room.http.delete("/api/v1/calibration")
    room.turn()
    assert room.guide is None
    assert room.engine.last("select")["preset"] == "ours"
