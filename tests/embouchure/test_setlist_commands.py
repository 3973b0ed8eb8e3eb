"""`embouchure setlist ...`: every verb, for people and for scripts."""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from embouchure.cli import main
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
