"""A factory preset that is added later hides no preset of the player's own."""

import pytest

from presets import labels, library, setlists, store
from presets.making_way import make_way
from presets.setlist import Setlist, SetlistEntry
from tests.presets.test_preset import a_preset


@pytest.fixture
def siren(monkeypatch: pytest.MonkeyPatch) -> None:
    """A preset of the player's own, saved before the factory had one of that name."""
    later = store.factory_names()
    monkeypatch.setattr(store, "factory_names", lambda: [one for one in later if one != "siren"])
    library.save(library.with_fields(a_preset("siren"), description="My siren."))
    library.change("siren", description="My louder siren.")
    labels.favour("siren")
    setlists.save_setlist(Setlist(name="friday", entries=(SetlistEntry(preset="siren"),)))
    monkeypatch.setattr(store, "factory_names", lambda: later)


@pytest.mark.usefixtures("siren")
def test_it_is_found_under_another_name_with_all_that_belongs_to_it():
    assert store.load("siren").card.description != "My louder siren."
    (said,) = make_way()
    assert said == (
        "Your own preset siren is called siren-2 now, as a factory preset has that name."
    )
    assert store.load("siren-2").card.description == "My louder siren."
    assert len(library.versions("siren-2")) == 3
    assert [entry.preset for entry in setlists.load_setlist("friday").entries] == ["siren-2"]
    assert (labels.read_marks("siren-2").is_favourite, labels.read_marks("siren").is_favourite) == (
        True,
        False,
    )
    assert make_way() == []


@pytest.mark.usefixtures("siren")
def test_one_that_is_damaged_stays_where_it_is_and_that_is_said():
    path = store.user_folder() / "siren.preset"
    path.write_bytes(b"PK")
    (said,) = make_way()
    assert said.startswith("Your own preset siren is hidden by the factory's of that name: ")
    assert path.read_bytes() == b"PK"


def test_where_nothing_is_hidden_nothing_is_said():
    library.save(a_preset("reed"))
    assert make_way() == []
    assert "reed" in store.names()
