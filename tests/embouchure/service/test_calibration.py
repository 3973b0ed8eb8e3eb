"""Calibration over HTTP: a simulated player is led from the first page to what is kept."""

from pathlib import Path
from typing import Any

import pytest

from calibration.demonstrations.imitator import Imitator
from calibration.demonstrations.newcomer import Newcomer
from calibration.guide import Tone
from calibration.hand import hands
from calibration.simulation.player import Player
from embouchure.service.courses import HandCourse
from embouchure.service.guidance import lead
from embouchure.service.stage import Stage
from presets.library import open_bundle
from presets.spaces import factory_space
from presets.store import load
from tests.embouchure.service.practice_room import PORT_NAME, PracticeRoom
from tests.mapper.test_hand import HAND


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


def choosing(*, the_factorys: bool) -> Imitator:
    """Make a player who prefers what the factory made, or whatever it did not."""
    factory = load("breath").sha256

    def dislike(tone: Tone) -> float:
        return float((tone.preset.sha256 == factory) != the_factorys)

    return Imitator(Player(3, "power", 1), dislike, lambda one, other: -1 if one < other else 1)


def taught(room: PracticeRoom, takes: int = 3, *, prefers_factorys: bool = False) -> None:
    lesson = {"preset": "breath", "targets": ["free"], "takes": takes}
    answer = room.http.post("/api/v1/calibration/demonstration", json=lesson)
    assert answer.status_code == 202, answer.json()
    room.turn()
    room.play(choosing(the_factorys=prefers_factorys))


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


def test_whoever_chooses_the_sound_as_it_was_plays_on_with_it(room: PracticeRoom):
    taught(room, prefers_factorys=True)
    outcome = room.guide["outcome"]
    assert outcome["sentences"] == ["You chose the sound as it was, and it stays."]
    assert (outcome["sounds"], room.engine.last("select")["preset"]) == ([], "bow")
    assert room.http.post("/api/v1/calibration/keep", json={"name": "ours"}).status_code == 400


def detail(answer: Any) -> str:  # noqa: ANN401
    assert answer.status_code == 400
    return str(answer.json()["detail"])


def test_two_guides_are_not_at_work_at_once(room: PracticeRoom):
    assert room.http.post("/api/v1/calibration/hand", json={}).status_code == 202
    again = room.http.post("/api/v1/calibration/hand", json={})
    assert detail(again) == "A guide is at work already; leave it first."


def test_whoever_leaves_has_their_preset_and_hand_again(room: PracticeRoom):
    room.report("state", state=[
        {"command": "select", "zone": -1, "preset": "bow"},
        {"command": "hand", "port": None, "hand": None},
    ])  # fmt: skip
    room.http.post("/api/v1/calibration/hand", json={})
    room.turn()
    assert room.http.post("/api/v1/calibration/choose", json={"word": "leave"}).status_code == 204
    for _ in range(3):
        room.turn()
    assert room.guide["text"] == "Nothing was measured, so nothing is kept."
    assert [one["command"] for one in room.engine.commands[-2:]] == ["select", "hand"]
    room.http.delete("/api/v1/calibration")
    room.turn()
    assert room.guide is None


def test_whoever_leaves_plays_on_what_is_no_preset(room: PracticeRoom):
    room.stage.sound({"name": "between", "file": "", "target": ""})
    room.stage.set(preset="between")
    room.http.post("/api/v1/calibration/hand", json={})
    room.turn()
    room.http.post("/api/v1/calibration/choose", json={"word": "leave"})
    for _ in range(3):
        room.turn()
    assert room.engine.last("sound")["tone"]["name"] == "between"


def test_whoever_leaves_before_it_has_begun_is_not_led(room: PracticeRoom):
    guidance = room.stage.shared(lead)

    def make() -> HandCourse:
        guidance.choose("leave")
        return HandCourse("Ada", "voice", None)

    guidance.open("hand", "Ada", make)
    room.turn()
    assert room.guide is None
    assert "sound" not in {one["command"] for one in room.engine.commands}


def test_ending_what_there_is_not_silences_nothing(room: PracticeRoom):
    assert room.http.delete("/api/v1/calibration").status_code == 204
    room.turn()
    assert room.engine.commands == []


def test_a_guide_that_fails_ends_in_a_sentence_and_another_can_begin(
    room: PracticeRoom, monkeypatch: pytest.MonkeyPatch
):
    room.http.post("/api/v1/calibration/hand", json={})
    room.turn()
    monkeypatch.setattr("embouchure.leader.Leader.turn", lambda _: {}["nothing"])
    room.turn()
    monkeypatch.undo()
    assert room.guide["outcome"]["has_failed"]
    assert "the service's log says how" in room.guide["outcome"]["sentences"][0]
    assert room.engine.last("select")["preset"] == "bow"
    assert room.http.post("/api/v1/calibration/hand", json={}).status_code == 202


ELSEWHERE = "0" * 64
"""The hash of another space than the factory's."""


