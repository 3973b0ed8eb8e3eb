"""What a player meets when exploring from the command line."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from calibration.exploration.exploration import begin, resume
from embouchure.cli import main
from tests.presets.test_exchange import another_space

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")

    def run_command(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["embouchure", "explore", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        return int(ended.value.code or 0), captured.out, captured.err

    return run_command


@pytest.fixture
def found(run: Run) -> Any:  # noqa: ANN401
    code, out, _ = run("new", "caves", "--count", "12", "--jobs", "1", "--json")
    assert code == 0
    return json.loads(out)


def numbers_of(out: str) -> list[int]:
    return [entry["number"] for entry in json.loads(out)]


def test_a_new_exploration_tells_what_it_found(found: Any, run: Run):  # noqa: ANN401
    assert (found["name"], found["kept"], found["wanted"]) == ("caves", 12, 12)
    assert json.loads(run("list", "--json")[1])[0] == found


def test_the_same_command_goes_on_with_what_is_there(found: Any, run: Run):  # noqa: ANN401
    assert json.loads(run("new", "caves", "--jobs", "1", "--json")[1]) == found


def test_other_wishes_for_what_was_begun_are_refused(found: Any, run: Run):  # noqa: ANN401
    code, _, err = run("new", found["name"], "--seed", "3")
    assert code == 1
    assert err == (
        "embouchure: caves was begun with --seed 0; say the same, or choose another name\n"
    )


def test_what_was_begun_stays_in_its_space(found: Any, run: Run, tmp_path: Path):  # noqa: ANN401
    other = another_space(tmp_path / "other.safetensors")
    code, _, err = run("new", found["name"], "--space", str(tmp_path / "other.safetensors"))
    assert code == 1
    assert err.startswith("embouchure: caves was begun in the space ")
    assert other.sha256[:12] not in err


def test_an_exploration_is_of_the_space_that_is_named(run: Run, tmp_path: Path):
    other = another_space(tmp_path / "other.safetensors")
    place = str(tmp_path / "other.safetensors")
    code, *_ = run("new", "far", "--count", "9", "--jobs", "1", "--space", place)
    assert code == 0
    assert resume("far").settings.space_sha256 == other.sha256


def test_a_page_is_shown_starred_turned_and_bred_from(found: Any, run: Run):  # noqa: ANN401
    page = numbers_of(run("show", "--json")[1])
    assert len(page) == 9
    starred = json.loads(run("star", str(page[0]), str(page[3]), "--json")[1])["starred"]
    assert starred == sorted([page[0], page[3]])
    assert numbers_of(run("show", "--starred", "--json")[1]) == starred
    assert not set(numbers_of(run("show", "--next", "--json")[1])) & set(page)
    born = json.loads(run("breed", "--children", "2", "--json")[1])
    assert [entry["candidate"]["parents"] for entry in born] == [starred, starred]
    assert json.loads(run("unstar", str(page[0]), "--json")[1])["starred"] == [page[3]]
    assert found["name"] in run("list")[1]


@pytest.mark.usefixtures("found")
def test_without_a_device_the_files_are_named(run: Run, monkeypatch: pytest.MonkeyPatch):
    from synth.outputs import DeviceError

    def refuse(_path: Path, _device: str | None) -> None:
        raise DeviceError("there is no sound output now; connect one")

    monkeypatch.setattr("embouchure.hearing.hear", refuse)
    told = json.loads(run("hear", "--json")[1])
    assert len(told) == 9
    assert all(Path(one["file"]).exists() and not one["played"] for one in told)
    out = run("hear", str(told[1]["number"]), "--phrase")[1]
    assert "It cannot be played: there is no sound output now" in out
    assert "-phrase.flac" in out


@pytest.mark.usefixtures("found")
def test_sounds_are_played_in_turn(run: Run, monkeypatch: pytest.MonkeyPatch):
    played: list[Path] = []
    monkeypatch.setattr("embouchure.hearing.hear", lambda path, _device: played.append(path))
    told = json.loads(run("hear", "--json")[1])
    assert [str(path) for path in played] == [one["file"] for one in told]
    assert all(one["played"] for one in told)


@pytest.mark.usefixtures("found")
def test_a_found_sound_becomes_a_target(run: Run, tmp_path: Path):
    number = str(numbers_of(run("show", "--json")[1])[0])
    made = json.loads(run("use", number, "glass", "--as", "target", "--json")[1])
    assert Path(made["file"]) == tmp_path / "embouchure" / "targets" / "glass.target"
    assert run("use", number, "bow")[2].startswith("embouchure: there is a preset bow already")


def test_dask_that_is_not_installed_is_named(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    code, _, err = run("new", "far", "--count", "9", "--scheduler", "tcp://127.0.0.1:1")
    assert code == 1
    assert err.startswith(
        "embouchure: --scheduler needs Dask's distributed, which is not installed"
    )
    assert err.count("\n") == 1


def test_ctrl_c_keeps_what_is_done(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("calibration.exploration.generation.CHUNK", 4)
    keep = "calibration.exploration.archive.Archive.keep"
    from calibration.exploration.archive import Archive

    plain = Archive.keep

    def keep_and_stop(self: Archive, results: Any) -> None:  # noqa: ANN401
        plain(self, results)
        raise KeyboardInterrupt

    monkeypatch.setattr(keep, keep_and_stop)
    code, out, err = run("new", "cut", "--count", "9", "--jobs", "1", "--json")
    assert (code, out) == (130, "")
    assert "of 9; `embouchure explore new cut` goes on" in err
    monkeypatch.setattr(keep, plain)
    assert json.loads(run("new", "--jobs", "1", "--json")[1])["kept"] == 9


def test_without_an_exploration_each_verb_says_how_to_begin(run: Run):
    for words in (("show",), ("hear",), ("star", "1"), ("breed",), ("use", "1", "glass")):
        code, _, err = run(*words)
        assert (code, err) == (
            1,
            "embouchure: there is no exploration yet; begin one with `embouchure explore new`\n",
        )


def test_an_exploration_that_was_only_begun_says_how_to_go_on(run: Run):
    begin("bare", count=9)
    assert "has no sounds yet; run `embouchure explore new bare`" in run("show")[2]


def test_a_damaged_exploration_hides_no_other(found: Any, run: Run, tmp_path: Path):  # noqa: ANN401
    broken = tmp_path / "embouchure" / "explorations" / "broken"
    broken.mkdir()
    (broken / "index.sqlite").write_bytes(b"none" * 1000)
    out = run("list")[1]
    assert "the exploration broken is damaged; delete the folder" in out
    assert found["name"] in out
    code, _, err = run("show", "--in", "broken")
    assert (code, err.count("\n")) == (1, 1)
