"""Exploring over HTTP: found on a map, heard, starred, bred, and made something to play."""

import time
from pathlib import Path
from typing import Any

import pytest

from calibration.exploration.audition import audition
from calibration.exploration.exploration import Exploration
from calibration.guide import Tone
from tests.embouchure.service.practice_room import PracticeRoom

RENDERED_S = 120.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("explorations")


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch, folder: Path) -> PracticeRoom:
    monkeypatch.setenv("XDG_DATA_HOME", str(folder))
    made = PracticeRoom(monkeypatch)
    made.open({"command": "select", "zone": -1, "preset": "bow"})
    return made


@pytest.fixture
def caves(room: PracticeRoom) -> dict[str, Any]:
    """An exploration of nine sounds; it is rendered once for all tests."""
    if not room.http.get("/api/v1/explorations").json()["explorations"]:
        asked = {"name": "caves", "count": 9}
        assert room.http.post("/api/v1/explorations", json=asked).json() == {"name": "caves"}
        until_s = time.monotonic() + RENDERED_S
        while room.http.get("/api/v1/explorations").json()["rendering"]:
            assert time.monotonic() < until_s
            time.sleep(0.2)
    found: dict[str, Any] = room.http.get("/api/v1/explorations/caves").json()
    return found


def test_a_map_shows_every_sound_at_a_place_with_words(caves: dict[str, Any]):
    assert (caves["kept"], caves["wanted"], caves["is_rendering"]) == (9, 9, False)
    assert len({tuple(sound["place"]) for sound in caves["sounds"]}) == 9
    assert all(abs(x) <= 1.0 for sound in caves["sounds"] for x in sound["place"])
    assert set(caves["ends"]) == {"left", "right", "bottom", "top"}


def test_a_sound_is_heard_through_the_instrument(room: PracticeRoom, caves: dict[str, Any]):
    number = caves["sounds"][0]["number"]
    answer = room.http.post(f"/api/v1/explorations/caves/sounds/{number}/hear", json={})
    assert answer.status_code == 204, answer.json()
    prompt = room.engine.last("prompt")
    assert prompt["tone"]["name"] == f"caves-{number}"
    assert prompt["tone"]["target"]
    assert "sound" not in {one["command"] for one in room.engine.commands}


def test_a_sound_is_played_until_the_preset_is_wanted_back(
    room: PracticeRoom, caves: dict[str, Any]
):
    for sound in caves["sounds"][:2]:
        path = f"/api/v1/explorations/caves/sounds/{sound['number']}/hear"
        room.http.post(path, json={"plays": True})
    assert room.engine.last("sound")["tone"]["name"] == f"caves-{caves['sounds'][1]['number']}"
    assert room.http.delete("/api/v1/explorations/playing").status_code == 204
    assert room.engine.commands[-1] == {"command": "select", "zone": -1, "preset": "bow"}


def test_whoever_chose_a_preset_meanwhile_goes_on_with_that(
    room: PracticeRoom, caves: dict[str, Any]
):
    path = f"/api/v1/explorations/caves/sounds/{caves['sounds'][0]['number']}/hear"
    room.http.post(path, json={"plays": True})
    for preset in (f"caves-{caves['sounds'][0]['number']}", "voice"):
        fields = {"call": "select", "preset": preset, "zone": -1}
        room.report("told", word="call", fields=fields)
    room.http.delete("/api/v1/explorations/playing")
    assert "select" not in {one["command"] for one in room.engine.commands}


def test_stars_are_given_and_taken_and_lead_the_next_page(
    room: PracticeRoom, caves: dict[str, Any]
):
    number = caves["sounds"][2]["number"]
    path = f"/api/v1/explorations/caves/sounds/{number}/star"
    assert room.http.put(path, json={"on": True}).status_code == 204
    shown = room.http.get("/api/v1/explorations/caves").json()["sounds"]
    assert [one["number"] for one in shown if one["is_starred"]] == [number]
    room.http.put(path, json={"on": False})
    page = room.http.post("/api/v1/explorations/caves/page", json={}).json()["numbers"]
    assert sorted(page) == sorted(one["number"] for one in shown)


def test_a_preview_is_a_sound_file(room: PracticeRoom, caves: dict[str, Any]):
    number = caves["sounds"][0]["number"]
    answer = room.http.get(f"/api/v1/explorations/caves/sounds/{number}/preview")
    assert (answer.headers["content-type"], answer.content[:4]) == ("audio/flac", b"fLaC")


def test_what_is_not_there_is_told_in_a_sentence(room: PracticeRoom, caves: dict[str, Any]):
    assert caves["name"] == "caves"
    for path, word in (
        ("none", "There is no exploration none"),
        ("..%2Fcaves", "is no name"),
        ("caves/sounds/999999/preview", "There is no sound 999999 in caves"),
    ):
        answer = room.http.get(f"/api/v1/explorations/{path}")
        assert answer.status_code in (400, 404)
        assert word in answer.json()["detail"] or answer.status_code == 404
        assert answer.json()["detail"].count(".") >= 1


def test_a_sound_that_is_ready_only_after_the_player_left_is_not_played(
    room: PracticeRoom, caves: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    number = caves["sounds"][0]["number"]

    def late(exploration: Exploration, number: int) -> Tone:
        room.http.delete("/api/v1/explorations/playing")
        return audition(exploration, number)

    monkeypatch.setattr("calibration.exploration.audition.audition", late)
    n_commands = len(room.engine.commands)
    asked = {"plays": True}
    room.http.post(f"/api/v1/explorations/caves/sounds/{number}/hear", json=asked)
    assert len(room.engine.commands) == n_commands


@pytest.mark.parametrize("name", ["--help", "a\0b", "Big Cave"])
def test_what_can_be_no_name_is_told_in_a_sentence(
    room: PracticeRoom, caves: dict[str, Any], name: str
):
    asked = {"number": caves["sounds"][0]["number"], "name": name}
    answer = room.http.post("/api/v1/explorations/caves/use", json=asked)
    assert (answer.status_code, "cannot be a name" in answer.json()["detail"]) == (400, True)


@pytest.mark.slow
def test_a_sound_is_bred_from_and_its_child_becomes_a_target(
    room: PracticeRoom, caves: dict[str, Any]
):
    parent = caves["sounds"][0]["number"]
    born = room.http.post("/api/v1/explorations/caves/breed", json={"parents": [parent]})
    assert born.status_code == 200, born.json()
    child = born.json()["numbers"][0]
    shown = room.http.get("/api/v1/explorations/caves").json()["sounds"]
    assert next(one for one in shown if one["number"] == child)["parents"] == [parent]
    asked = {"number": child, "name": "cave-horn", "becomes": "target"}
    made = room.http.post("/api/v1/explorations/caves/use", json=asked)
    assert (made.status_code, made.json()) == (201, {"name": "cave-horn"})
    assert "cave-horn" in {one["name"] for one in room.http.get("/api/v1/targets").json()}


def test_an_axis_needs_two_sounds(room: PracticeRoom, caves: dict[str, Any]):
    number = caves["sounds"][0]["number"]
    asked = {"number": number, "start": number, "name": "nowhere", "becomes": "axis"}
    answer = room.http.post("/api/v1/explorations/caves/use", json=asked)
    assert answer.status_code == 400
    assert answer.json()["detail"] == (
        f"Both ends are the sound {number}; choose two different ones."
    )
