"""`embouchure setlist ...`: every verb, for people and for scripts."""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from embouchure.cli import main
from embouchure.folders import settings_path
from embouchure.play_settings import PlaySettings
from embouchure.settings import change_settings
from presets import setlists

Run = Callable[..., str]
VERBS = {
    "list": (),
    "show": ("friday",),
    "new": ("monday",),
    "add": ("friday", "bow", "--title", "Slow air", "--gain-db", "-2", "--transpose", "12"),
    "change": ("friday", "1", "--gain-db", "-3"),
    "move": ("friday", "2", "1"),
    "remove": ("friday", "1"),
    "delete": ("friday",),
    "revert": ("friday", "2"),
}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setattr(setlists, "folder", lambda: tmp_path / "setlists")

    def run_command(*arguments: str, code: int = 0) -> str:
        monkeypatch.setattr(sys, "argv", ["embouchure", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        assert int(ended.value.code or 0) == code, said.err
        return said.err if code else said.out

    run_command("setlist", "new", "friday")
    run_command("setlist", "add", "friday", "breath")
    run_command("setlist", "add", "friday", "pluck")
    return run_command


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_helps_and_answers_people_and_scripts(run: Run, verb: str):
    assert re.search(rf"Examples?: embouchure setlist {verb}", run("setlist", verb, "--help"))
    assert run("setlist", verb, *VERBS[verb], "--json").strip()
    assert run("setlist", "revert", "friday", "3", "--json").strip()
    if verb != "new":
        assert run("setlist", verb, *VERBS[verb])


def test_entries_are_added_changed_and_moved(run: Run):
    run("setlist", *["add", *VERBS["add"]])
    run("setlist", "move", "friday", "3", "1")
    shown = json.loads(run("setlist", "change", "friday", "1", "--gain-db", "-3", "--json"))
    assert shown["entries"][0] == {
        "preset": "bow",
        "title": "Slow air",
        "gain_db": -3.0,
        "transpose_semitones": 12,
    }
    assert [entry["preset"] for entry in shown["entries"]] == ["bow", "breath", "pluck"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("setlist", "show", "monday"),
        ("setlist", "new", "friday"),
        ("setlist", "add", "friday", "kazoo"),
        ("setlist", "add", "friday", "bow", "--gain-db", "99"),
        ("setlist", "move", "friday", "9", "1"),
        ("play", "--setlist", "monday"),
        ("play", "--setlist", "friday", "--zone-preset", "upper=bow"),
        ("play", "--setlist", "friday", "--next-cc", "64"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_done_ends_in_one_sentence(run: Run, arguments: tuple[str, ...]):
    said = run(*arguments, code=1)
    assert said.startswith("embouchure: ")
    assert said.count("\n") == 1


def test_an_empty_setlist_says_how_to_fill_it(run: Run):
    run("setlist", "new", "monday")
    assert "embouchure setlist add monday" in run("play", "--setlist", "monday", code=1)


def test_a_preset_beside_a_setlist_is_refused(run: Run):
    said = run("play", "--setlist", "friday", "--preset", "bow", code=1)
    assert said == (
        "embouchure: friday begins with a preset of its own; leave --preset or --setlist out\n"
    )


def test_a_gain_that_cannot_be_is_told_what_it_may_be(run: Run):
    said = run("setlist", "add", "friday", "bow", "--gain-db", "99", code=1)
    assert said == (
        "embouchure: its gain_db is not allowed (it must be at most 12); choose another\n"
    )


def begun(run: Run, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> PlaySettings:
    """Give what would be played."""
    told: list[PlaySettings] = []
    monkeypatch.setattr("embouchure.commands.play._play", lambda one, *_, **__: told.append(one))
    run("play", *arguments)
    return told[0]


def test_the_settings_own_preset_does_not_stand_in_a_setlists_way(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    change_settings(preset="bow")
    for kept in ("bow", "gone"):
        settings_path().write_text(f"preset = '{kept}'\n")
        settings = begun(run, monkeypatch, "--setlist", "friday")
        assert (settings.preset, settings.wishes.next_control) == ("breath", 67)


@pytest.mark.parametrize(
    "chosen", [{"macro_controls": [67, 17, 18, 19]}, {"previous_control": 67}], ids=str
)
def test_the_soft_pedal_does_not_step_where_it_does_something_else(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, chosen: dict[str, Any]
):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert change_settings(**chosen).next_control is None
    assert begun(run, monkeypatch, "--setlist", "friday").wishes.next_control is None


def test_a_pedal_that_was_bound_steps_without_a_setlist_too(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert begun(run, monkeypatch).wishes.next_control is None
    assert begun(run, monkeypatch, "--next-key", "21").wishes.next_key == 21
    change_settings(next_control=30)
    assert begun(run, monkeypatch).wishes.next_control == 30
