"""The listener that judges families and instruments."""

from pathlib import Path

import numpy as np
import pytest

from synth.analysis.distance import mel_db
from synth.training.corpus import read_corpus
from synth.training.evaluation.ear import Judge, portrait, train_ear
from tests.synth.training.toy_corpus import INSTRUMENTS, note_audio, write_toy_corpus


def portraits(labels: list[str], seed: int):
    """Spectra with a hump at a place of its own for each label."""
    random = np.random.default_rng(seed)
    places = {name: 10 + 12 * i for i, name in enumerate(sorted(set(labels)))}
    humps = [np.exp(-(((np.arange(80) - places[label]) / 8) ** 2)) for label in labels]
    return np.stack([hump + 0.3 * random.standard_normal((9, 80)) for hump in humps])


@pytest.mark.parametrize("names", ["a", "ab", "abcde"])
def test_a_judge_tells_what_it_has_learned(names: str):
    labels = list(names) * 30
    judge = Judge(portraits(labels, 0), labels)
    said = judge.judge(portraits(labels, 1))
    assert np.mean([one == label for one, label in zip(said, labels, strict=True)]) > 0.95


def test_a_judge_of_shuffled_labels_guesses():
    labels = list("abcd") * 50
    shuffled = list(np.random.default_rng(0).permutation(labels))
    said = Judge(portraits(labels, 0), shuffled).judge(portraits(labels, 1))
    assert np.mean([one == label for one, label in zip(said, labels, strict=True)]) < 0.5


def test_a_portrait_does_not_hear_loudness_or_what_is_quiet():
    sound = note_audio((1, 2, 3), 60, 100)
    hiss = 1e-6 * np.random.default_rng(0).standard_normal(len(sound))
    same = portrait(mel_db(sound)).astype(float)
    assert portrait(mel_db(0.1 * sound)).astype(float) == pytest.approx(same, abs=0.01)
    assert portrait(mel_db(sound + hiss)).astype(float) == pytest.approx(same, abs=0.01)


def test_portraits_of_short_and_long_notes_have_one_size():
    shapes = {portrait(mel_db(note_audio((1,), 60, 100, s))).shape for s in (0.05, 1.0, 6.0)}
    assert shapes == {(9, 80)}


def test_an_ear_learns_once_and_remembers(tmp_path: Path):
    notes = read_corpus(write_toy_corpus(tmp_path / "corpus"))
    counts = []
    first = train_ear(notes, tmp_path, n_jobs=1, progress=lambda done, _: counts.append(done))
    again = train_ear(notes, tmp_path, n_jobs=1, progress=lambda done, _: counts.append(done))
    assert counts[-1] == len(notes) == len(counts)
    asked = np.random.default_rng(0).random((50, 9, 80))
    assert first.instrument.judge(asked) == again.instrument.judge(asked)
    assert set(first.instrument.judge(asked)) <= {f"{name}_synthetic_000" for name in INSTRUMENTS}
