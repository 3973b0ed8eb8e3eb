"""Setlists: presets in the order in which they are played."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presets import library, setlists
from presets.refusal import PresetError
from presets.setlist import MAX_ENTRIES, Setlist, SetlistEntry, make_entry
from presets.setlists import (
    delete_setlist,
    load_setlist,
    new_setlist,
    read_setlist,
    revert_setlist,
    save_setlist,
    setlist_names,
    setlist_versions,
)
from tests.presets.test_preset import a_preset


def of(*presets: str) -> Setlist:
    return Setlist(name="friday", entries=tuple(SetlistEntry(preset=name) for name in presets))


def order(setlist: Setlist) -> list[str]:
    return [entry.preset for entry in setlist.entries]


def test_a_setlist_is_kept_as_it_was_made():
    setlist = of("bow").with_entry(
        make_entry(preset="pluck", title="Slow air", gain_db=-2, transpose_semitones=12)
    )
    save_setlist(setlist)
    assert load_setlist("friday") == setlist
    assert setlist_names() == ["friday"]


def test_entries_go_where_they_are_put():
    entry = make_entry(preset="voice")
    assert order(of("bow", "pluck").with_entry(entry)) == ["bow", "pluck", "voice"]
    assert order(of("bow", "pluck").with_entry(entry, 1)) == ["voice", "bow", "pluck"]
    assert order(of("a", "b", "c").moved(3, 1)) == ["c", "a", "b"]
    assert order(of("a", "b", "c").moved(1, 3)) == ["b", "c", "a"]
    assert order(of("a", "b", "c").without(2)) == ["a", "c"]


@given(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=8), st.data())
def test_moving_there_and_back_changes_nothing(names: list[str], data: st.DataObject):
    places = st.integers(1, len(names))
    place, to = data.draw(places), data.draw(places)
    assert of(*names).moved(place, to).moved(to, place) == of(*names)


@pytest.mark.parametrize(("place", "to"), [(0, 1), (3, 1), (1, 0), (1, 3), (-1, 1)])
def test_a_place_that_is_not_there_is_answered_with_those_that_are(place: int, to: int):
    with pytest.raises(PresetError, match="choose from 1 to 2"):
        of("a", "b").moved(place, to)
    with pytest.raises(PresetError, match="none, as it is empty"):
        of().without(1)


def test_there_is_no_place_before_the_first():
    with pytest.raises(PresetError, match="has no place 0; choose from 1 to 2"):
        of("bow").with_entry(make_entry(preset="voice"), 0)


def test_a_full_setlist_takes_no_more():
    with pytest.raises(PresetError, match=f"at most {MAX_ENTRIES}"):
        of(*["bow"] * MAX_ENTRIES).with_entry(make_entry(preset="bow"))


@pytest.mark.parametrize(
    "fields",
    [{"gain_db": 99}, {"transpose_semitones": 37}, {"title": "\x1b[2J"}, {"preset": "../a"}],
)
def test_a_value_that_is_not_allowed_is_named(fields: dict[str, object]):
    with pytest.raises(PresetError, match=next(iter(fields))):
        make_entry(**{"preset": "bow", **fields})
    with pytest.raises(PresetError, match=next(iter(fields))):
        of("bow").changed(1, **fields)


def test_every_version_stays_even_of_a_deleted_one():
    new_setlist("friday")
    save_setlist(of("bow"))
    delete_setlist("friday")
    assert setlist_names() == []
    assert [version.number for version in setlist_versions("friday")] == [1, 2]
    assert revert_setlist("friday") == of("bow")
    assert revert_setlist("friday", 1) == of()
    with pytest.raises(PresetError, match="the versions kept are 1, 2, 3"):
        revert_setlist("friday", 9)


def test_a_preset_with_a_new_name_stays_in_its_setlists():
    library.save(a_preset("reed"))
    save_setlist(of("reed", "bow", "reed"))
    (setlists.folder() / "broken.json").write_bytes(b"{")
    library.rename("reed", "cane")
    assert order(load_setlist("friday")) == ["cane", "bow", "cane"]


def test_a_setlist_is_called_by_its_file():
    save_setlist(of("bow"))
    (setlists.folder() / "friday.json").rename(setlists.folder() / "monday.json")
    assert load_setlist("monday").name == "monday"


def test_a_setlist_that_was_never_saved_here_has_no_versions():
    save_setlist(of("bow"))
    (setlists.folder() / "friday.json").rename(setlists.folder() / "monday.json")
    with pytest.raises(PresetError, match="monday has no such version; the versions kept are none"):
        revert_setlist("monday")


def test_a_name_that_is_taken_or_impossible_is_refused():
    new_setlist("friday")
    for name in ("friday", "con", "../x"):
        with pytest.raises(PresetError, match=r"already|cannot be a name"):
            new_setlist(name)


def test_an_unknown_setlist_is_answered_with_the_known_ones():
    new_setlist("friday")
    with pytest.raises(PresetError, match="no setlist 'monday'; choose one of friday"):
        load_setlist("monday")
    with pytest.raises(PresetError, match=r"no setlist 'fridays' \(perhaps 'friday'\); choose"):
        load_setlist("fridays")


def test_where_there_is_no_setlist_at_all_it_is_said_how_to_begin_one():
    for act in (load_setlist, delete_setlist, revert_setlist):
        with pytest.raises(PresetError, match="nor any other yet; embouchure setlist new monday"):
            act("monday")


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_bytes_that_are_no_setlist_end_in_one_sentence(content: bytes):
    with pytest.raises(PresetError) as refused:
        read_setlist("friday", content)
    assert "\n" not in str(refused.value)
