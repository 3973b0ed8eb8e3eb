"""`embouchure space evaluate` as it is typed."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from embouchure.cli import app
from embouchure.errors import ProgramError
from embouchure.evaluating import Request
from presets.caches import place_of_sounds
from presets.caching import subject_of_sounds
from presets.spaces import factory_space
from synth.training.corpus import CorpusError
from synth.training.evaluation.table import MOVES
from tests.synth.toy_lattice import anchors_plan, written
from tests.synth.training.toy_corpus import write_toy_corpus


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.mark.long
def test_a_corpus_gives_figures_for_scripts_and_a_page(tmp_path: Path):
    corpus, page = write_toy_corpus(tmp_path / "corpus"), tmp_path / "page"
    space = factory_space()
    place = place_of_sounds(space.sha256)
    place.parent.mkdir(parents=True)
    few = anchors_plan(space)
    subject = subject_of_sounds(space, len(space.card.sounds))
    written(replace(few, card=few.card.model_copy(update={"subject": subject})), place)
    typed = ["space", "evaluate", "--corpus", str(corpus), "-o", str(page), "--jobs", "1", "--json"]
    typed += ["--pairs", "1", "--cached"]
    shown = CliRunner().invoke(app, typed, catch_exceptions=False)
    (found,) = json.loads(shown.stdout)
    assert found["systems"]["original"]["mel_db"]["value"] == 0.0
    assert json.loads((page / "evaluation.json").read_text()) == found
    assert 0.0 < found["systems"]["cached"]["mel_db"]["value"] < 60.0
    assert found["moves"]["step_by_ear"]["n"] == 1
    assert MOVES["step_by_ear"] in (page / "index.html").read_text()


def test_spaces_of_one_name_have_pages_of_their_own(tmp_path: Path):
    paths = [Path("a", "mine.safetensors"), Path("b", "mine.safetensors"), None]
    request = Request(spaces=paths, folder=tmp_path)
    folders = [request.folder_of(index) for index in range(3)]
    assert folders == [tmp_path / name for name in ("mine", "mine-2", "factory")]


def test_a_folder_that_is_no_corpus_is_refused(tmp_path: Path):
    typed = ["space", "evaluate", "--corpus", str(tmp_path)]
    with pytest.raises(CorpusError, match="holds no notes to train on"):
        CliRunner().invoke(app, typed, catch_exceptions=False)


def test_a_place_that_is_no_folder_is_refused_before_anything_is_measured(tmp_path: Path):
    (tmp_path / "page").write_text("precious")
    typed = ["space", "evaluate", "--corpus", str(tmp_path), "-o", str(tmp_path / "page")]
    with pytest.raises(ProgramError, match="no page can be written to .*; choose another folder"):
        CliRunner().invoke(app, typed, catch_exceptions=False)
    assert (tmp_path / "page").read_text() == "precious"
