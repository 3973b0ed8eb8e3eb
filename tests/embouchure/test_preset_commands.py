"""`embouchure presets ...`: every verb, for people and for scripts."""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from embouchure.cli import main
from presets import library, setlists, spaces, store
from tests.presets.test_preset import a_preset

Run = Callable[..., str]
VERBS = {
    "list": (),
    "search": ("reed",),
    "show": ("reed",),
    "edit": ("reed", "--description", "Another reed.", "--gain-db", "-3"),
    "tag": ("bow", "solo"),
    "favourite": ("bow",),
    "rename": ("reed", "cane"),
    "duplicate": ("bow", "my-bow"),
    "delete": ("reed",),
    "trash": (),
    "restore": ("gone",),
    "history": ("reed",),
    "revert": ("reed", "1"),
    "import": ("a.preset",),
    "export": ("reed", "b.preset"),
    "morph": ("breath", "bow", "bowed-breath", "--share", "0.3"),
    "move": (),
}


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "user_folder", lambda: tmp_path / "presets")
    monkeypatch.setattr(spaces, "user_folder", lambda: tmp_path / "spaces")
    monkeypatch.setattr(setlists, "folder", lambda: tmp_path / "setlists")
    monkeypatch.chdir(tmp_path)
    for name in ("reed", "gone"):
        library.save(a_preset(name))
    library.delete("gone")
    store.save(a_preset("horn"), tmp_path / "a.preset")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run_command(*arguments: str, code: int = 0) -> str:
        monkeypatch.setattr(sys, "argv", ["embouchure", "presets", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        assert int(ended.value.code or 0) == code, said.err
        return said.err if code else said.out

    return run_command


def answer(run: Run, *arguments: str) -> Any:  # noqa: ANN401
    return json.loads(run(*arguments, "--json"))


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_helps_with_an_example_and_answers_in_json(run: Run, verb: str):
    assert re.search(rf"Examples?: embouchure presets {verb}", run(verb, "--help"))
    assert answer(run, verb, *VERBS[verb]) is not None


@pytest.mark.parametrize("verb", ["compare", "refit"])
def test_what_takes_long_helps_with_an_example_too(run: Run, verb: str):
    assert re.search(rf"Examples?: embouchure presets {verb}", run(verb, "--help"))


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_answers_people(run: Run, verb: str):
    assert "Traceback" not in run(verb, *VERBS[verb])


def test_a_favourite_is_found_by_its_tag(run: Run):
    run("favourite", "bow")
    run("tag", "bow", "dark", "solo")
    assert answer(run, "tag", "bow", "--remove", "dark")["tags"] == ["solo"]
    (found,) = answer(run, "search", "--tag", "solo", "--favourites")
    assert (found["name"], found["is_favourite"], found["is_factory"]) == ("bow", True, True)
    run("favourite", "bow", "--off")
    assert answer(run, "search", "--favourites") == []
    assert run("search", "--favourites").startswith("No preset is like that;")


def test_a_factory_presets_own_tags_are_not_said_to_be_gone(run: Run):
    said = run("tag", "bow", "dark")
    assert said == "bow has these tags of yours, beside its own: dark.\n"


def test_an_edit_is_a_version_that_can_be_taken_back(run: Run):
    edited = answer(run, "edit", "reed", "--description", "Softer.", "--gain-db", "-6")
    assert (edited["version"], edited["gain_db"]) == (2, -6.0)
    assert answer(run, "revert", "reed", "1")["version"] == 3
    assert answer(run, "show", "reed")["description"] == "A reed."
    assert [version["number"] for version in answer(run, "history", "reed")["versions"]] == [
        1,
        2,
        3,
    ]


def test_a_preset_given_away_can_be_taken_back(run: Run):
    written = answer(run, "export", "reed", "out.preset")
    assert Path(written["path"]).stat().st_size == written["bytes"]
    assert answer(run, "import", "out.preset") == {"name": "reed-2", "has_space": False}


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "kazoo"),
        ("edit", "bow", "--description", "Mine."),
        ("edit", "reed", "--gain-db", "99"),
        ("edit", "reed"),
        ("rename", "reed", "CON"),
        ("delete", "bow"),
        ("restore", "kazoo"),
        ("revert", "reed", "9"),
        ("history", "../reed"),
        ("history", "kazoo"),
        ("import", "gone.preset"),
        ("export", "reed", "x.wav"),
        ("morph", "bow", "voice", "breath"),
        ("morph", "bow", "reed", "mine"),
        ("compare", "bow", "kazoo"),
        ("refit", "reed", "--space", "gone.safetensors"),
        ("move", "reed"),
        ("move", "bow"),
        ("refit", "bow", "--space", "a.preset"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_done_ends_in_one_sentence(run: Run, arguments: tuple[str, ...]):
    said = run(*arguments, code=1)
    assert said.startswith("embouchure: ")
    assert said.count("\n") == 1


@pytest.mark.parametrize("arguments", [("history", "red"), ("revert", "red", "1")], ids=" ".join)
def test_versions_of_a_preset_that_never_was_are_answered_with_the_name_that_is_meant(
    run: Run, arguments: tuple[str, ...]
):
    assert "there is no preset 'red' (perhaps 'reed')" in run(*arguments, code=1)


def test_the_versions_of_a_deleted_preset_are_still_told(run: Run):
    assert len(answer(run, "history", "gone")["versions"]) == 1


def test_nobody_is_told_to_delete_a_factory_preset_for_its_name(run: Run):
    said = run("morph", "bow", "voice", "breath", code=1)
    assert said == "embouchure: there is a preset breath already; choose another name\n"
