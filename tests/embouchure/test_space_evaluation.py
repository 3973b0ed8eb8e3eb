"""`embouchure space evaluate` as it is typed."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from embouchure.cli import app
from synth.training.corpus import CorpusError
from tests.synth.training.toy_corpus import write_toy_corpus


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.mark.slow
def test_a_corpus_gives_figures_for_scripts_and_a_page(tmp_path: Path):
    corpus, page = write_toy_corpus(tmp_path / "corpus"), tmp_path / "page"
    typed = ["space", "evaluate", "--corpus", str(corpus), "-o", str(page), "--jobs", "1", "--json"]
    shown = CliRunner().invoke(app, typed, catch_exceptions=False)
    (found,) = json.loads(shown.stdout)
    assert found["systems"]["original"]["mel_db"]["value"] == 0.0
    assert json.loads((page / "evaluation.json").read_text()) == found
    assert (page / "index.html").exists()


def test_a_folder_that_is_no_corpus_is_refused(tmp_path: Path):
    typed = ["space", "evaluate", "--corpus", str(tmp_path)]
    with pytest.raises(CorpusError, match="holds no notes to train on"):
        CliRunner().invoke(app, typed, catch_exceptions=False)
