"""Refining from the command line: one step at a time, every step a version."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from calibration.demonstrations import take_store
from calibration.demonstrations.diploma import bundle_of, takes_in
from calibration.demonstrations.take import take_of
from calibration.demonstrations.take_store import TakeStore
from calibration.refinements import versions
from calibration.refinements.gains import Gains
from calibration.refinements.refinement import Refinement
from embouchure import folders, refine_session
from embouchure.cli import main
from mapper.recorder import Recorder
from presets import store
from presets.library import open_bundle
from tests.calibration.readable import a_phrase, readable_preset
from tests.calibration.test_pupil import pupil, takes, taught
from tests.calibration.test_takes import target

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (versions, take_store, folders):
        monkeypatch.setattr(module, "user_data_path", lambda *_, **__: tmp_path)
    monkeypatch.setattr(store, "user_folder", lambda: tmp_path / "presets")
    store.save(readable_preset("reed"), tmp_path / "presets" / "reed.preset")


@pytest.fixture
def solo(tmp_path: Path) -> Path:
    """Two notes, each pressed, the second brighter."""
    recorder = Recorder()
    for at_s, data in (
        (0.0, b"\x91\x3c\x50"), (0.1, b"\xd1\x50"), (0.2, b"\xb1\x4a\x20"), (1.0, b"\x81\x3c\x40"),
        (1.5, b"\x92\x48\x60"), (1.6, b"\xd2\x60"), (1.7, b"\xb2\x4a\x60"), (2.5, b"\x82\x48\x40"),
    ):  # fmt: skip
        recorder.record(at_s, 0, data)
    recorder.export(tmp_path / "solo.mid")
    return tmp_path / "solo.mid"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run_command(*arguments: str | Path) -> tuple[int, str, str]:
        words = ["embouchure", "calibrate", "refine", "reed", *map(str, arguments)]
        monkeypatch.setattr(sys, "argv", words)
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        return int(ended.value.code or 0), captured.out, captured.err

    return run_command


def test_more_of_something_in_a_stretch_is_a_version(run: Run, solo: Path) -> None:
    words = ("--more", "bright", "--from-s", "1.5", "--to-s", "2.5", "--take", solo)
    code, out, _ = run(*words, "--json")
    told = json.loads(out)
    assert code == 0
    assert told["version"] == 2
    assert told["done"] == "More bright from 1.5 to 2.5 s"


def test_steps_are_undone_and_done_again(run: Run, solo: Path) -> None:
    run("--less", "loud", "--take", solo)
    run("--set", "dynamics=1.3")
    assert "Version 2" in run("--undo")[1]
    assert "Version 3" in run("--redo")[1]
    assert "Version 1: Began from reed." in run("--to", "1")[1]
    code, out, _ = run("--history")
    assert code == 0
    assert "Less loud" in out


def test_gains_are_set_one_by_one(run: Run) -> None:
    run("--set", "dynamics=1.3")
    told = json.loads(run("--set", "brightness=0.2", "--json")[1])
    assert told["gains"]["dynamics"] == 1.3
    assert told["gains"]["brightness"] == 0.2


def test_it_is_said_how_to_play_what_came_of_a_step(run: Run) -> None:
    command = "embouchure calibrate refine reed --keep"
    assert f"To play it: {command} NAME" in run("--set", "dynamics=1.3")[1]
    assert command not in run("--keep", "mine")[1]


def test_a_surprise_and_none_again(run: Run, solo: Path) -> None:
    run("--wander", "0.5", "--seed", "4", "--take", solo)
    told = json.loads(run("--wander", "0", "--json")[1])
    assert [one["done"] for one in told["history"]][1:] == [
        "Wander by 0.5, draw 4",
        "No more wandering",
    ]


def test_what_is_refined_is_kept_under_a_name_of_its_own(run: Run, solo: Path) -> None:
    run("--more", "loud", "--take", solo)
    code, out, _ = run("--keep", "reed-mine")
    assert code == 0
    assert "embouchure play --preset reed-mine" in out
    kept = store.load("reed-mine")
    assert kept.card.provenance.origin == "refined"
    assert kept.mapping.residual
    assert store.load("reed").mapping.residual is None


def test_a_rated_take_counts_so_from_then_on(run: Run, tmp_path: Path) -> None:
    take = take_of(target(), a_phrase().gestures[0], (), "20261122-a")
    kept = TakeStore(take_store.takes_folder() / "session")
    kept.keep(take)
    code, out, _ = run("--rate", "5", "--take", "20261122-a")
    assert code == 0
    assert "reed holds no takes; the rating counts when you teach by that take" in out
    assert kept.takes()[0].weight == 4.0
    assert "calibrate demo reed --target" in run("--again", "--take", "20261122-a")[1]
    assert kept.takes()[0].weight == 0.0


def test_without_a_name_the_take_that_was_played_last_is_rated(run: Run) -> None:
    for session, key in (("1 reed", "20261122-b"), ("2 reed", "20261123-a")):
        take = take_of(target(), a_phrase().gestures[0], (), key)
        TakeStore(take_store.takes_folder() / session).keep(take)
    assert run("--rate", "5")[0] == 0
    sessions = sorted(take_store.takes_folder().iterdir())
    weights = [TakeStore(session).takes()[0].weight for session in sessions]
    assert weights == [1.0, 4.0]


def test_without_a_name_the_last_take_in_a_taught_preset_is_rated(tmp_path: Path) -> None:
    bundle = bundle_of(pupil(), taught(), takes(), "mine")
    (tmp_path / "presets" / "mine.preset").write_bytes(bundle.to_bytes())
    rated = refine_session.rate(Refinement.of("mine"), "mine", refine_session.LATEST, 2)
    assert rated.key == max(take.key for take in takes())


def test_a_taught_preset_learns_anew_as_its_takes_are_rated(tmp_path: Path) -> None:
    bundle = bundle_of(pupil(), taught(), takes(), "mine")
    (tmp_path / "presets" / "mine.preset").write_bytes(bundle.to_bytes())
    work = Refinement.of("mine")
    work.turn(Gains(dynamics=1.2))
    refine_session.rate(work, "mine", takes()[0].key, 1)
    said = refine_session.learn_anew(work, "mine")
    assert f"{len(takes()) - 1} takes" in said
    assert work.gains == Gains(dynamics=1.2)
    expected = pupil().teach(takes()[1:])
    if expected.adopted:
        assert np.array_equal(work.ground.mapping.blob(), expected.preset.mapping.blob())
    refine_session.keep(work, "mine", "mine-too")
    assert len(takes_in(open_bundle("mine-too"))) == len(takes())


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--more", "funky", "--take", "SOLO"), "'funky' means nothing here; say loud, bright, wobble"),
        (("--more", "loud", "--take", "gone"), "there is no take 'gone'"),
        (("--more", "loud", "--from-s", "9", "--to-s", "9.5", "--take", "SOLO"), "nothing was played"),
        (("--more", "loud"), "nothing is recorded yet; name a MIDI file"),
        (("--more", "loud", "--from-s", "9", "--take", "SOLO"), "the take ends at 2.5 s"),
        (("--rate", "3"), "there is no take of a demonstration"),
        (("--set", "bass=2"), "there is no gain 'bass'; choose"),
        (("--set", "dynamics"), "is no gain; write NAME=VALUE"),
        (("--undo",), "nothing to undo"),
        (("--to", "9"), "there is no version 9"),
        (("--undo", "--redo"), "--undo and --redo are two steps"),
        (("--keep", "breath"), "breath is a factory preset and stays as it is"),
        (("--rate", "3", "--take", "gone"), "there is no take 'gone' of a demonstration"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_in_one_sentence(
    run: Run, solo: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    code, _, err = run(*(str(solo) if word == "SOLO" else word for word in arguments))
    assert code == 1
    assert sentence in err
    assert len(err.strip().splitlines()) == 1
