"""Takes over HTTP: listed, given away, and captured while the session goes on."""

import io
import time

import mido
import pytest

from embouchure.folders import takes_folder
from embouchure.journal import Journal
from mapper.performance import Played
from tests.embouchure.service.house import House

STRIKE, LIFT = b"\x91\x45\x60", b"\x81\x45\x40"


def played(house: House, *starts_s: float) -> Journal:
    """Let a session go on in which a note was struck so many seconds ago."""
    now_s = time.perf_counter()
    journal = Journal(takes_folder() / "2026-01-02 03.04.05.unfinished", {"preset": "bow"})
    for ago_s in starts_s:
        journal.write([Played(now_s - ago_s, 0, STRIKE), Played(now_s - ago_s + 0.2, 0, LIFT)])
    house.stage.keep_in(lambda: journal.path)
    return journal


def n_notes(house: House, name: str) -> int:
    file = house.client.get(f"/api/v1/takes/{name}").content
    return sum(one.type == "note_on" for one in mido.MidiFile(file=io.BytesIO(file)))


def test_what_was_just_played_is_kept_while_the_session_goes_on(house: House):
    with played(house, 30.0, 29.0, 3.0, 2.0, 1.0) as journal:
        take = house.ask("POST", "/capture")["name"]
        assert journal.path.exists()
    assert n_notes(house, take) == 3
    listed = house.ask("GET", "/takes")
    assert [(one["name"], one["preset"], one["notes"]) for one in listed] == [(take, "bow", 3)]


def test_a_chord_held_still_is_no_pause(house: House):
    now_s = time.perf_counter()
    with played(house, 40.0) as journal:
        journal.write(
            [
                Played(now_s - 20.0, 0, STRIKE),
                Played(now_s - 5.0, 0, b"\x92\x48\x60"),
                Played(now_s - 4.5, 0, b"\x82\x48\x40"),
                Played(now_s - 4.0, 0, LIFT),
            ]
        )
        assert n_notes(house, house.ask("POST", "/capture")["name"]) == 2


def test_a_recording_holds_what_was_played_since_it_began(house: House):
    with played(house, 1.0) as journal:
        house.ask("PUT", "/recording", json={"on": True})
        assert house.stage.state()["recording"]
        now_s = time.perf_counter()
        journal.write([Played(now_s, 0, STRIKE), Played(now_s + 0.1, 0, LIFT)])
        take = house.ask("PUT", "/recording", json={"on": False})["name"]
    assert n_notes(house, take) == 1
    assert house.stage.state()["recording"] is None


def test_nothing_played_is_nothing_kept(house: House):
    with played(house):
        assert "Nothing was played since" in house.refuses("POST", "/capture")
    assert "Nothing is being recorded" in house.refuses("PUT", "/recording", json={"on": False})


@pytest.mark.parametrize("name", ["nothing", "..%2F..%2Fsettings", "2026-01-02%2003.04.05"])
def test_only_takes_are_given_away(house: House, name: str):
    takes_folder().mkdir(parents=True)
    assert "There is no" in house.refuses("GET", f"/takes/{name}")