def away(room: PracticeRoom) -> None:
    """Play another space, and begin a lesson for a preset of the factory's."""
    room.open(space_sha256=ELSEWHERE)
    room.stage.set(preset="bow")
    room.http.post("/api/v1/calibration/refinement", json={"preset": "breath"})
    room.turn()


def test_a_lesson_for_another_space_plays_that_space_and_then_the_players_again(
    room: PracticeRoom, monkeypatch: pytest.MonkeyPatch
):
    away(room)
    assert room.engine.changes == [{"preset": "breath"}]
    assert room.guide["phase"] == "opening"
    room.open(space_sha256=factory_space().sha256)
    assert room.guide["phase"] == "led"
    room.http.post("/api/v1/calibration/choose", json={"word": "leave"})
    monkeypatch.setattr(Stage, "plays_space_of", lambda _, preset: preset != "bow")
    monkeypatch.setattr(Stage, "select", lambda self, preset: self.change(preset=preset))
    for _ in range(3):
        room.turn()
    assert room.guide["phase"] == "over"
    assert room.engine.changes[-1] == {"preset": "bow"}


def test_a_space_that_cannot_be_played_ends_the_lesson_in_a_sentence(room: PracticeRoom):
    away(room)
    room.open(space_sha256=ELSEWHERE)
    assert room.guide["outcome"]["sentences"] == [
        "Breath cannot be played now, so nobody can be led to it."
    ]


def test_whoever_leaves_on_the_way_to_another_space_is_not_led_there(room: PracticeRoom):
    away(room)
    room.http.post("/api/v1/calibration/choose", json={"word": "leave"})
    room.turn()
    assert room.guide is None
    room.open(space_sha256=factory_space().sha256)
    assert room.guide is None
    assert "sound" not in {one["command"] for one in room.engine.commands}


def test_only_what_is_offered_can_be_chosen(room: PracticeRoom):
    nobody = room.http.post("/api/v1/calibration/choose", json={"word": "next"})
    assert detail(nobody).startswith("No guide is at work; begin one with POST")
    room.http.post("/api/v1/calibration/hand", json={})
    room.turn()
    wrong = room.http.post("/api/v1/calibration/choose", json={"word": "dance"})
    assert detail(wrong) == "'dance' is no answer now; choose one of leave."


def test_nobody_is_led_without_sound(room: PracticeRoom):
    room.stage.enter("no_device", "There is no sound device; connect one.")
    told = detail(room.http.post("/api/v1/calibration/hand", json={}))
    assert told == (
        "Nobody can be led while nothing can be played: There is no sound device; connect one."
    )
    assert room.guide is None


def test_a_preset_that_is_not_there_leaves_no_guide(room: PracticeRoom):
    told = detail(room.http.post("/api/v1/calibration/demonstration", json={"preset": "nobody"}))
    assert "nobody" in told
    assert room.guide is None


def test_without_an_outcome_there_is_nothing_to_compare_or_keep(room: PracticeRoom):
    trial = room.http.post("/api/v1/calibration/trial", json={"sound": "after"})
    assert detail(trial) == "There is nothing to compare yet; be led to the end first."
    kept = room.http.post("/api/v1/calibration/keep", json={"name": "x"})
    assert detail(kept) == "There is nothing to keep; be led to the end first."


def test_an_engine_that_takes_over_is_told_what_the_guide_had_set(room: PracticeRoom):
    room.http.post("/api/v1/calibration/hand", json={})
    room.turn()
    room.engine.commands.clear()
    room.report("playable", inputs=[PORT_NAME])
    assert [one["command"] for one in room.engine.commands] == ["hand", "sound"]


def test_hands_are_listed_shown_restored_and_removed(room: PracticeRoom):
    name = hands.save(HAND).stem
    hands.save(HAND.model_copy(update={"lag_s": 0.2}))
    assert [one["name"] for one in room.http.get("/api/v1/hands").json()] == [name]
    assert room.http.get(f"/api/v1/hands/{name}").json()["hand"]["lag_s"] == 0.2
    history = room.http.get(f"/api/v1/hands/{name}/history").json()
    assert [one["number"] for one in history] == [1, 2]
    assert room.http.post(f"/api/v1/hands/{name}/restore", json={"number": 1}).status_code == 200
    assert hands.load(name) == HAND
    assert room.http.delete(f"/api/v1/hands/{name}").status_code == 204
    assert room.http.get("/api/v1/hands").json() == []
    assert detail(room.http.get(f"/api/v1/hands/{name}")).startswith("There is no hand")


def test_targets_are_the_kinds_of_sound_until_one_is_kept(room: PracticeRoom):
    found = room.http.get("/api/v1/targets").json()
    assert "scoop" in {one["name"] for one in found}
    assert not any(one["is_kept"] for one in found)
    for path in ("nothing", "..%2f..%2fetc%2fpasswd"):
        assert room.http.get(f"/api/v1/targets/{path}").status_code in (400, 404)
