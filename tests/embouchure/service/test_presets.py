"""Presets over HTTP: what the library can do, and nothing beside it."""

import time

import pytest

from embouchure.service.newest import EVERY_S
from presets.store import factory_names
from tests.embouchure.service.house import House


def test_the_factory_presets_are_listed_and_found_by_words(house: House):
    listed = [one["name"] for one in house.ask("GET", "/presets")]
    assert listed == factory_names()
    found = house.ask("GET", "/presets", params={"text": "bow"})
    assert "bow" in [one["name"] for one in found]
    assert house.ask("GET", "/presets", params={"tag": "no-such-tag"}) == []


def test_a_preset_is_shown_with_all_that_is_known(house: House):
    shown = house.ask("GET", "/presets/bow")
    assert shown["is_factory"]
    assert not shown["is_favourite"]
    assert len(shown["macros"]) <= 4


def test_a_copy_can_be_changed_renamed_deleted_and_brought_back(house: House):
    house.ask("POST", "/presets/bow/duplicate", json={"name": "my-bow"})
    changed = {"description": "Mine.", "gain_db": -3.0, "add_tags": ["dark"], "name": "own-bow"}
    shown = house.ask("PATCH", "/presets/my-bow", json=changed)
    assert (shown["name"], shown["description"]) == ("own-bow", "Mine.")
    assert (shown["voice"]["gain_db"], shown["tags"][-1]) == (-3.0, "dark")
    house.ask("DELETE", "/presets/own-bow")
    assert "own-bow" in house.ask("GET", "/trash")
    house.ask("POST", "/trash/own-bow/restore")
    assert house.ask("GET", "/presets/own-bow")["description"] == "Mine."


def test_every_version_can_be_made_the_newest_again(house: House):
    house.ask("POST", "/presets/bow/duplicate", json={"name": "my-bow"})
    house.ask("PATCH", "/presets/my-bow", json={"description": "Worse."})
    numbers = [one["number"] for one in house.ask("GET", "/presets/my-bow/history")]
    assert numbers == [1, 2]
    restored = house.ask("POST", "/presets/my-bow/restore", json={"number": 1})
    assert restored["description"] != "Worse."


def test_a_favourite_is_found_as_one(house: House):
    house.ask("PUT", "/presets/bow/favourite", json={"on": True})
    found = house.ask("GET", "/presets", params={"favourites": True})
    assert [one["name"] for one in found] == ["bow"]


def test_an_export_can_be_imported_again(house: House):
    file = house.client.get("/api/v1/presets/bow/export")
    assert file.headers["content-disposition"] == 'attachment; filename="bow.preset"'
    kept = house.ask("POST", "/presets/import", content=file.content, params={"name": "again"})
    assert kept == {"name": "again", "has_space": True}
    again = house.ask("POST", "/presets/import", content=file.content)
    assert again["name"] == "bow-2"


@pytest.mark.parametrize(
    ("method", "path", "sent", "words"),
    [
        ("GET", "/presets/kazoo", {}, "There is no preset 'kazoo'"),
        ("GET", "/presets/..%2F..%2Fsecret", {}, "There is no"),
        ("GET", "/presets/%2Fetc%2Fpasswd/export", {}, "There is no"),
        ("DELETE", "/presets/bow", {}, "bow is a factory preset"),
        ("PATCH", "/presets/bow", {"json": {"description": "Mine."}}, "bow is a factory preset"),
        ("POST", "/presets/bow/duplicate", {"json": {"name": "../bow"}}, "cannot be a name"),
        (
            "POST",
            "/presets/bow/duplicate",
            {"json": {"name": "voice"}},
            "is a preset voice already",
        ),
        ("POST", "/presets/bow/restore", {"json": {"number": 3}}, "bow is a factory preset"),
        ("POST", "/presets/import", {"content": b"nonsense"}, "cannot be imported"),
        ("POST", "/presets/import", {"content": b""}, "cannot be imported"),
        ("POST", "/trash/..%2Fbow/restore", {}, "cannot be done here"),
        ("POST", "/comparisons", {"json": {"first": "bow", "second": "x"}}, "There is no preset"),
        ("GET", "/comparisons/a.wav", {}, "Nothing was compared yet"),
        (
            "POST",
            "/morph",
            {"json": {"first": "bow", "second": "x", "share": 0.5}},
            "no preset 'x'",
        ),
        (
            "POST",
            "/morph",
            {"json": {"first": "bow", "second": "voice", "share": 0.5, "name": "bow"}},
            "There is a preset bow already",
        ),
    ],
)
def test_what_cannot_be_done_is_told_in_one_sentence(
    house: House, method: str, path: str, sent: dict[str, object], words: str
):
    assert words.lower() in house.refuses(method, path, **sent).lower()


def test_where_the_new_name_is_taken_nothing_else_is_changed(house: House):
    house.ask("POST", "/presets/bow/duplicate", json={"name": "mine"})
    asked = {"description": "Another.", "name": "voice"}
    assert "is a preset voice already" in house.refuses("PATCH", "/presets/mine", json=asked)
    assert house.ask("GET", "/presets/mine")["description"] != "Another."


def test_a_and_b_are_played_in_turn(house: House):
    house.ask("POST", "/ab", json={"a": "bow", "b": "voice"})
    assert house.told == ("select", {"preset": "bow", "zone": -1})
    house.ask("POST", "/ab", json={})
    assert house.told == ("select", {"preset": "voice", "zone": -1})
    assert house.stage.state()["ab"] == {"a": "bow", "b": "voice", "on": "b"}


def test_after_a_morph_a_and_b_are_what_it_lies_between(house: House):
    house.ask("POST", "/morph", json={"first": "bow", "second": "voice", "share": 0.5})
    house.stage.set(preset="between")
    house.ask("POST", "/ab", json={})
    assert house.eventually(lambda: ("select", {"preset": "bow", "zone": -1}) in house.engine.told)
    assert house.stage.state()["ab"] == {"a": "bow", "b": "voice", "on": "a"}


def test_no_morph_asked_for_before_a_preset_was_chosen_sounds_after_it(house: House):
    for share in (0.1, 0.2, 0.3):
        house.ask("POST", "/morph", json={"first": "bow", "second": "voice", "share": share})
    house.ask("POST", "/select", json={"preset": "pluck"})
    time.sleep(2 * EVERY_S)
    assert house.told == ("select", {"preset": "pluck", "zone": -1})


def test_of_many_morphs_the_last_is_played(house: House):
    for share in (0.1, 0.2, 0.3, 0.4):
        house.ask("POST", "/morph", json={"first": "bow", "second": "voice", "share": share})
    assert house.eventually(lambda: house.last_tone() == 0.4)
    assert len(house.engine.told) <= 4
    assert house.stage.state()["morph"] == {"first": "bow", "second": "voice", "share": 0.4}
