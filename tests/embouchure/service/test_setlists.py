"""Setlists over HTTP: begun, filled, played, removed and brought back."""

import pytest

from embouchure.service.bindings import bindings_of
from embouchure.settings import change_settings
from mapper.stepping import StepControls
from tests.embouchure.service.house import House

SONGS = [
    {"preset": "bow", "title": "Slow air", "gain_db": -2.0, "transpose_semitones": 12},
    {"preset": "voice"},
]


def test_a_setlist_is_begun_filled_and_played(house: House):
    house.ask("POST", "/setlists", json={"name": "friday"})
    house.ask("PUT", "/setlists/friday", json={"entries": SONGS})
    shown = house.ask("GET", "/setlists/friday")["entries"]
    assert [one["preset"] for one in shown] == ["bow", "voice"]
    assert house.ask("GET", "/setlists") == ["friday"]
    house.ask("POST", "/setlists/friday/play")
    assert house.told == ("setlist", {"name": "friday"})


def begun(house: House) -> None:
    house.ask("POST", "/setlists", json={"name": "friday"})
    house.ask("PUT", "/setlists/friday", json={"entries": SONGS})


def test_the_soft_pedal_steps_through_what_is_played(house: House):
    begun(house)
    house.ask("POST", "/setlists/friday/play")
    (_, told), _ = house.engine.told[-2:]
    assert told["steps"]["next_control"] == house.ask("GET", "/learn")["next"] == 67


@pytest.mark.parametrize(("chosen", "after"), [({}, None), ({"next_control": 67}, 67)], ids=str)
def test_after_a_setlist_the_soft_pedal_steps_no_more_unless_it_was_chosen(
    house: House, chosen: dict[str, int], after: int | None
):
    change_settings(**chosen)
    begun(house)
    house.ask("POST", "/setlists/friday/play")
    house.ask("DELETE", "/setlist")
    assert house.ask("GET", "/learn")["next"] == after


@pytest.mark.parametrize(("macro", "after"), [(1, 30), (67, None)])
def test_a_pedal_that_was_bound_stays_what_it_is(house: House, macro: int, after: int | None):
    begun(house)
    before = bindings_of((macro, 17, 18, 19), StepControls(next_control=after))
    house.stage.set(bindings=before)
    house.ask("POST", "/setlists/friday/play")
    assert house.ask("GET", "/learn") == before


def test_a_removed_setlist_comes_back(house: House):
    house.ask("POST", "/setlists", json={"name": "friday"})
    house.ask("PUT", "/setlists/friday", json={"entries": SONGS})
    house.ask("DELETE", "/setlists/friday")
    assert house.ask("GET", "/setlists") == []
    assert len(house.ask("POST", "/setlists/friday/restore", json={})["entries"]) == 2
    assert len(house.ask("GET", "/setlists/friday/history")) >= 2


@pytest.mark.parametrize(
    ("method", "path", "body", "words"),
    [
        ("POST", "/setlists", {"name": "../friday"}, "cannot be a name"),
        ("GET", "/setlists/..%2F..%2Fx", None, "There is no"),
        ("PUT", "/setlists/sunday", {"entries": []}, "There is no setlist 'sunday'"),
        ("PUT", "/setlists/sunday", {"entries": [{"preset": "kazoo"}]}, "no preset 'kazoo'"),
        ("PUT", "/setlists/sunday", {"entries": SONGS * 65}, "entries is not allowed"),
        ("POST", "/setlists/sunday/restore", {"number": 3}, "There is no setlist 'sunday'"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_sentence(
    house: House, method: str, path: str, body: object, words: str
):
    assert words in house.refuses(method, path, json=body)


def test_an_empty_setlist_is_not_played(house: House):
    house.ask("POST", "/setlists", json={"name": "friday"})
    assert "is empty" in house.refuses("POST", "/setlists/friday/play")
