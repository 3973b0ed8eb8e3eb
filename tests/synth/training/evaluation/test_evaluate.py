"""The whole evaluation on a toy corpus, and its page."""

import json
import re
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import soundfile

import synth
from synth.decoder import decode
from synth.space import Space
from synth.training.corpus import CorpusError, read_corpus
from synth.training.evaluation.card import card_figures
from synth.training.evaluation.evaluate import Corpus, Heard, Others, evaluate
from synth.training.evaluation.figures import Evaluation
from synth.training.evaluation.goals import reached
from synth.training.evaluation.page import write_page
from synth.training.evaluation.seeds import spreads
from synth.training.evaluation.summary import summary_table
from tests.synth.training.toy_corpus import write_toy_corpus

SPACE = Space.load(Path(synth.__file__).parent / "spaces" / "fluid.safetensors")
SYSTEMS = [
    "original", "analysis", "teacher", "teacher_new_pitch", "space", "space_new_pitch", "cached",
    "sample_playback", "control_blend", "mean_instrument",
]  # fmt: skip


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    folder = tmp_path_factory.mktemp("toy")
    notes = read_corpus(write_toy_corpus(folder / "corpus"))
    return Corpus(name="toy", notes=notes, cache=folder / "analysis", store=folder / "scores")


@pytest.fixture(scope="module")
def heard(corpus: Corpus) -> Heard:
    others = Others(teacher=SPACE, cached=partial(decode, SPACE), cached_tag="same")
    return evaluate(SPACE, corpus, others=others, n_jobs=1)


def value(evaluation: Evaluation, system: str, measure: str = "mel_db") -> float:
    return evaluation.systems[system][measure].value


def test_every_system_is_measured_on_every_held_out_note(heard: Heard):
    assert list(heard.evaluation.systems) == SYSTEMS
    assert (heard.evaluation.n_known, heard.evaluation.n_unseen) == (2, 1)
    assert {figures["mel_db"].n for figures in heard.evaluation.systems.values()} == {2}
    assert {figures["unseen_mel_db"].n for figures in heard.evaluation.systems.values()} == {1}


def test_a_recording_is_no_distance_from_itself_and_resynthesis_is_nearest_to_it(heard: Heard):
    away = {name: value(heard.evaluation, name) for name in SYSTEMS}
    assert away.pop("original") == 0.0
    assert away["analysis"] == pytest.approx(min(away.values()), abs=0.05)
    assert max(away, key=lambda name: away[name]) == "mean_instrument"


def test_the_same_decoder_under_another_name_measures_the_same(heard: Heard):
    found = heard.evaluation
    assert value(found, "cached") == value(found, "teacher") == value(found, "space")
    assert found.differences["space - teacher"][:3] == (0.0, 0.0, 0.0)


def test_everything_is_in_tune(heard: Heard):
    for system in SYSTEMS:
        assert value(heard.evaluation, system, "pitch_cents") < 6.0
        assert value(heard.evaluation, system, "in_tune") == 1.0


def test_what_is_measured_is_not_measured_again(heard: Heard, corpus: Corpus):
    kept = {path: path.stat().st_mtime_ns for path in corpus.store.iterdir()}
    again = evaluate(SPACE, corpus, n_jobs=1).evaluation
    assert {path: path.stat().st_mtime_ns for path in corpus.store.iterdir()} == kept
    assert again.systems["space"] == heard.evaluation.systems["space"]


def test_another_decoder_is_measured_anew(heard: Heard, corpus: Corpus):
    arrays = [weight.copy() for weight in SPACE.weights]
    other = Space.load(Path(synth.__file__).parent / "spaces" / "fluid.safetensors")
    other.weights = [*arrays[:-1], 0.9 * arrays[-1]]
    measured = evaluate(other, corpus, n_jobs=1).evaluation
    assert value(measured, "space") != value(heard.evaluation, "space")
    assert measured.systems["analysis"] == heard.evaluation.systems["analysis"]
    spread = spreads([measured, heard.evaluation])
    assert spread["analysis"]["mel_db"].deviation == 0.0
    assert spread["space"]["mel_db"].deviation > 0.0


def test_a_corpus_without_held_out_notes_is_refused(corpus: Corpus):
    learned = [note for note in corpus.notes if note.split == "train"]
    with pytest.raises(CorpusError, match="toy holds no notes to judge by; it needs some in valid"):
        evaluate(SPACE, replace(corpus, notes=learned), n_jobs=1)


def test_goals_are_set_beside_what_was_measured(heard: Heard):
    found = {goal.words: figure.value for goal, figure in reached(heard.evaluation)}
    assert found["space, at a new pitch"] == value(heard.evaluation, "space_new_pitch")
    assert found["space less teacher"] == 0.0


def test_a_card_keeps_values_intervals_and_counts(heard: Heard):
    kept = card_figures(heard.evaluation)
    assert kept["space"]["mel_db"] == pytest.approx(value(heard.evaluation, "space"), abs=1e-3)
    assert kept["space"]["mel_db_low"] <= kept["space"]["mel_db"] <= kept["space"]["mel_db_high"]
    assert kept["space"]["mel_db_n"] == 2
    assert summary_table(kept).row_count == 12


@pytest.mark.slow
def test_the_page_is_a_folder_that_needs_nothing_else(heard: Heard, corpus: Corpus, tmp_path: Path):
    page = write_page(heard, corpus.cache, tmp_path / "out")
    text = page.read_text()
    assert "$" not in text
    assert not re.search(r"(src|href)=.https?:", text)
    for link in re.findall(r'(?:src|href|data-sound)="([^"]+)"', text):
        assert (page.parent / link).stat().st_size > 500, link
    sounds = sorted((page.parent / "audio").glob("*.flac"))
    assert len(sounds) == 3 * len(SYSTEMS)
    assert all(np.abs(soundfile.read(path)[0]).max() > 0.05 for path in sounds)
    figures = json.loads((page.parent / "evaluation.json").read_text())
    assert figures["systems"]["space"]["mel_db"]["n"] == 2
