"""The player's own presets: nothing that is done to them loses one."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from presets import labels, library, store
from presets.catalogue import entry, search
from presets.refusal import PresetError
from tests.presets.shelf import a_bundle
from tests.presets.test_preset import a_preset


def description(name: str) -> str:
    return store.load(name).card.description


def test_a_preset_is_saved_under_its_name_with_what_it_came_from(tmp_path: Path):
    assert library.save(a_bundle(tmp_path)) == 1
    assert library.open_bundle("reed").sources == a_bundle(tmp_path).sources
    assert store.load("reed").card == a_preset("reed").card


def test_every_version_stays_and_any_can_be_brought_back(tmp_path: Path):
    library.save(a_bundle(tmp_path))
    library.change("reed", description="A darker reed.")
    library.change("reed", description="A wilder reed.")
    assert [version.number for version in library.versions("reed")] == [1, 2, 3]
    assert library.revert("reed", 2) == 4
    assert description("reed") == "A darker reed."
    assert library.open_bundle("reed").sources == a_bundle(tmp_path).sources


def test_a_file_put_there_by_hand_enters_the_history_before_it_is_replaced(tmp_path: Path):
    store.save(a_preset("reed"), store.user_folder() / "reed.preset")
    library.change("reed", description="Another reed.")
    assert library.revert("reed", 1) == 3
    assert description("reed") == "A reed."


def test_an_unknown_version_is_answered_with_the_known_ones():
    library.save(a_preset("reed"))
    with pytest.raises(PresetError, match=r"no version 9; the versions kept are 1"):
        library.revert("reed", 9)


def test_a_value_that_is_not_allowed_is_named_and_nothing_changes():
    library.save(a_preset("reed"))
    with pytest.raises(PresetError, match="description"):
        library.change("reed", description="\x1b[2J")
    assert len(library.versions("reed")) == 1


@pytest.mark.parametrize(
    "act",
    [
        lambda: library.save(a_preset("bow")),
        lambda: library.change("bow", description="Mine."),
        lambda: library.rename("bow", "mine"),
        lambda: library.delete("bow"),
        lambda: library.revert("bow", 1),
    ],
    ids=["save", "change", "rename", "delete", "revert"],
)
def test_a_factory_preset_stays_as_it_is(act: Callable[[], object]):
    with pytest.raises(PresetError, match="bow is a factory preset"):
        act()


def test_a_factory_preset_can_be_duplicated_and_the_copy_changed():
    assert library.duplicate("bow") == "bow-2"
    library.change("bow-2", description="Mine.")
    assert (description("bow-2"), description("bow")) != ("Mine.", "Mine.")


def test_a_copy_of_a_copy_still_says_which_factory_preset_it_comes_from():
    library.duplicate("bow", "mine")
    library.duplicate("mine", "yours")
    library.rename("yours", "ours")
    (origin,) = store.load("ours").card.provenance.ancestors
    assert (origin.name, origin.sha256) == ("bow", store.load("bow").sha256)


@pytest.mark.parametrize("name", ["bow", "reed"])
def test_tags_are_added_and_removed(name: str):
    library.save(a_preset("reed"))
    labels.tag(name, ("stage", "solo"))
    labels.tag(name, ("late",), remove=("solo",))
    assert {"stage", "late"} <= set(entry(name).tags)
    assert "solo" not in entry(name).tags


def test_favourites_are_found_and_survive_a_new_name():
    library.save(a_preset("reed"))
    for name in ("reed", "bow"):
        labels.favour(name)
    library.rename("reed", "cane")
    labels.favour("bow", is_favourite=False)
    assert [found.name for found in search(favourites_only=True)] == ["cane"]


def test_a_search_needs_every_word_and_every_tag():
    library.save(a_preset("reed"))
    labels.tag("reed", ("dark", "solo"))
    assert [found.name for found in search("REED a", ["dark", "wind"])] == ["reed"]
    assert search("reed brass") == []
    assert search("reed", ["dark", "brass"]) == []


def test_a_new_name_takes_the_versions_along_and_leaves_the_old_file_in_the_trash(tmp_path: Path):
    library.save(a_bundle(tmp_path))
    library.change("reed", description="A darker reed.")
    library.rename("reed", "cane")
    assert "reed" not in store.names()
    assert store.load("cane").card.name == "cane"
    assert len(library.versions("cane")) == 3
    library.revert("cane", 1)
    assert (description("cane"), store.load("cane").card.name) == ("A reed.", "cane")
    assert library.trashed() == ["reed"]


def test_a_deleted_preset_comes_back_from_the_trash(tmp_path: Path):
    library.save(a_bundle(tmp_path))
    library.delete("reed")
    assert "reed" not in store.names()
    library.restore("reed")
    assert library.open_bundle("reed").sources == a_bundle(tmp_path).sources
    assert library.trashed() == []


def test_what_is_not_in_the_trash_is_answered_with_what_is():
    library.save(a_preset("reed"))
    library.delete("reed")
    with pytest.raises(PresetError, match="no cane in the trash; it holds reed"):
        library.restore("cane")


@pytest.mark.parametrize("act", [library.rename, library.duplicate])
@pytest.mark.parametrize("taken", ["bow", "cane"])
def test_a_name_that_is_taken_is_refused(act: Callable[..., object], taken: str):
    library.save(a_preset("reed"))
    library.save(a_preset("cane"))
    with pytest.raises(PresetError, match=f"a preset {taken} already"):
        act("reed", taken)


@pytest.mark.parametrize("name", ["CON", "con", "lpt1", "../x", "a b", "", "x" * 33, "é", ".x"])
def test_a_name_that_some_computer_cannot_keep_is_refused(name: str):
    library.save(a_preset("reed"))
    for act in (library.rename, library.duplicate):
        if name or act is library.rename:
            with pytest.raises(PresetError, match="cannot be a name"):
                act("reed", name)


def test_a_damaged_preset_is_listed_with_what_is_wrong():
    library.save(a_preset("reed"))
    (store.user_folder() / "reed.preset").write_bytes(b"PK")
    assert not entry("reed").can_be_opened
    assert "damaged" in entry("reed").description
    assert library.revert("reed", 1)
    assert entry("reed").can_be_opened


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path):
    (tmp_path / "presets").write_text("not a folder")
    with pytest.raises(PresetError, match="cannot be written"):
        library.save(a_preset("reed"))


NAMES = st.sampled_from(["reed", "cane", "horn"])


class Player(RuleBasedStateMachine):
    """Does anything in any order; every text ever saved can be found again."""

    @initialize()
    def begin(self) -> None:
        self._count = 0
        self._texts: set[str] = set()
        folder = store.user_folder()
        for path in sorted(folder.rglob("*"), reverse=True) if folder.exists() else []:
            path.unlink() if path.is_file() else path.rmdir()

    @rule(name=NAMES)
    def save(self, name: str) -> None:
        self._count += 1
        text = f"Number {self._count}."
        library.save(library.with_fields(a_preset(name), description=text))
        self._texts.add(text)

    @rule(name=NAMES)
    def delete(self, name: str) -> None:
        self._try(library.delete, name)

    @rule(name=NAMES)
    def restore(self, name: str) -> None:
        self._try(library.restore, name)

    @rule(name=NAMES, new=NAMES)
    def rename(self, name: str, new: str) -> None:
        self._try(library.rename, name, new)

    @rule(name=NAMES, number=st.integers(1, 4))
    def revert(self, name: str, number: int) -> None:
        self._try(library.revert, name, number)

    def _try(self, act: Callable[..., object], *arguments: object) -> None:
        with suppress(PresetError):
            act(*arguments)

    def teardown(self) -> None:
        found = {
            store.load(path).card.description for path in store.user_folder().rglob("*.preset")
        }
        assert found == getattr(self, "_texts", set())
        for name in store.user_names():
            assert store.load(name).card.name == name


def test_nothing_done_in_any_order_loses_what_was_saved():
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        Player,
        settings=settings(
            max_examples=25,
            stateful_step_count=12,
            suppress_health_check=list(HealthCheck),
        ),
    )
