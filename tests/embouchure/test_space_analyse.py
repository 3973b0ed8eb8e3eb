"""`embouchure space analyse`: a corpus is measured once, and goes on where it was interrupted."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from embouchure.cli import app
from synth.training.corpus import read_corpus
from tests.synth.training.toy_corpus import write_toy_corpus

runner = CliRunner()


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_toy_corpus(tmp_path_factory.mktemp("toy"))


def test_it_tells_how_many_notes_were_analysed_and_where(corpus: Path, tmp_path: Path):
    told = runner.invoke(
        app, ["space", "analyse", str(corpus), "--cache", str(tmp_path), "--jobs", "1", "--json"]
    )
    n_notes = len(read_corpus(corpus))
    assert json.loads(told.stdout) == {
        "notes": n_notes, "analysed": n_notes, "cache": str(tmp_path)
    }  # fmt: skip
    assert len(list(tmp_path.iterdir())) == n_notes


def test_ctrl_c_says_how_far_it_came(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("synth.training.features._write", stop)
    told = runner.invoke(
        app, ["space", "analyse", str(corpus), "--cache", str(tmp_path), "--jobs", "1"]
    )
    assert told.exit_code == 130
    assert "the same command goes on" in told.output
