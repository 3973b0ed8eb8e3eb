"""`embouchure space analyse`: a corpus is measured once, and goes on where it was interrupted."""

import json
import sys
from pathlib import Path

import pytest

from embouchure.cli import main
from synth.training.corpus import read_corpus, thin
from tests.synth.training.toy_corpus import write_toy_corpus


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_toy_corpus(tmp_path_factory.mktemp("toy"))


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Run the verb; its exit code."""
    monkeypatch.setattr(sys, "argv", ["embouchure", "space", "analyse", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_it_tells_how_many_notes_were_analysed_and_where(
    corpus: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    n_notes = len(read_corpus(corpus))
    assert run(monkeypatch, str(corpus), "--cache", str(tmp_path), "--jobs", "1", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {"notes": n_notes, "analysed": n_notes, "cache": str(tmp_path)}
    assert len(list(tmp_path.iterdir())) == n_notes


def test_it_analyses_what_training_uses(
    corpus: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.setattr("synth.training.corpus.thin", lambda notes: thin(notes, 4))
    assert run(monkeypatch, str(corpus), "--cache", str(tmp_path), "--jobs", "1", "--json") == 0
    assert json.loads(capsys.readouterr().out)["notes"] == len(thin(read_corpus(corpus), 4))


def test_ctrl_c_says_that_what_is_done_is_kept(
    corpus: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("synth.training.features._write", stop)
    assert run(monkeypatch, str(corpus), "--cache", str(tmp_path), "--jobs", "1") == 130
    told = capsys.readouterr().err
    assert "What is done is kept; the same command goes on from there." in told


def test_a_folder_without_notes_is_refused_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    assert run(monkeypatch, str(tmp_path)) == 1
    assert "holds no notes to train on" in capsys.readouterr().err
